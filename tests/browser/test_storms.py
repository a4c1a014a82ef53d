"""The page in bad weather: its worker dies or hangs, its tab is hidden, its pad is full, somebody draws for hours."""

import pytest
from browsing import BOOT, in_workers, wait_until
from hand import EAR, Hand

BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
RING = [(0.7, 0.5), (0.6, 0.67), (0.4, 0.67), (0.3, 0.5), (0.4, 0.33), (0.6, 0.33), (0.7, 0.5)]

CHROMIUM = pytest.mark.parametrize(
    "browser_name", ["chromium"], indirect=True
)  # where browsers do not differ, or only it tells

# The worker keeps hold of Python's memory, so that it can be measured.
MEASURED = in_workers("""
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    if (made.exports?.memory) globalThis.memory = made.exports.memory;
    return made;
  };
""")

# Draws without a pause, a movement in each frame, and clears after three strokes.
DRAW_ON = """async (drawings) => {
  const pad = document.getElementById("pad");
  const box = pad.getBoundingClientRect();
  const at = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse", button: 0, bubbles: true,
    clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
  for (let drawing = 0; drawing < drawings; drawing += 1) {
    for (let stroke = 0; stroke < 3; stroke += 1) {
      const place = (i) => [0.5 + 0.3 * Math.sin(i / 6 + stroke), 0.5 + 0.3 * Math.cos(i / (5 + (drawing % 7)))];
      at("pointerdown", ...place(0));
      for (let i = 1; i < 40; i += 1) {
        await new Promise(requestAnimationFrame);
        at("pointermove", ...place(i));
      }
      at("pointerup", ...place(40));
    }
    document.getElementById("clear").click();
  }
}"""

# `ticks` are what the page does every so often; `captions` all words that stood under the answer.
WATCHED = """
  window.ticks = [];
  const every = setInterval;
  window.setInterval = (work, time) => { ticks.push(work); return every(work, time); };
  window.captions = [];
  addEventListener("DOMContentLoaded", () => {
    const caption = document.getElementById("caption");
    new MutationObserver(() => captions.push(caption.textContent)).observe(caption, { childList: true });
  });
"""


@pytest.fixture
def watched(open_page):
    """A page that is ready, with EAR and WATCHED."""
    page = open_page(prepare=lambda page: [page.add_init_script(script) for script in (EAR, WATCHED)])
    wait_until(page, "ready")
    return page


def next_worker_ready(page, before):
    page.wait_for_function(
        "(before) => talk.workers.length > before && document.documentElement.dataset.state === 'ready'",
        arg=before,
        timeout=BOOT,
    )


def test_a_worker_that_dies_while_reading_is_started_anew(watched):
    """A worker that is killed tells nobody. The ink is kept and read again, what is drawn meanwhile too."""
    hand = Hand(watched)
    hand.draw([BAR])
    answer = hand.answer()
    hand.clear()
    watched.evaluate("""() => {
        const worker = talk.workers.at(-1);
        const { postMessage } = worker;
        worker.postMessage = (...message) => { postMessage.apply(worker, message); worker.terminate(); };
    }""")
    hand.stroke(BAR[:6], lift=False)
    for place in hand.places(BAR[6:]):
        watched.mouse.move(*place)
    watched.mouse.up()
    next_worker_ready(watched, 1)
    watched.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    hand.wait()
    assert hand.answer() == answer and len(hand.sent()) == 1 and len(hand.sent()[0]) >= len(BAR)
    assert any(
        "Python stopped and is being started again; your drawing is kept." in words for words in watched.evaluate("captions")
    )
    assert "It had stopped before." in watched.text_content("#about-boot")
    assert watched.is_hidden("#failure") and not watched.watch.errors


