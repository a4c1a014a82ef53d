"""The pad: pointers, keys, undo, sizes."""

import numpy as np
import pytest
from browsing import resize, wait_until
from hand import EAR, Hand

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
BEAM = [(0.2 + 0.6 * step / 10, 0.5) for step in range(11)]


@pytest.fixture(autouse=True)
def empty_page(hand):
    hand.clear()
    yield
    hand.mouse.up()


def disabled(hand, button):
    return hand.page.get_attribute(f"#{button}", "aria-disabled") == "true"


def test_undo_takes_back_stroke_by_stroke(hand):
    hand.draw([BAR, BEAM])
    assert len(hand.sent()) == 2
    hand.page.keyboard.press("Control+z")
    hand.wait()
    assert len(hand.sent()) == 1
    hand.page.click("#undo")
    hand.wait()
    assert hand.answer() == "" and hand.inked() == 0


def test_redo(hand):
    hand.draw([BAR, BEAM])
    ink = hand.inked()
    hand.page.keyboard.press("Control+z")
    hand.page.keyboard.press("Control+Shift+z")
    hand.wait()
    assert hand.inked() == ink and len(hand.sent()) == 2
    hand.page.keyboard.press("Control+z")
    hand.draw([BEAM[::-1]])
    hand.page.keyboard.press("Control+y")
    hand.wait()
    assert len(hand.sent()) == 2, "a new stroke ends what can be redone"


@pytest.mark.parametrize("way", ["button", "key"])
def test_clear_and_undo_of_it(hand, way):
    hand.draw([BAR, BEAM])
    ink, answer = hand.inked(), hand.answer()
    hand.page.click("#clear") if way == "button" else hand.page.keyboard.press("Escape")
    hand.wait()
    assert hand.answer() == "" and hand.inked() == 0 and hand.candidates() == [] and disabled(hand, "clear")
    hand.page.click("#undo")
    hand.wait()
    assert hand.answer() == answer and hand.inked() == ink


def test_undo_while_drawing_drops_the_stroke_under_the_pen(hand):
    hand.draw([BAR])
    hand.stroke(BEAM, lift=False)
    hand.page.keyboard.press("Control+z")
    hand.wait()
    hand.mouse.move(*hand.at((0.9, 0.9)))
    hand.mouse.up()
    hand.wait()
    assert len(hand.sent()) == 1


def test_resize_while_drawing(hand):
    page = hand.page
    try:
        hand.stroke(BAR[:6], lift=False)
        page.set_viewport_size({"width": 900, "height": 600})
        page.wait_for_function("(old) => document.getElementById('pad').width !== old", arg=560)
        for point in BAR[6:]:
            hand.mouse.move(*hand.at(point))
        hand.mouse.up()
        hand.wait()
        (stroke,) = hand.sent()
        # The line goes on where the pad is now: still upright, and from 0.2 to 0.8 of its height.
        assert np.abs(stroke[:, 0] - 500).max() < 5
        assert abs(stroke[0, 1] - 200) < 5 and abs(stroke[-1, 1] - 800) < 5
        assert hand.inked() > 0.005, "redrawn after the resize"
        width = page.evaluate("document.getElementById('pad').width")
        box = page.locator("#pad").bounding_box()
        assert abs(width - box["width"]) <= 1
    finally:
        resize(page, 1280, 800)


@pytest.mark.parametrize("kind", ["mouse", "pen"])
def test_painted_bit_by_bit_as_painted_at_once(hand, kind):
    """Each frame paints only what is new; after clearing and undoing, all strokes are painted in one go."""
    page = hand.page
    page.evaluate(
        """async (pointerType) => {
        const pad = document.getElementById("pad");
        const box = pad.getBoundingClientRect();
        const send = (type, i, stroke) => pad.dispatchEvent(new PointerEvent(`pointer${type}`, {
            pointerId: 71, pointerType, bubbles: true, button: type === "move" ? -1 : 0, buttons: type === "up" ? 0 : 1, pressure: 0.1 + 0.9 * Math.abs(Math.sin(i)),
            clientX: box.left + (0.5 + 0.49 * Math.sin(0.6 * i * stroke)) * box.width, clientY: box.top + 0.025 * (i + stroke) * box.height }));
        for (const stroke of [1, 2, 3]) {
          send("down", 0, stroke);
          for (let i = 1; i < 38; i += 1) {
            send("move", i, stroke);
            if (i % stroke === 0) await new Promise(requestAnimationFrame);
          }
          send("up", 38, stroke);
        }
    }""",
        kind,
    )
    hand.wait()
    pixels = "document.getElementById('pad').getContext('2d').getImageData(0, 0, 1000, 1000).data"
    page.evaluate(f"() => {{ window.bitByBit = {pixels}; }}")
    assert hand.inked() > 0.05
    hand.clear()
    assert hand.inked() == 0
    page.keyboard.press("Control+z")
    hand.wait()
    assert page.evaluate(f"{pixels}.every((value, i) => value === bitByBit[i])")


