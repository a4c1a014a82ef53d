"""Steps that can be taken back, and what outlives a reload: nothing that was drawn or taught is lost by one key."""

import pytest
from browsing import show, wait_until
from contacts import PADS, frames, inked, ready, show_pad
from hand import Hand
from test_teach import draw, taught, teach

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
BEAM = [(0.2 + 0.6 * step / 10, 0.5) for step in range(11)]


def state(page):
    return page.get_attribute("#correct", "data-state")


def test_teaching_is_a_step_of_undo(fresh):
    page = fresh
    Hand(page).draw([BAR, BEAM])
    page.locator("#pad").focus()
    page.keyboard.press("e")
    page.wait_for_selector("#correct[data-state=taught]")
    page.keyboard.press("Control+z")
    assert state(page) == "asking" and taught(page) == [], "the sample goes, not the stroke"
    assert page.get_attribute("#pad", "aria-label") == "Drawing area, 2 strokes"
    page.keyboard.press("Control+Shift+z")
    assert state(page) == "taught" and taught(page) == [["e", 1]]
    page.keyboard.press("t")
    assert taught(page) == [["t", 1]]
    page.click("#undo")
    assert taught(page) == [["e", 1]] and "Learned as e" in page.text_content("#correct")
    page.click("#redo")
    page.keyboard.press("Escape")
    assert state(page) == "empty"
    page.click("#undo")
    assert state(page) == "taught", "the drawing is back, and with it that it was taught"
    page.get_by_role("button", name="Take back").click()
    assert state(page) == "asking" and taught(page) == []
    page.click("#undo")
    page.click("#undo")
    assert state(page) == "empty" and page.get_attribute("#pad", "aria-label") == "Drawing area, empty"
    Hand(page).wait()
    learned = page.evaluate("talk.calls.filter(({ name }) => name.startsWith('teaching.')).map(({ name }) => name.slice(9))")
    assert learned.count("forget") == 2 and learned.index("teach") == 0, "Python was told"


def test_what_was_deleted_is_not_brought_back_by_an_undo_elsewhere(fresh):
    page = fresh
    teach(page, "a", "a")
    page.keyboard.press("b")
    show(page, "learn/hand")
    page.locator("#hand-shelf .remove").click()
    show(page, "read")
    page.click("#undo")
    assert taught(page) == []


@pytest.mark.parametrize("view", PADS)
def test_every_pad_has_undo_redo_and_clear_for_fingers(fresh, view):
    page = fresh
    ready(page, view)
    pad = show_pad(page, view)
    ids = {"read": "", "inside": "inside-", "learn/lab": "lab-", "learn/collect": "collect-"}[view]
    redo = "collect-redo-stroke" if view == "learn/collect" else f"{ids}redo"
    box = page.locator(f"#{pad}").bounding_box()
    for points in (BAR, BEAM):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        page.mouse.move(*places[0])
        page.mouse.down()
        page.mouse.move(*places[-1])
        page.mouse.up()
    upright, flat = (0.45, 0.1, 0.55, 0.4), (0.1, 0.45, 0.4, 0.55)
    assert inked(page, pad, *upright) and inked(page, pad, *flat)
    assert page.get_attribute(f"#{redo}", "aria-disabled") == "true"
    page.click(f"#{ids}undo")
    assert inked(page, pad, *upright) and not inked(page, pad, *flat)
    page.click(f"#{redo}")
    assert inked(page, pad, *upright) and inked(page, pad, *flat)
    page.click(f"#{ids}clear")
    assert not inked(page, pad)
    page.click(f"#{ids}undo")
    assert inked(page, pad, *upright) and inked(page, pad, *flat)


def test_the_drawing_outlives_a_reload_and_not_the_tab(fresh):
    page = fresh
    hand = Hand(page)
    hand.draw([BAR, BEAM])
    sent, answer, ink = hand.last_read(), hand.answer(), hand.inked()
    page.reload()
    wait_until(page, "ready")
    page.wait_for_function("(answer) => document.getElementById('answer').textContent === answer", arg=answer)
    hand.wait()
    assert hand.last_read() == sent and hand.inked() == ink
    hand.clear()
    page.reload()
    wait_until(page, "ready")
    frames(page)
    assert page.get_attribute("#pad", "aria-label") == "Drawing area, empty"
    hand.draw([BAR])
    other = page.context.new_page()
    other.goto(page.url)
    wait_until(other, "ready")
    assert other.get_attribute("#pad", "aria-label") == "Drawing area, empty"


