"""Files that are dropped or pasted: to the view that is open, by one rule, and with words where they are refused."""

import base64
import io
import json

import pytest
from browsing import show
from contacts import PADS, frames, inked, show_pad
from hand import Hand, boxed
from test_teach import taught

from building.paths import ROOT
from inkling import nn
from inkling.training.lab import build

CASES = ROOT / "tests/cases"
INK = b'{"strokes": [[[500, 200], [500, 800]], [[200, 500], [800, 500]]]}'
TOO_MUCH = json.dumps([[[i % 2 * 500, i * 0.1] for i in range(3000)]]).encode()


@pytest.fixture(autouse=True)
def empty(page):
    yield
    page.evaluate("() => document.querySelector('dialog[open]')?.close()")
    show(page, "read")
    page.keyboard.press("Escape")


def hand_over(page, name, content, way="drop", kind="", others=()):
    """Drop a file on what is in the middle of the window, or paste it; `others` come with it, empty."""
    page.evaluate(
        """([name, content, way, type, others]) => {
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        for (const other of others) transfer.items.add(new File([], other));
        const event = way === "drop"
          ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
          : new ClipboardEvent("paste", { bubbles: true, cancelable: true });
        // Firefox leaves files out of the clipboard that a script gives it.
        if (way === "paste") Object.defineProperty(event, "clipboardData", { value: transfer });
        document.elementFromPoint(innerWidth / 2, innerHeight / 2).dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error("the browser would open the file itself");
    }""",
        [name, base64.b64encode(content).decode(), way, kind, others],
    )


def drawing(page):
    return page.get_attribute("#pad", "aria-label")


@pytest.mark.parametrize("view", PADS)
@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_drawing_goes_to_the_pad_that_is_seen(page, view, way):
    pad = show_pad(page, view)
    before = drawing(page)
    hand_over(page, "ink.json", INK, way)
    page.wait_for_function(
        "(pad) => { const p = document.getElementById(pad); return p.getContext('2d').getImageData(0, 0, p.width, p.height).data.some((v, i) => i % 4 === 3 && v); }",
        arg=pad,
    )
    assert inked(page, pad, 0.4, 0.1, 0.6, 0.3) and inked(page, pad, 0.1, 0.4, 0.3, 0.6)
    if view == "learn/collect":
        assert drawing(page) == before, "Read's drawing, which is not seen, stays"
    else:
        assert drawing(page) == "Drawing area, 2 strokes"


@pytest.mark.parametrize("way", ["drop", "paste"])
@pytest.mark.parametrize("view", [*PADS, "write", "learn/hand"])
def test_of_several_files_one_is_taken_and_that_is_said(page, view, way):
    if view in PADS:
        show_pad(page, view)
    show(page, view)
    page.evaluate("""() => {
        window.heard = [];
        const announcer = document.getElementById("announcer");
        new MutationObserver(() => heard.push(announcer.textContent)).observe(announcer, { childList: true });
    }""")
    name, content = ("hand.jsonl", b"") if view == "learn/hand" else ("ink.json", INK)
    hand_over(page, name, content, way, others=["two.json", "three.png"])
    words = f"Of 3 files only {name} was taken: one at a time. Drop the others after it."
    note = page.locator(".note")
    assert note.text_content() == words
    page.wait_for_function("(words) => heard.includes(words)", arg=words)
    assert (
        note.is_visible() and note.bounding_box()["y"] + note.bounding_box()["height"] <= page.viewport_size["height"] + 0.5
    )
    hand_over(page, name, content, way)
    assert note.count() == 0, "one file alone needs no words"
    hand_over(page, name, content, way, others=["two.json"])
    page.keyboard.press("Shift")
    assert note.count() == 0, "read, and out of the way"
    page.evaluate("document.getElementById('help').showModal()")
    hand_over(page, name, INK, way, others=["two.json"])
    assert (
        page.text_content("#help .refused") == "Of 2 files none was opened: close this first, then drop or paste one again."
    )
    Hand(page).wait()


