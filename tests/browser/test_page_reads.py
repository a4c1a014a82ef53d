"""The page reads what is drawn on it, and reads it as the package does."""

import json

import numpy as np
import pytest
from hand import boxed, fitted, plain, samples

from inkling import Lines, Recognizer
from inkling.labels import CAPITALS, DIGITS, LOWER

SAMPLES = samples()
RING = [0.5 + 0.3 * np.array([np.sin(turn), -np.cos(turn)]) for turn in np.linspace(0, 2 * np.pi, 40)]
LINES = [760, 600]
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]


@pytest.fixture(scope="module")
def package():
    return Recognizer.load()


def assert_alike(shown, expected):
    """The page's five candidates are the best of all that the package reads.

    Those that are as likely as each other but for rounding may change places: numpy multiplies in another order in a browser.
    """
    expected = {candidate.label: candidate.probability for candidate in expected}
    best = sorted(expected.values(), reverse=True)[:5]
    assert [p for _, p in shown] == pytest.approx(best, abs=1e-3) == [expected[name] for name, _ in shown]


@pytest.fixture(autouse=True)
def empty_page(hand):
    hand.clear()
    hand.page.check("input[value=any]", force=True)


def test_reads_all_62_as_the_package_does(hand, package):
    right = []
    for label, strokes in SAMPLES:
        hand.clear()
        drawn = [plain(stroke) for stroke in fitted(strokes)]
        hand.draw(drawn)
        sent = hand.sent()
        assert len(sent) == len(drawn)
        for stroke, wanted in zip(sent, drawn):
            # Browsers round pointer positions to pixels: the pad is 560 wide.
            reach = np.abs(stroke[:, None] - 1000 * wanted[None]).max(axis=2).min(axis=0)
            assert reach.max() < 4, f"{label}: the page missed points of the pen by {reach.max():.1f} thousandths of the pad"
        shown = hand.candidates()
        assert_alike(shown, package.read(sent, lines=Lines(*hand.last_read()[-1]), top=62))
        assert hand.answer() == shown[0][0]
        right.append(hand.answer() == label)
    assert sum(right) >= 45, f"{sum(right)} of 62 right"


def test_follows_the_pen(hand):
    before = hand.reads()
    hand.stroke(RING, lift=False)
    hand.wait()
    assert hand.answer(), "nothing was read while the pen was down"
    assert hand.reads() > before
    hand.mouse.up()


def test_blank_pad_has_no_answer(hand):
    page = hand.page
    assert hand.answer() == "" and hand.candidates() == [] and hand.inked() == 0
    assert page.is_visible("#invitation")
    assert page.get_attribute("#clear", "aria-disabled") == "true"
    assert page.get_attribute("#save-ink", "aria-disabled") == "true"


@pytest.mark.parametrize("choice, labels", [("digits", DIGITS), ("capitals", CAPITALS), ("lower", LOWER)])
def test_allowed_set(hand, package, choice, labels):
    hand.draw([RING])
    hand.page.check(f"input[value={choice}]", force=True)
    hand.wait()
    shown = hand.candidates()
    assert_alike(shown, package.read(hand.sent(), allowed=labels, lines=Lines(*LINES), top=62))
    assert {name for name, _ in shown} <= set(labels)


def test_allowed_is_a_radio_group_for_the_arrow_keys(hand):
    page = hand.page
    page.focus("input[value=any]")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("input[value=digits]")
    assert page.get_by_role("group", name="What may be read").get_by_role("radio").count() == 4


def test_lines_tell_case(hand, package):
    """A c between x-height and base line is read as one; a C from cap height is too; without lines, shape decides."""
    page = hand.page
    strokes = dict(SAMPLES)["c"]
    for top in (0.4, 0.16):
        hand.clear()
        fit = np.concatenate(fitted(strokes, 1))
        scale = (0.76 - top) / np.ptp(fit[:, 1])
        hand.draw([plain(0.5 + (stroke - [0.5, fit[:, 1].max()]) * scale + [0, 0.26]) for stroke in fitted(strokes, 1)])
        assert hand.last_read()[-1] == LINES
        assert_alike(hand.candidates(), package.read(hand.sent(), lines=Lines(*LINES), top=62))
    page.uncheck("#guides-shown")
    hand.wait()
    assert page.is_hidden("#guides") and hand.last_read()[-1] == []
    page.check("#guides-shown")
    assert page.is_visible("#guides")


