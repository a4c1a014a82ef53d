"""Pens, palms, fingers and mice, on every pad of every view."""

import numpy as np
import pytest
from browsing import wait_until
from contacts import PADS, Contacts, clear, frames, inked, ready, show_pad

# Lines in three rows of a pad, and the boxes around the rows.
TOP, MIDDLE, LOW = ([(0.15 + 0.06 * i, y) for i in range(11)] for y in (0.2, 0.5, 0.8))
AT_TOP, IN_MIDDLE, AT_FOOT = (0, 0.05, 1, 0.35), (0, 0.36, 1, 0.64), (0, 0.65, 1, 0.95)


@pytest.fixture(params=PADS)
def view(request):
    return request.param


@pytest.fixture
def pad(page, view):
    ready(page, view)
    pad = show_pad(page, view)
    assert not inked(page, pad)
    yield pad
    page.mouse.up()
    show_pad(page, view)


@pytest.fixture
def contacts(page, pad):
    return Contacts(page, pad)


def test_a_palm_that_the_system_takes_back_leaves_no_ink(page, pad, contacts):
    contacts.stroke(21, "pen", TOP)
    contacts.pass_time(2001)  # longer than a hand rests: it is taken for a finger at first
    contacts.stroke(22, "touch", MIDDLE, end=None)
    assert inked(page, pad, *IN_MIDDLE)
    contacts.send("cancel", 22, "touch", *MIDDLE[-1])
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE)


def test_a_palm_cancelled_before_the_pen_comes_down_leaves_no_ink(page, pad, contacts):
    contacts.stroke(22, "touch", [(0.7, 0.8)] * 2, end=None)
    contacts.send("cancel", 22, "touch", 0.7, 0.8)
    contacts.stroke(21, "pen", TOP)
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *AT_FOOT)


def test_a_touch_soon_after_the_pen_is_ink_only_if_it_moves_like_a_stroke(page, pad, contacts):
    contacts.stroke(21, "pen", TOP)
    contacts.pass_time(1999)
    contacts.stroke(22, "touch", [(0.5, 0.8), (0.505, 0.802), (0.5, 0.8)])
    assert not inked(page, pad, *AT_FOOT)
    contacts.stroke(23, "touch", MIDDLE)
    assert inked(page, pad, *IN_MIDDLE)
    assert inked(page, pad, 0.1, 0.45, 0.2, 0.55), "the stroke is whole, with how it began"


def test_the_touch_under_the_pen_is_taken_back(page, pad, contacts):
    contacts.stroke(22, "touch", LOW, end=None)
    contacts.stroke(21, "pen", TOP, end=None)
    contacts.send("move", 22, "touch", 0.5, 0.5)
    contacts.send("up", 21, "pen", *TOP[-1])
    contacts.send("up", 22, "touch", 0.5, 0.5)
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE) and not inked(page, pad, *AT_FOOT)


@pytest.mark.parametrize("kind", ["pen", "touch", "mouse"])
def test_a_pointer_whose_end_never_comes_blocks_nothing(page, pad, contacts, kind):
    contacts.stroke(31, kind, TOP, end=None)
    contacts.stroke(32, kind, LOW)
    assert inked(page, pad, *AT_TOP) and inked(page, pad, *AT_FOOT)
    contacts.send("move", 31, kind, 0.5, 0.5)
    assert not inked(page, pad, *IN_MIDDLE)


@pytest.mark.parametrize("way", ["button", "key"])
def test_clear_lets_go_of_a_pointer_whose_end_never_comes(page, view, pad, contacts, way):
    contacts.stroke(31, "touch", TOP, end=None)
    if way == "button":
        clear(page, view)
    else:
        page.locator(f"#{pad}").focus()
        page.keyboard.press("Escape")
    assert not inked(page, pad)
    contacts.stroke(32, "touch", LOW, isPrimary=False)
    assert inked(page, pad, *AT_FOOT) and not inked(page, pad, *AT_TOP)


def places(page, pad, points):
    box = page.locator(f"#{pad}").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def press(page, pad, points, button="left"):
    first, *others = places(page, pad, points)
    page.mouse.move(*first)
    page.mouse.down(button=button)
    for place in others:
        page.mouse.move(*place)


def test_with_everything_selected_a_stroke_is_whole(page, pad):
    page.locator(f"#{pad}").focus()
    page.keyboard.press("Control+a")
    press(page, pad, MIDDLE)
    page.mouse.up()
    for x, y in MIDDLE:
        assert inked(page, pad, x - 0.02, y - 0.03, x + 0.02, y + 0.03), f"no ink at {x}, {y}"
    page.evaluate("getSelection().removeAllRanges()")


def test_nothing_on_a_pad_can_be_selected(page, pad):
    assert page.evaluate(
        """(id) => [document.getElementById(id).parentElement, ...document.getElementById(id).parentElement.querySelectorAll("*")]
            .every((each) => getComputedStyle(each).userSelect === "none")""",
        pad,
    )


def test_a_stroke_ends_when_its_button_is_up_even_while_another_is_held(page, pad):
    press(page, pad, TOP)
    page.mouse.down(button="right")
    page.mouse.up(button="left")
    for place in places(page, pad, LOW):
        page.mouse.move(*place)
    page.mouse.up(button="right")
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE) and not inked(page, pad, *AT_FOOT)