@pytest.mark.parametrize("view", PADS)
def test_a_picture_goes_to_the_pad_that_is_seen(page, view):
    pad = show_pad(page, view)
    before = drawing(page)
    hand_over(page, "box.png", boxed(page, [20, 15, 45, 40], 5), kind="image/png")
    page.wait_for_function(
        "(pad) => { const p = document.getElementById(pad); return p.getContext('2d').getImageData(0, 0, p.width, p.height).data.some((v, i) => i % 4 === 3 && v); }",
        arg=pad,
    )
    if view == "learn/collect":
        assert drawing(page) == before
        page.click("#collect-next")
        show(page, "learn/hand")
        assert sum(count for _, count in taught(page)) == 1
        page.click("#hand-export")
        assert json.loads(Hand(page).saved()[1])["style"] == "traced"
        page.locator("#hand-shelf .remove").click()
    Hand(page).wait()


def test_a_network_dropped_in_the_lab_is_opened_there(page):
    show(page, "learn/lab")
    page.wait_for_selector("#learn[data-state=ready]")
    before = drawing(page)
    network = io.BytesIO()
    nn.save(network, build(10, (4,)), "0123456789")
    hand_over(page, "mine.npz", network.getvalue())
    page.wait_for_function("() => document.getElementById('lab-said').textContent.startsWith('mine.npz is open')")
    page.wait_for_function("() => document.getElementById('lab').dataset.accuracy !== ''")
    assert page.text_content("#lab-step-count") == "0", "opening measures and does not train"
    assert drawing(page) == before


def test_what_belongs_elsewhere_is_said(page):
    page.evaluate("location.hash = 'read'")
    Hand(page).draw([[(0.5, 0.2), (0.5, 0.8)]])
    before = drawing(page)
    caption = "(words) => document.getElementById('caption').textContent.includes(words)"
    for name, content, words in (
        ("mine.npz", b"PK", "mine.npz is a network: open it in Learn"),
        ("hand.jsonl", b"{}", "hand.jsonl holds drawings to learn from"),
        ("cat.txt", b"meow", "cat.txt is not a picture"),
        ("bad.json", b"[[[1, 2, 3]]]", "bad.json holds no ink: stroke 0 holds [1,2,3]"),
        ("much.json", TOO_MUCH, "times as long as it is wide or high"),
    ):
        hand_over(page, name, content)
        page.wait_for_function(caption, arg=words)
    assert drawing(page) == before


@pytest.mark.parametrize("name", ["R.json", "R-bom.json", "R-array.json"])
def test_ink_is_read_by_one_rule(page, name):
    page.evaluate("location.hash = 'read'")
    page.set_input_files("#file", CASES / name)
    page.wait_for_function("() => document.getElementById('answer').textContent === 'R'")


def test_points_without_a_place_are_left_out_and_that_is_said(page):
    page.evaluate("location.hash = 'read'")
    page.set_input_files(
        "#file",
        {
            "name": "holes.json",
            "mimeType": "application/json",
            "buffer": INK.replace(b"[500, 800]", b"[null, null], [500, 800]"),
        },
    )
    hand = Hand(page)
    page.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    hand.wait()
    assert page.text_content("#caption") == "holes.json is open. 1 point of it had no place and is left out."
    assert [len(stroke) for stroke in hand.sent()] == [2, 2]


def test_what_is_saved_can_be_opened(page):
    page.evaluate("location.hash = 'read'")
    hand = Hand(page)
    hand.draw([[(0.5, 0.2), (0.5, 0.8)]])
    sent = hand.sent()
    page.click("#save-ink")
    name, content = hand.saved()
    hand.clear()
    page.set_input_files("#file", {"name": name, "mimeType": "application/json", "buffer": content})
    page.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    hand.wait()
    assert all(abs(a - b).max() < 0.06 for a, b in zip(hand.sent(), sent, strict=True))


@pytest.mark.parametrize("way", ["drop", "paste"])
@pytest.mark.parametrize("dialog", ["help", "forget"])
def test_under_an_open_dialog_a_file_is_refused_in_words(page, dialog, way):
    page.evaluate("location.hash = 'read'")
    frames(page)
    before = drawing(page)
    page.evaluate("(id) => document.getElementById(id).showModal()", dialog)
    hand_over(page, "ink.json", INK, way)
    words = page.locator(f"#{dialog} [role=status].refused")
    assert words.is_visible() and words.text_content().startswith("ink.json was not opened: close this first")
    page.evaluate("(id) => document.getElementById(id).close()", dialog)
    frames(page)
    assert words.count() == 0 and drawing(page) == before