@pytest.mark.parametrize("off", [0, 10, 22, 40])
@pytest.mark.parametrize("label, top", [("C", 0.16), ("c", 0.4)])
def test_ink_near_the_lines_is_told_by_them_and_they_are_marked(hand, label, top, off):
    """So many pixels of the screen above them or below; the caption says what decided."""
    page = hand.page
    strokes = fitted(dict(SAMPLES)["c"], 1)
    low = np.concatenate(strokes)[:, 1].max()
    for way in (1, -1):
        hand.clear()
        assert page.locator("#guides .counted").count() == 0
        scale, shift = (0.76 - top) / np.ptp(np.concatenate(strokes)[:, 1]), way * off / 560
        hand.draw([plain(0.5 + (stroke - [0.5, low]) * scale + [0, 0.26 + shift]) for stroke in strokes])
        reading = package_reading(hand)
        assert hand.answer() == label == reading.candidates[0].label and reading.decided_by == "lines"
        counted = page.locator("#guides .counted").evaluate_all(
            "(all) => all.map((each) => Number(/M0 (.*)H/.exec(each.getAttribute('d'))[1]))"
        )
        assert counted == [1000 * top, 760]
        words = page.inner_text("#caption")
        if reading.look_alikes:
            assert words == f"{label} by the guide lines, perhaps {label.swapcase()}"
        else:
            assert words == f"{'capital C' if label == 'C' else 'lower-case c'}, by the guide lines"
    page.uncheck("#guides-shown")
    hand.wait()
    assert page.locator("#guides .counted").count() == 0 and "lines" not in page.inner_text("#caption")
    page.check("#guides-shown")


def package_reading(hand):
    return Recognizer.load().examine(hand.sent(), lines=Lines(*LINES))


def test_probabilities_are_shown(hand):
    hand.draw([RING])
    rows = hand.page.locator("#candidates li")
    assert rows.count() == 5
    shares = [probability for _, probability in hand.candidates()]
    assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1 + 1e-6
    page = hand.page
    page.wait_for_function("() => document.getAnimations().every((animation) => animation.playState === 'finished')")
    for row, share in zip(rows.all(), shares):
        length = row.locator(".bar").evaluate("""(bar) => {
            const fill = getComputedStyle(bar, "::before");
            return (parseFloat(fill.width) + new DOMMatrix(fill.transform).e) / bar.clientWidth;
        }""")
        assert abs(length - share) < 0.01, "the bar is as long as the percentage says"
        written = row.locator(".percent").text_content()
        assert "%" in written and (written[0] in "<>" or abs(float(written[:-1]) / 100 - share) <= 0.005)


def test_a_dot_is_ink(hand):
    hand.page.mouse.click(*hand.at((0.5, 0.5)))
    hand.wait()
    assert hand.answer() and hand.inked() > 0


def test_answer_is_announced_when_the_pen_rests(hand):
    page = hand.page
    hand.stroke(RING, lift=False)
    hand.wait()
    page.evaluate("""() => {
        window.heard = [];
        new MutationObserver(() => heard.push(document.getElementById("announcer").textContent))
            .observe(document.getElementById("announcer"), { childList: true, characterData: true, subtree: true });
    }""")
    hand.stroke(RING[::-1], lift=False)
    hand.wait()
    assert page.evaluate("heard") == [], "announced while the pen moved"
    hand.mouse.up()
    heard = page.wait_for_function("() => heard.length > 0 && heard").json_value()
    assert len(heard) == 1 and "%" in heard[0]
    assert page.get_attribute("#announcer", "aria-live") == "polite"


def test_twins_are_named_when_they_matter(hand, package):
    """A ring is an O, a 0 or an o; which of them are worth naming, the probabilities say."""
    page = hand.page
    hand.draw([RING])
    for lines in ([], LINES):
        page.set_checked("#guides-shown", bool(lines))
        hand.wait()
        reading = package.examine(hand.sent(), lines=Lines(*lines) if lines else None)
        best, *others = reading.candidates
        twins = [candidate.label for candidate in others if candidate.label in "0Oo" and candidate.probability >= 0.1]
        assert best.label in "0Oo" and twins, "this ring has no twins to test with"
        by_shape = f"{best.label}, or {' or '.join(twins)}: shape alone cannot tell"
        by_lines = f"{best.label} by the guide lines, perhaps {' or '.join(twins)}"
        assert page.inner_text("#caption") == {"shape": by_shape, "lines": by_lines}[reading.decided_by]
    page.check("input[value=digits]", force=True)
    hand.wait()
    assert page.inner_text("#caption") == "digit 0", "of digits only one is a ring"