def test_sharp_on_dense_screens(open_page):
    page = open_page(device_scale_factor=2, viewport={"width": 1000, "height": 700})
    page.wait_for_function("""() => {
        const pad = document.getElementById("pad");
        return Math.abs(pad.width - 2 * pad.getBoundingClientRect().width) <= 2;
    }""")


def test_other_buttons_and_drags_from_outside_draw_nothing(hand):
    page = hand.page
    page.mouse.click(*hand.at((0.5, 0.5)), button="right")
    page.mouse.move(5, 5)
    page.mouse.down()
    page.mouse.move(*hand.at((0.5, 0.5)))
    page.mouse.up()
    hand.wait()
    assert hand.inked() == 0 and disabled(hand, "clear")


def test_a_stroke_may_leave_the_pad_and_return(hand):
    hand.draw([[(0.5, 0.3), (1.2, 0.3), (1.2, 0.5), (0.5, 0.5)]])
    (stroke,) = hand.sent()
    assert len(stroke) == 4 and stroke[:, 0].max() > 1100


def test_fast_movement_keeps_its_coalesced_points(hand):
    """Several moves in one frame reach the ink, not only the last."""
    page = hand.page
    drawn = page.evaluate(
        """async ([x, y]) => {
        const pad = document.getElementById("pad");
        const at = (i) => ({ clientX: x + 4 * i, clientY: y + (i % 2) * 10, pointerId: 1, pointerType: "mouse", bubbles: true, buttons: 1 });
        pad.dispatchEvent(new PointerEvent("pointerdown", { ...at(0), button: 0 }));
        const coalescedEvents = [1, 2, 3, 4].map((i) => new PointerEvent("pointermove", at(i)));
        pad.dispatchEvent(new PointerEvent("pointermove", { ...at(4), coalescedEvents }));
        pad.dispatchEvent(new PointerEvent("pointerup", at(4)));
        return coalescedEvents.length;
    }""",
        list(hand.at((0.3, 0.5))),
    )
    hand.wait()
    assert len(hand.sent()[0]) == drawn + 1


def pointers(page, script):
    """Run `script` with `send(type, id, kind, x, y, extra)`, which dispatches a pointer event at pad units x, y."""
    page.evaluate(
        """(script) => {
        const pad = document.getElementById("pad");
        const box = pad.getBoundingClientRect();
        const send = (type, pointerId, pointerType, x, y, extra = {}) => pad.dispatchEvent(new PointerEvent(`pointer${type}`, {
            pointerId, pointerType, clientX: box.left + x * box.width, clientY: box.top + y * box.height,
            bubbles: true, cancelable: true, isPrimary: true, button: type === "move" ? -1 : 0,
            buttons: type === "up" || type === "cancel" ? 0 : 1, ...extra }));
        new Function("send", script)(send);
    }""",
        script,
    )


def test_a_second_finger_is_ignored(hand):
    pointers(
        hand.page,
        """
        send("down", 11, "touch", 0.2, 0.5); send("move", 11, "touch", 0.3, 0.5);
        const second = { isPrimary: false };
        send("down", 12, "touch", 0.8, 0.8, second); send("move", 12, "touch", 0.9, 0.9, second); send("up", 12, "touch", 0.9, 0.9, second);
        send("move", 11, "touch", 0.4, 0.5); send("up", 11, "touch", 0.5, 0.5);""",
    )
    hand.wait()
    (stroke,) = hand.sent()
    assert np.abs(stroke[:, 1] - 500).max() < 2 and len(stroke) == 4