@pytest.mark.parametrize("kind", ["pen", "mouse"])
def test_a_move_without_buttons_adds_nothing(page, pad, contacts, kind):
    contacts.stroke(1, kind, TOP, end=None)
    for point in LOW:
        contacts.send("move", 1, kind, *point, buttons=0, pressure=0)
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE) and not inked(page, pad, *AT_FOOT)


def test_a_stroke_ends_with_its_view(page, view, pad):
    """Back under the pen; what is drawn while the pad has no size is nowhere, and what is saved can be opened."""
    other = "learn/hand" if view == "read" else "read"
    press(page, pad, TOP)
    page.evaluate("(view) => { location.hash = view; }", other)
    page.wait_for_function("(id) => !document.getElementById(id).getClientRects().length", arg=pad)
    page.mouse.move(5, 5)
    page.mouse.move(300, 300)
    page.evaluate("(view) => { location.hash = view; }", view)
    page.wait_for_function("(id) => document.getElementById(id).getClientRects().length", arg=pad)
    page.locator(f"#{pad}").scroll_into_view_if_needed()
    for place in places(page, pad, LOW):
        page.mouse.move(*place)
    page.mouse.up()
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE) and not inked(page, pad, *AT_FOOT)


def test_the_keyboard_s_stroke_ends_with_its_view(page, view, pad):
    page.locator(f"#{pad}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.evaluate("location.hash = 'learn/hand'")
    page.wait_for_function("(id) => !document.getElementById(id).getClientRects().length", arg=pad)
    frames(page)
    show_again = "(view) => { location.hash = view; }"
    page.evaluate(show_again, view)
    page.wait_for_function("(id) => document.getElementById(id).getClientRects().length", arg=pad)
    page.locator(f"#{pad}").focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    assert inked(page, pad) and not inked(page, pad, 0, 0.58, 1, 1)


def test_a_real_palm_beside_a_real_pen(open_page, browser_name):
    """Through Chromium's own protocol; Firefox's driver has neither pens nor touches, there it is the events that they make."""
    page = open_page(viewport={"width": 900, "height": 700}, has_touch=True)
    pad = show_pad(page, "read")
    if browser_name == "firefox":
        contacts = Contacts(page, pad)
        contacts.stroke(21, "pen", TOP)
        contacts.stroke(22, "touch", [(0.5, 0.8)], end="cancel")
    else:
        protocol = page.context.new_cdp_session(page)

        def pen(kind, place, buttons):
            x, y = place
            init = {
                "type": kind,
                "x": x,
                "y": y,
                "button": "left",
                "buttons": buttons,
                "pointerType": "pen",
                "force": 0.5 * buttons,
            }
            protocol.send("Input.dispatchMouseEvent", {**init, "clickCount": 1})

        def touch(kind, *spots):
            spots = [{"x": x, "y": y, "id": 1} for x, y in spots]
            protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

        line, palm = places(page, pad, TOP), places(page, pad, LOW)
        pen("mousePressed", line[0], 1)
        for place in line[1:]:
            pen("mouseMoved", place, 1)
        pen("mouseReleased", line[-1], 0)
        touch("touchStart", palm[0])
        for place in palm[1:]:
            touch("touchMove", place)
        touch("touchCancel")
    assert inked(page, pad, *AT_TOP) and not inked(page, pad, *IN_MIDDLE) and not inked(page, pad, *AT_FOOT)


@pytest.mark.parametrize("view", PADS)
@pytest.mark.parametrize("when", ["booting", "ready"])
def test_the_pad_does_not_move_under_the_first_stroke(open_page, view, when):
    """On the smallest phone, an O, whose caption is the longest, drawn while Python or the lab's ink is on its way, too."""
    late, is_let_go = [], False

    def hold(route):  # a function of ours: Playwright marks it
        if is_let_go:
            route.continue_()
        else:
            late.append(route)

    slow = "**/*snapshot*" if when == "booting" else "**/train*"
    page = open_page(
        f"/#{view}",
        prepare=lambda page: page.route(slow, hold),
        viewport={"width": 320, "height": 568},
        has_touch=True,
    )
    if when == "ready":
        wait_until(page, "ready")
    pad = show_pad(page, view)
    where = "(id) => { const { x, y, width } = document.getElementById(id).getBoundingClientRect(); return [x, y, width]; }"
    before = page.evaluate(where, pad)
    box = page.locator(f"#{pad}").bounding_box()
    assert abs(box["width"] - box["height"]) < 0.5, "a pad is square"
    contacts = Contacts(page, pad)
    circle = [(0.5 + 0.3 * np.sin(0.3 * i), 0.5 - 0.3 * np.cos(0.3 * i)) for i in range(22)]
    contacts.stroke(5, "touch", circle[:11], end=None)
    is_let_go = True  # what is asked for only now goes at once
    for route in late:
        route.continue_()
    if when == "booting":
        wait_until(page, "ready")
    if view == "learn/lab":
        page.wait_for_selector("#learn[data-state=ready]")
    frames(page, 10)
    for point in circle[11:]:
        contacts.send("move", 5, "touch", *point)
        assert page.evaluate(where, pad) == before
    contacts.send("up", 5, "touch", *circle[-1])
    frames(page, 30)
    after = page.evaluate(where, pad)
    assert after == before