@CHROMIUM
def test_a_worker_that_dies_again_and_again_waits_for_retry(watched):
    hand = Hand(watched)
    hand.draw([BAR])
    answer = hand.answer()
    watched.evaluate(
        "talk.workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }))"
    )
    next_worker_ready(watched, 1)
    assert "out of memory" in watched.text_content("#about-boot")
    watched.evaluate(
        "talk.workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }))"
    )
    wait_until(watched, "failed")
    assert "stopped once more" in watched.text_content("#failure-message")
    watched.click("#retry")
    wait_until(watched, "ready")
    watched.wait_for_function("() => document.getElementById('answer').textContent !== ''")
    assert hand.answer() == answer


@CHROMIUM
def test_a_worker_that_hangs_is_started_anew(watched):
    """Sixty seconds without an answer, told by the page's own clock, which the test turns."""
    hand = Hand(watched)
    watched.evaluate("() => { talk.workers.at(-1).postMessage = () => {}; }")
    hand.stroke(BAR)
    turn = "(times) => { for (let i = 0; i < times; i += 1) for (const tick of ticks) tick(); }"
    watched.evaluate(turn, 40)
    assert watched.evaluate("talk.workers.length") == 1
    watched.evaluate(turn, 20)
    next_worker_ready(watched, 1)
    watched.wait_for_function("() => document.getElementById('answer').textContent !== ''")


def test_a_tab_hidden_and_shown(page, hand):
    hand.draw([BAR])
    answer = hand.answer()
    other = page.context.new_page()
    other.bring_to_front()
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        dispatchEvent(new PageTransitionEvent(hidden ? "pagehide" : "pageshow", { persisted: true }));
    }"""
    page.evaluate(hide, True)
    page.evaluate(hide, False)
    page.bring_to_front()
    other.close()
    assert hand.answer() == answer and page.get_attribute("html", "data-state") == "ready"
    hand.clear()
    hand.draw([BAR])
    assert hand.answer() == answer
    hand.clear()


@CHROMIUM
def test_ten_thousand_strokes(page, hand):
    """The page goes on: the last stroke is drawn and answered like the first, and one key clears them all."""
    page.evaluate("""async () => {
        const pad = document.getElementById("pad");
        const box = pad.getBoundingClientRect();
        pad.getBoundingClientRect = () => box; // many strokes in a frame, unlike a hand's, would lay out the page as often
        const at = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse", button: 0, bubbles: true,
          clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
        for (let i = 0; i < 10_000; i += 1) {
          const [x, y] = [0.1 + 0.8 * (i % 100) / 100, 0.1 + 0.8 * Math.floor(i / 100) / 100];
          at("pointerdown", x, y);
          at("pointermove", x + 0.004, y + 0.004);
          at("pointerup", x + 0.004, y + 0.004);
          if (i % 100 === 99) await new Promise(requestAnimationFrame);
        }
        delete pad.getBoundingClientRect;
    }""")
    hand.draw([BAR])
    assert len(hand.sent()) == 10_001
    assert hand.answer() or page.text_content("#caption")
    page.keyboard.press("Control+z")
    hand.wait()
    assert len(hand.sent()) == 10_000
    hand.clear()
    assert hand.inked() == 0
    hand.draw([BAR])
    assert hand.answer() != "" and len(hand.sent()) == 1
    hand.clear()


@CHROMIUM
def test_memory_stays_flat_however_long_somebody_draws(open_page):
    page = open_page(prepare=lambda page: page.add_init_script(MEASURED))
    wait_until(page, "ready")
    developer = page.context.new_cdp_session(page)

    def in_use():
        """Bytes after collecting garbage: of scripts, of the browser for the page, and of Python."""
        developer.send("HeapProfiler.collectGarbage")
        used = developer.send("Runtime.getHeapUsage")
        return {
            "scripts": used["usedSize"] + used["embedderHeapUsedSize"],
            "python": page.workers[-1].evaluate("memory.buffer.byteLength"),
        }

    page.evaluate(DRAW_ON, 2)
    before = in_use()
    page.evaluate(DRAW_ON, 6)
    after = in_use()
    assert after["python"] == before["python"]
    assert sum(after.values()) <= 1.1 * sum(before.values())
    assert after["scripts"] <= 1.3 * before["scripts"], "what was cleared can still be undone, and takes some room"