def test_a_pen_outranks_the_palm(hand):
    pointers(
        hand.page,
        """
        send("down", 21, "touch", 0.9, 0.9); send("move", 21, "touch", 0.9, 0.8);
        send("down", 22, "pen", 0.2, 0.5, { pressure: 0.3 }); send("move", 22, "pen", 0.5, 0.5, { pressure: 0.9 });
        send("move", 21, "touch", 0.8, 0.8); send("up", 22, "pen", 0.6, 0.5);
        send("down", 23, "touch", 0.9, 0.9); send("up", 23, "touch", 0.9, 0.9);""",
    )
    hand.wait()
    (stroke,) = hand.sent()
    assert np.abs(stroke[:, 1] - 500).max() < 2 and len(stroke) == 3


def test_pressure_is_width(hand):
    def inked_at(pressure):
        hand.clear()
        line = "".join(f'send("move", 31, "pen", {0.2 + 0.05 * i}, 0.5, {{ pressure: {pressure} }});' for i in range(1, 12))
        pointers(
            hand.page,
            f'send("down", 31, "pen", 0.2, 0.5, {{ pressure: {pressure} }}); {line} send("up", 31, "pen", 0.8, 0.5);',
        )
        hand.wait()
        return hand.inked()

    assert inked_at(0.9) > 1.5 * inked_at(0.2)


def test_cancelled_strokes_are_kept(hand):
    pointers(
        hand.page,
        """
        send("down", 41, "pen", 0.2, 0.5); send("move", 41, "pen", 0.6, 0.5); send("cancel", 41, "pen", 0, 0);""",
    )
    hand.wait()
    assert len(hand.sent()[0]) == 2


def test_touch_on_a_phone(open_page, browser_name):
    page = open_page(
        prepare=lambda page: page.add_init_script(EAR),
        viewport={"width": 390, "height": 664},
        has_touch=True,
        device_scale_factor=2,
        **({"is_mobile": True} if browser_name == "chromium" else {}),
    )
    wait_until(page, "ready")
    hand = Hand(page)
    assert page.evaluate("getComputedStyle(document.getElementById('pad')).touchAction") == "none"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if browser_name == "chromium":
        touch_stroke(page, hand.places(BAR))
    else:  # Firefox's driver has no touches: the events that they would make
        pointers(
            page,
            'send("down", 61, "touch", 0.5, 0.2);'
            + "".join(f'send("move", 61, "touch", {x}, {y});' for x, y in BAR)
            + 'send("up", 61, "touch", 0.5, 0.8);',
        )
    hand.wait()
    (stroke,) = hand.sent()
    assert hand.answer() and len(stroke) == len(BAR)
    assert page.evaluate("scrollY") == 0 and page.evaluate("visualViewport.scale") == 1
    for target in ("#undo", "#clear", "#allowed label", "#open"):
        assert page.locator(target).first.bounding_box()["height"] >= 43.5, f"{target} is hard to hit"
    bottom = page.locator("#allowed").bounding_box()
    assert bottom["y"] + bottom["height"] <= 664, "the tools leave the window"
    page.click("#clear")
    hand.wait()
    assert hand.answer() == ""
    assert not page.watch.errors and not page.watch.outside


def touch_stroke(page, places):
    """Real touches, through Chromium's own protocol."""
    protocol = page.context.new_cdp_session(page)
    for i, (x, y) in enumerate(places):
        kind = "touchMove" if i else "touchStart"
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "id": 1}]})
    protocol.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_drawing_with_the_keyboard(hand):
    page = hand.page
    page.focus("#pad")
    page.keyboard.press("Space")
    for key in ["ArrowUp"] * 3 + ["Shift+ArrowRight"] * 2:
        page.keyboard.press(key)
    page.keyboard.press("Space")
    hand.wait()
    (stroke,) = hand.sent()
    assert np.allclose(stroke[0] - stroke[3], [0, 120]) and np.allclose(stroke[-1] - stroke[3], [16, 0])
    assert hand.answer()


def test_ten_thousand_points_stay_one_drawing(hand):
    """Long drawings cost one copy a frame, not a redraw of all strokes."""
    pointers(
        hand.page,
        """
        for (let i = 0; i < 500; i += 1) {
          const [x, y] = [0.1 + 0.8 * (i % 25) / 25, 0.1 + 0.8 * Math.floor(i / 25) / 20];
          send("down", 51, "mouse", x, y);
          for (let k = 1; k < 20; k += 1) send("move", 51, "mouse", x + 0.0015 * k, y + 0.0015 * k);
          send("up", 51, "mouse", x + 0.03, y + 0.03);
        }""",
    )
    hand.wait()
    assert len(hand.sent()) == 500 and hand.answer()
