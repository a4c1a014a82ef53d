"""Pens, fingers and palms on any of the page's pads, as a browser tells of them."""

from browsing import show

PADS = {"read": "pad", "inside": "inside-pad", "learn/lab": "lab-pad", "learn/collect": "collect-pad"}
CLEAR = {"read": "clear", "inside": "inside-clear", "learn/lab": "lab-clear", "learn/collect": "collect-clear"}

SEND = """([pad, type, timeStamp, init, x, y]) => {
    pad = document.getElementById(pad);
    const box = pad.getBoundingClientRect();
    const event = new PointerEvent(`pointer${type}`, { bubbles: true, cancelable: true, composed: true,
        clientX: box.left + x * box.width, clientY: box.top + y * box.height, ...init });
    Object.defineProperty(event, "timeStamp", { value: timeStamp });
    pad.dispatchEvent(event);
}"""


def show_pad(page, view):
    """Open the view, empty its pad and return the pad's id."""
    show(page, view)
    pad = PADS[view]
    if view == "learn/collect" and page.locator("#collect-choice").is_visible():
        page.click("#collect-choice button")
    page.locator(f"#{pad}").scroll_into_view_if_needed()
    clear(page, view)
    return pad


def ready(page, view):
    """Open the view and wait until it has what it needs of Python: it says so beside its pad, and the pad may move."""
    show(page, view)
    if view in ("inside", "learn/lab"):
        page.wait_for_selector(f"#{view.split('/')[0]}[data-state=ready]")


def clear(page, view):
    page.evaluate("(id) => document.getElementById(id).click()", CLEAR[view])
    frames(page)


def frames(page, count=3):
    """Let the page paint."""
    page.evaluate("async (n) => { for (let i = 0; i < n; i += 1) await new Promise(requestAnimationFrame); }", count)


def inked(page, pad, left=0.0, top=0.0, right=1.0, bottom=1.0):
    """Whether the pad shows ink within a box, in shares of the pad."""
    frames(page)
    return page.evaluate(
        """([id, left, top, right, bottom]) => {
        const pad = document.getElementById(id);
        const [x, y, width, height] = [left * pad.width, top * pad.height, (right - left) * pad.width, (bottom - top) * pad.height];
        const { data } = pad.getContext("2d").getImageData(x, y, width, height);
        return data.some((value, i) => i % 4 === 3 && value > 127);
    }""",
        [pad, left, top, right, bottom],
    )


class Contacts:
    """Sends what a browser sends for contacts with a pad; each has an id, places are shares of the pad.

    Time stands still between them but for what `pass_time` adds; nothing of what came before was lately.
    """

    now = 1e7  # ms, of time stamps

    def __init__(self, page, pad):
        self.page, self.pad = page, pad
        self.pass_time(1e6)

    def pass_time(self, milliseconds):
        Contacts.now += milliseconds

    def send(self, event, pointer, kind, x, y, **more):
        down = 0 if event in ("up", "cancel") else 1
        init = {
            "pointerId": pointer,
            "pointerType": kind,
            "isPrimary": True,
            "button": -1 if event == "move" else 0,
            "buttons": down,
            "pressure": 0.5 * down,
        }
        self.page.evaluate(SEND, [self.pad, event, Contacts.now, {**init, **more}, x, y])

    def stroke(self, pointer, kind, points, end="up", **more):
        """Down at the first point, moves through the others; `end` is up, cancel or None."""
        self.send("down", pointer, kind, *points[0], **more)
        for point in points[1:]:
            self.send("move", pointer, kind, *point, **more)
        if end:
            self.send(end, pointer, kind, *points[-1], **more)