@pytest.mark.parametrize("keeps", [False, True], ids=["in this tab only", "kept on this device"])
def test_a_round_of_collect_outlives_a_reload_with_its_drawings(fresh, keeps):
    page = fresh
    page.on("dialog", lambda dialog: dialog.accept())
    if keeps:
        show(page, "learn/hand")
        page.check("#hand-keep")
    show(page, "learn/collect")
    page.select_option("#collect-choice [name=set]", "own")
    page.fill("#collect-choice [name=own]", "xyz")
    page.fill("#collect-choice [name=times]", "2")
    page.click("#collect-choice button")
    for label in "x", "t":
        draw(page, label, "#collect-pad")
        page.click("#collect-next")
    page.click("#collect-skip")
    draw(page, "R", "#collect-pad")
    asked, pad = page.text_content("#collect-label"), pixels(page, "#collect-pad")
    before = taught(page)
    assert page.text_content("#collect-place") == "3 of 6" and sum(count for _, count in before) == 2
    page.reload()
    wait_until(page, "ready")
    page.wait_for_function("() => document.getElementById('collect-said').textContent")
    assert page.text_content("#collect-said") == "The round goes on where the page was left: 2 drawings of it are here."
    assert page.text_content("#collect-place") == "3 of 6" and page.text_content("#collect-label") == asked
    assert page.is_visible("#collect-pad") and pixels(page, "#collect-pad") == pytest.approx(pad, rel=0.01) and pad > 100
    assert sorted(taught(page)) == sorted(before)
    page.click("#collect-next")
    for _ in range(2):
        page.click("#collect-redo")
    assert page.text_content("#collect-place") == "2 of 6", "Back goes through what was drawn before the reload"
    page.click("#collect-redo")
    assert sum(count for _, count in taught(page)) == 1
    page.click("#collect-stop")
    page.reload()
    wait_until(page, "ready")
    assert page.is_visible("#collect-choice") and page.is_hidden("#collect-desk"), "a round that was finished is over"


def pixels(page, pad):
    """How many hold ink."""
    frames(page)
    return page.eval_on_selector(
        pad,
        "(p) => p.getContext('2d').getImageData(0, 0, p.width, p.height).data.filter((v, i) => i % 4 === 3 && v > 127).length",
    )


def test_pressure_and_pictures_outlive_a_reload(fresh):
    page = fresh
    page.evaluate("""() => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 90, height: 70 });
        const context = canvas.getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, 90, 70);
        context.lineWidth = 5;
        context.strokeRect(20, 15, 45, 40);
        canvas.toBlob((blob) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([blob], "box.png", { type: "image/png" }));
          const event = new ClipboardEvent("paste", { cancelable: true });
          Object.defineProperty(event, "clipboardData", { value: transfer }); // Firefox leaves files out of one that it is given
          dispatchEvent(event);
        });
    }""")
    page.wait_for_function("() => document.getElementById('pad').getAttribute('aria-label').endsWith('picture')")
    hand = Hand(page)
    hand.wait()
    answer, ink = hand.answer(), hand.inked()
    page.reload()
    wait_until(page, "ready")
    page.wait_for_function("() => document.getElementById('pad').getAttribute('aria-label').endsWith('picture')")
    page.wait_for_function("(answer) => document.getElementById('answer').textContent === answer", arg=answer)
    assert hand.inked() == ink


def test_leaving_asks_while_something_taught_is_nowhere_else(fresh):
    page = fresh
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    wait_until(page, "ready")
    assert asked == []
    teach(page, "a", "a")
    page.reload()
    wait_until(page, "ready")
    assert asked == ["beforeunload"]
    page.keyboard.press("Escape")
    teach(page, "a", "a")
    page.get_by_role("button", name="Keep on this device").click()
    page.wait_for_function("() => document.getElementById('hand-keep').checked")
    page.reload()
    wait_until(page, "ready")
    assert asked == ["beforeunload"]


def copied(page, way):
    """What a copy event takes away; Firefox lets no test read the clipboard."""
    page.evaluate("""() => {
        window.copied = null;
        addEventListener("copy", (event) => { copied = event.clipboardData.getData("text/plain"); }, { once: true });
        navigator.clipboard.writeText = async (text) => { copied = text; };
    }""")
    way()
    page.wait_for_function("() => window.copied !== null")
    return page.evaluate("copied")


def test_the_answer_can_be_copied(fresh):
    page = fresh
    assert page.get_attribute("#copy", "aria-disabled") == "true"
    Hand(page).draw([BAR])
    answer = Hand(page).answer()
    assert answer and copied(page, lambda: page.click("#copy")) == answer
    page.locator("#pad").focus()
    assert copied(page, lambda: page.keyboard.press("Control+c")) == answer
    assert page.text_content("#caption") == f"Copied: {answer}"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.wordmark'))")
    page.evaluate("window.copied = null")
    page.keyboard.press("Control+c")
    frames(page)
    assert page.evaluate("copied") is None, "what is selected is the browser's business"