def test_scribbles_are_not_believed(hand):
    page = hand.page
    turns = np.linspace(0, 1, 60)
    hand.draw([np.stack([0.5 + 0.35 * np.sin(41 * turns), 0.5 + 0.35 * np.cos(29 * turns)], 1)])
    assert page.get_attribute("#verdict", "data-mood") == "unsure" and "Not sure" in page.inner_text("#caption")


def test_a_picture_is_read(hand, package):
    page = hand.page
    hand.draw([RING])
    picture = boxed(page, [30, 10, 2, 50], 6)
    page.set_input_files("#file", {"name": "I.png", "mimeType": "image/png", "buffer": picture})
    page.wait_for_function("() => talk.calls.at(-1).name === 'reading.read_image'")
    hand.wait()
    pixels, height, width, _ = page.evaluate("talk.calls.at(-1).args")
    assert (height, width) == (70, 90)
    assert_alike(hand.candidates(), package.read_image(np.array(pixels, np.uint8).reshape(height, width, 4), top=62))
    page.keyboard.press("Control+z")
    hand.wait()
    assert len(hand.sent()) == 1, "undo brings the ink back"


def test_a_saved_picture_is_read_like_the_ink(hand):
    page = hand.page
    hand.draw([RING])
    answer = hand.answer()
    page.click("#save-picture")
    name, content = hand.saved()
    assert name == "ink.png" and content.startswith(b"\x89PNG")
    page.set_input_files("#file", {"name": name, "mimeType": "image/png", "buffer": content})
    page.wait_for_function("() => talk.calls.at(-1).name === 'reading.read_image'")
    hand.wait()
    assert hand.answer().upper() in {answer.upper(), "0", "O"}


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(hand, way):
    page = hand.page
    page.evaluate(
        """async (way) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
        const context = canvas.getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, 60, 60);
        context.lineWidth = 5;
        context.strokeRect(28, 8, 2, 44);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve));
        const data = new DataTransfer();
        data.items.add(new File([blob], "l.png", { type: "image/png" }));
        // Browsers differ in what a script may put on a clipboard, so here it is only called one.
        const event = new Event(way, { bubbles: true, cancelable: true });
        document.body.dispatchEvent(Object.assign(event, { dataTransfer: data, clipboardData: data }));
    }""",
        way,
    )
    page.wait_for_selector("#candidates li")
    hand.wait()
    assert hand.answer() and page.get_attribute("#pad", "aria-label") == "Drawing area, with a picture"


def test_ink_is_saved_and_opened_again(hand):
    page = hand.page
    hand.draw([RING, BAR])
    ink, answers = hand.sent(), hand.candidates()
    page.click("#save-ink")
    name, content = hand.saved()
    assert name == "ink.json" and len(json.loads(content)["strokes"]) == 2
    hand.clear()
    page.set_input_files("#file", {"name": name, "mimeType": "application/json", "buffer": content})
    page.wait_for_selector("#candidates li")
    hand.wait()
    again = hand.sent()
    assert [len(stroke) for stroke in again] == [len(stroke) for stroke in ink]
    assert np.abs(np.concatenate(again) - np.concatenate(ink)).max() <= 0.051
    assert hand.candidates()[0][0] == answers[0][0]


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("notes.txt", b"hello", "not a picture"),
        ("ink.json", b"{", "not JSON"),
        ("ink.json", b'{"strokes": [[[1, null]]]}', "holds no ink"),
        ("ink.json", b'{"strokes": []}', "holds no ink"),
    ],
)
def test_what_cannot_be_opened_is_said_and_loses_nothing(hand, name, content, words):
    page = hand.page
    hand.draw([RING])
    ink, answers = hand.inked(), hand.candidates()
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.wait_for_function("words => document.getElementById('caption').textContent.includes(words)", arg=words)
    assert hand.inked() == ink and page.get_attribute("#clear", "aria-disabled") == "false"
    assert hand.answer() and hand.candidates() == answers


def test_errors_of_python_are_told_in_one_line(hand):
    """A call that Python refuses: the page says so, and reads the next ink."""
    page = hand.page
    page.evaluate("""() => {
        const worker = talk.workers.at(-1);
        const post = worker.postMessage;
        worker.postMessage = (message, transfer) => {
          delete worker.postMessage;
          message.args[0].fill(NaN);
          post.call(worker, message, transfer);
        };
    }""")
    hand.stroke(BAR[:1], lift=False)
    page.wait_for_function("() => document.getElementById('caption').textContent.startsWith('This could not be read')")
    assert "not finite" in page.text_content("#caption") and hand.answer() == ""
    hand.mouse.up()
    hand.draw([BAR])
    assert hand.answer()
