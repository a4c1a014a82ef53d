"""The shipped network in inkling, onnxruntime-web and TensorFlow.js: one page, one run, one character at a time.

    python3 build.py bench engines

Also inkling against the classic way of writing a network, and from the pen's event to the painted answer.
Fails where the engines do not agree.
"""

import sys
import tempfile
from pathlib import Path

import hand
import numpy as np
from measuring import chromium, npm, pen, site
from measuring.table import median, megabytes, milliseconds, percentile, setting, table, verdict
from playwright.sync_api import sync_playwright

from inkling import Recognizer
from inkling.nn import softmax

COMMAND = "python3 build.py bench engines"
# name: what the table calls it, how far its probabilities may be from numpy's on the desktop
ENGINES = {
    "inkling": ("inkling (numpy in Pyodide)", 1e-4),
    "onnxruntime": ("onnxruntime-web, wasm", 1e-4),
    "tfjs-wasm": ("tfjs, wasm", 1e-3),
    "tfjs-cpu": ("tfjs, cpu", 1e-3),
}
READS = 500
VISITS = 5  # cold, and as many warm


def main():
    npm.install()
    reader = Recognizer.load()
    inks = [strokes for _, strokes in hand.samples()]
    pictures = np.stack([reader.prepare(strokes) for strokes in inks])
    truth = softmax(reader.network.forward(pictures))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dist = Path(folder) / "dist"
        bench = site.make(dist, reader.network, pictures)
        with site.Server(dist) as server:
            pages = f"{server.address}/{bench}"
            browser = chromium.start(playwright, "--enable-blink-features=ForceEagerMeasureMemory")
            visits = {name: visit(browser, server, name, pages) for name in ENGINES}
            tell("all engines side by side")
            page = browser.new_context().new_page()
            page.goto(f"{pages}/measure.html")
            page.evaluate("(names) => open(names)", list(ENGINES))
            agree(page.evaluate("answers()"), truth)
            times = page.evaluate("([rounds, inks]) => race(rounds, inks)", [READS, [flat(ink) for ink in inks]])
            slow = page.evaluate("classic(3)")
            page.context.close()
            version = f"Chromium {browser.version}"
            browser.close()
        agree({"inkling": slow["logits"]}, truth[:3])
        tell("pen to paint")
        pen_times = {limited: pen.measure(playwright, dist, limited) for limited in (True, False)}
    versions = [version, *(f"{name} {npm.version(name)}" for name in ("onnxruntime-web", "@tensorflow/tfjs"))]
    print_engines(times, visits, setting(COMMAND, *versions))
    print_targets(times, slow)
    print_pen(pen_times, setting(COMMAND, version))


def tell(words):
    """Progress, apart from the tables."""
    print(words, file=sys.stderr, flush=True)


def flat(strokes):
    """Ink as it crosses to the worker."""
    return {"points": np.concatenate(strokes).ravel().tolist(), "lengths": [len(stroke) for stroke in strokes]}


def visit(browser, server, name, pages):
    """First answers of an engine by itself, in milliseconds from navigation; bytes sent; memory after 50 reads."""
    tell(f"first answers of {name}")
    address = f"{pages}/engine.html?name={name}"
    cold, warm = [], []
    for number in range(VISITS + 1):  # the first fills the server's own cache, and is not counted
        context = browser.new_context()
        sent = server.sent
        cold.append(first(context, address))
        sent = server.sent - sent
        warm.append(first(context, address))
        if number == VISITS:
            memory = used(context, address) - used(context, f"{pages}/measure.html")
        context.close()
    return {"cold": median(cold[1:]), "warm": median(warm[1:]), "bytes": sent, "memory": memory}


def first(context, address):
    page = context.new_page()
    page.goto(address)
    time = page.evaluate("engine.then(() => first)")
    page.close()
    return time


def used(context, address):
    """Bytes of a page and its workers."""
    page = context.new_page()
    page.goto(address)
    page.evaluate("""async () => {
        const engine = await window.engine;
        for (let i = 0; engine && i < 50; i++) await engine.run(engine.input(i));
    }""")
    memory = page.evaluate("performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)")
    page.close()
    return memory


def agree(logits, truth):
    """Stops the bench where an engine's probabilities are not those of numpy on the desktop."""
    for name, answers in logits.items():
        error = np.abs(softmax(np.array(answers)) - truth).max()
        tell(f"{name}: at most {error:.1e} from the probabilities of numpy on the desktop, {len(answers)} characters")
        if not error <= ENGINES[name][1]:
            sys.exit(f"{name} answers otherwise than numpy on the desktop: probabilities differ by up to {error:.2g}.")


def print_engines(times, visits, measured):
    print("\n### The same network, three engines\n")
    base = median(times["onnxruntime"])
    rows = []
    for name, title in {
        **{name: title for name, (title, _) in ENGINES.items()},
        "read": "inkling, ink to answer (`read`)",
    }.items():
        seen = visits.get(name)
        alone = (
            [milliseconds(seen["cold"]), milliseconds(seen["warm"]), megabytes(seen["bytes"]), megabytes(seen["memory"])]
            if seen
            else [""] * 4
        )
        rows.append(
            [
                title,
                milliseconds(min(times[name])),
                milliseconds(median(times[name])),
                milliseconds(percentile(times[name], 0.95)),
                f"{median(times[name]) / base:.2f}",
                *alone,
            ]
        )
    print(
        table(["", "fastest", "median", "95%", "x onnxruntime", "first answer, cold", "warm", "on the wire", "memory"], rows)
    )
    print(
        f"\n{READS} interleaved reads of real ink, one character at a time, on one thread each, calls included; first answers "
        f"from navigation, over loopback, medians of {VISITS} visits; bytes are compressed. {measured}."
    )


def print_targets(times, slow):
    print("\n### What was aimed at\n")
    ours = median(times["inkling"])
    classic = median(slow["classic"]) / median(slow["forward"])
    rows = []
    for name, limit in (("onnxruntime", 2.0), ("tfjs-cpu", 1.0), ("tfjs-wasm", 1.0)):
        ratio = ours / median(times[name])
        fastest = min(times["inkling"]) / min(times[name])
        rows.append(
            [
                f"against {ENGINES[name][0]}",
                f"{ratio:.2f} x the time (the fastest: {fastest:.2f})",
                f"at most {limit}",
                verdict(ratio, limit),
            ]
        )
    rows.append(
        [
            f"against loops over maps with an FFT for each pair ({median(slow['classic']):.0f} ms)",
            f"{classic:.0f} x as fast",
            "at least 15",
            verdict(classic, 15, at_most=False),
        ]
    )
    print(table(["one forward pass, medians", "measured", "aim", ""], rows))


def print_pen(times, measured):
    print("\n### From the pen's event to the painted answer\n")
    titles = {True: "60 frames a second", False: "frames as fast as they come"}
    rows = []
    for limited, found in times.items():
        for part, title in (("answered", "answer in the page"), ("painted", "answer painted")):
            p95 = percentile(found[part], 0.95)
            rows.append(
                [f"{title}; {titles[limited]}", milliseconds(median(found[part])), milliseconds(p95), verdict(p95, 16)]
            )
    print(table(["", "median", "95%", "aim: 95% in 16 ms"], rows))
    print(
        f"\n{len(times[True]['painted'])} and {len(times[False]['painted'])} pointer events, from the event's time stamp. {measured}."
    )


if __name__ == "__main__":
    main()
