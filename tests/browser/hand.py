"""A hand that draws on the page with real pointer events, and an ear on what page and worker say to each other."""

import base64
import json
from pathlib import Path

import numpy as np
from contacts import frames

SAMPLES = Path(__file__).parents[1] / "ink_62.jsonl"

# Runs before the page's own scripts. `talk.calls` holds a copy of what each call sent; `talk.pending` counts calls
# without an answer; `talk.saved` is [name, content as a data URL] of the last file saved (Firefox tells nobody).
EAR = """
  window.talk = { calls: [], pending: 0, workers: [], saved: null };
  HTMLAnchorElement.prototype.click = async function () {
    const reader = new FileReader();
    reader.onload = () => { talk.saved = [this.download, reader.result]; };
    reader.readAsDataURL(await (await fetch(this.href)).blob());
  };
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      talk.workers.push(this);
      talk.pending = 0; // what another worker was asked is answered by nobody
      this.addEventListener("message", ({ data }) => {
        if (data.type === "result" || data.type === "error") talk.pending -= 1;
      });
    }
    postMessage(message, transfer) {
      if (message.type === "call") this.hear(message);
      super.postMessage(message, transfer);
    }
    hear(message) {
      talk.pending += 1;
      talk.calls.push({ name: message.name, args: message.args.map((each) => ArrayBuffer.isView(each) ? Array.from(each) : each) });
    }
  };
"""


def samples():
    """[(label, strokes)], one of each character; strokes are (n, 2) arrays."""
    lines = map(json.loads, SAMPLES.read_text().splitlines())
    return [(line["label"], [np.array(stroke, float) for stroke in line["strokes"]]) for line in lines]


def plain(stroke, error=0.006):
    """The points of a stroke that matter, to within `error` of its units (Ramer 1972, Douglas and Peucker 1973).

    Each is one movement of the mouse, which takes a browser's driver long.
    """
    if len(stroke) < 3:
        return stroke
    first, last = stroke[0], stroke[-1]
    way = last - first
    off = stroke - first
    length = np.hypot(*way)
    distance = np.abs(way[0] * off[:, 1] - way[1] * off[:, 0]) / length if length > 1e-9 else np.hypot(*off.T)
    farthest = int(distance.argmax())
    if distance[farthest] <= error:
        return stroke[[0, -1]]
    return np.concatenate([plain(stroke[: farthest + 1], error)[:-1], plain(stroke[farthest:], error)])


def fitted(strokes, share=0.6):
    """The strokes in pad units from 0 to 1: centred, the longer side `share` of the pad."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = share / max((high - low).max(), 1e-9)
    return [0.5 + (stroke - (low + high) / 2) * scale for stroke in strokes]


class Hand:
    """Draws on a page that was opened with `EAR`."""

    def __init__(self, page):
        self.page = page
        self.mouse = page.mouse

    def places(self, points):
        """Pad units (0 to 1) to places on the page, in CSS pixels."""
        box = self.page.locator("#pad").bounding_box()
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]

    def at(self, point):
        return self.places([point])[0]

    def stroke(self, points, lift=True):
        """Press at the first point, move through the rest, and let go unless told otherwise."""
        first, *rest = self.places(points)
        self.mouse.move(*first)
        self.mouse.down()
        for place in rest:
            self.mouse.move(*place)
        if lift:
            self.mouse.up()

    def draw(self, strokes):
        """Draw strokes (pad units) and wait until they are read."""
        for stroke in strokes:
            self.stroke(stroke)
        self.wait()

    def wait(self):
        """Until every call is answered and two frames have passed without a new one."""
        self.page.evaluate("""async () => {
            const frame = () => new Promise(requestAnimationFrame);
            for (let calls = -1, until = Date.now() + 120_000; talk.pending || calls !== talk.calls.length;) {
              if (Date.now() > until) throw new Error("the worker does not answer");
              calls = talk.calls.length;
              await frame();
              await frame();
            }
        }""")

    def clear(self):
        self.page.keyboard.press("Escape")
        self.wait()

    def sent(self):
        """The ink of the last call of reading.read, as strokes of float32 (n, 2) in pad units of 0 to 1000."""
        points, lengths, *_ = self.last_read()
        return np.split(np.array(points, np.float32).reshape(-1, 2), np.cumsum(lengths)[:-1])

    def last_read(self):
        """The arguments of the last call of reading.read: points, lengths, allowed labels, lines."""
        return self.page.evaluate("talk.calls.findLast((call) => call.name === 'reading.read').args")

    def reads(self):
        """How many times ink was sent to be read."""
        return self.page.evaluate("talk.calls.filter((call) => call.name === 'reading.read').length")

    def saved(self):
        """Name and content of the file that the page saved last."""
        self.page.wait_for_function("() => talk.saved")
        name, url = self.page.evaluate("talk.saved")
        self.page.evaluate("talk.saved = null")
        return name, base64.b64decode(url.partition(",")[2])

    def answer(self):
        return self.page.text_content("#answer")

    def candidates(self):
        """[(label, probability)] as the page shows them."""
        rows = self.page.locator("#candidates li").evaluate_all(
            "rows => rows.map(row => [row.dataset.label, Number(row.dataset.probability)])"
        )
        return [tuple(row) for row in rows]

    def inked(self):
        """Share of the pad's pixels that hold ink, once it is painted."""
        frames(self.page)
        return self.page.evaluate("""() => {
            const pad = document.getElementById("pad");
            const { data } = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height);
            let inked = 0;
            for (let i = 3; i < data.length; i += 4) inked += data[i] > 127;
            return inked / (pad.width * pad.height);
        }""")


def boxed(page, box, line_width):
    """A PNG, 90 by 70 pixels: the outline of a box (x, y, width, height), black on white."""
    return base64.b64decode(
        page.evaluate(
            """([box, lineWidth]) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 90, height: 70 });
        const context = canvas.getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, 90, 70);
        context.lineWidth = lineWidth;
        context.strokeRect(...box);
        return canvas.toDataURL("image/png").split(",")[1];
    }""",
            [box, line_width],
        )
    )
