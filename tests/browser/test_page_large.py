"""Text at 200%, from right to left, in forced colours, without motion: nothing is clipped, nothing lies on anything."""

import pytest
from browsing import launch, resize, show, wait_until
from contacts import frames
from hand import EAR, Hand, fitted, plain, samples
from writer import Writer

VIEWS = ["read", "write", "inside", "learn", "learn/hand", "learn/collect"]
WINDOWS = {"desktop": (1280, 800), "phone": (390, 844)}
WAYS = {
    "as it comes": "",
    "text at 200%": "document.documentElement.style.fontSize = '200%'",
    "from right to left": "document.documentElement.dir = 'rtl'",
    "both": "document.documentElement.dir = 'rtl'; document.documentElement.style.fontSize = '200%'",
}
# Texts and controls that are seen: those that reach out of the window or of what cuts them off, and pairs of which one
# lies on the other. What lies there on purpose, the words of a pad that is empty and what deletes a thumbnail, is left out.
FAULTS = """(view) => {
    const root = document.getElementById(view.split("/")[0]);
    const name = (each) => `${each.tagName.toLowerCase()}#${each.id} "${each.textContent.trim().slice(0, 30)}"`;
    const seen = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !each.closest(".unseen, .sheet > :not(canvas), .remove, .lit, .text-marks");
    const isForVoices = (each) => { for (let over = each; over; over = over.parentElement) if (getComputedStyle(over).clipPath !== "none") return true; };
    const scrolls = (each) => { for (let over = each; over; over = over.parentElement) if (["auto", "scroll"].includes(getComputedStyle(over).overflowX)) return over; };
    const places = [];
    const area = { left: 0, right: document.documentElement.clientWidth };
    const faults = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let each = walker.nextNode(); each; each = walker.nextNode()) {
      if (!root.contains(each) && !each.closest(".head, .foot")) continue;
      if (!seen(each)) continue;
      const isControl = each.matches("button, select, input:not([type=radio]), canvas");
      for (const node of each.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim() || each.matches("option, script, style")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect();
        if (text.width < 2 || text.height < 2 || isForVoices(each)) continue;
        if (getComputedStyle(each.closest("button") ?? each).textOverflow === "ellipsis") continue; // is said elsewhere in full
        const control = each.closest("button, .choice label");
        if (control) { // the words of a button stay on it
          const box = control.getBoundingClientRect();
          if (!scrolls(control) && (box.left < area.left - 1 || box.right > area.right + 1)) faults.push(`${name(control)}: out of the window`);
          if (text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 3 || text.bottom > box.bottom + 3)
            faults.push(`${name(control)}: its words leave it`);
        } else places.push([each, [...range.getClientRects()]]);
        for (let over = each; over && over !== document.documentElement; over = over.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(over);
          const box = over.getBoundingClientRect();
          if (overflowX === "hidden" && (text.left < box.left - 1 || text.right > box.right + 1)) faults.push(`${name(each)}: cut off in ${name(over)}`);
          if (overflowY === "hidden" && (text.top < box.top - 3 || text.bottom > box.bottom + 3)) faults.push(`${name(each)}: cut off in ${name(over)}`);
          if (["auto", "scroll"].includes(overflowX)) break; // can be scrolled to
        }
      }
      if (isControl) places.push([each, [each.getBoundingClientRect()]]);
    }
    for (const [each, boxes] of places)
      for (const { left, right, width } of boxes)
        if (width && !scrolls(each) && (left < area.left - 1 || right > area.right + 1)) faults.push(`${name(each)}: out of the window, ${left} to ${right}`);
    for (let i = 0; i < places.length; i += 1)
      for (let j = i + 1; j < places.length; j += 1) {
        const [[a, some], [b, others]] = [places[i], places[j]];
        if (a.contains(b) || b.contains(a) || a.closest(".drive") !== b.closest(".drive")) continue;
        for (const one of some) for (const other of others) {
          const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
          if (wide > 2 && high > 4) faults.push(`${name(a)} lies on ${name(b)}: ${wide.toFixed()} x ${high.toFixed()}`);
        }
      }
    return [...new Set(faults)];
}"""
# What is not in sight has its place, too: browsers guess it otherwise.
LAID_OUT = """addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important; }");
    document.adoptedStyleSheets = [sheet];
});"""
MOVES = """() => [...document.querySelectorAll("*")].flatMap((each) => ["", "::before", "::after"].map((part) => [each, part]))
    .filter(([each, part]) => {
      const style = getComputedStyle(each, part || null);
      const properties = style.transitionProperty.split(", "), times = style.transitionDuration.split(", ");
      const glides = properties.some((property, i) => property !== "opacity" && parseFloat(times[i % times.length]) > 0);
      return glides || (style.animationName !== "none" && parseFloat(style.animationDuration) > 0) || style.scrollBehavior === "smooth";
    }).map(([each, part]) => `${each.tagName}#${each.id}.${each.className}${part}`)"""


@pytest.fixture(scope="module")
def drawn(browser, server):
    """A page with an R that is drawn and taught, and a word that is written."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    yield prepared(page, server)
    context.close()


def prepared(page, server):
    page.add_init_script(EAR)
    page.add_init_script(LAID_OUT)
    page.goto(server.address)
    wait_until(page, "ready")
    Hand(page).draw([plain(stroke) for stroke in fitted(dict(samples())["R"], 0.5)])
    page.locator("#pad").focus()
    page.keyboard.press("R")
    page.wait_for_selector("#correct[data-state=taught]")
    writer = Writer(page).open()
    writer.write("popular", share=0.5)
    writer.settle()
    Hand(page).wait()
    return page


def open_view(page, view):
    show(page, view)
    if view in ("inside", "learn", "write"):
        page.wait_for_selector(f'#{view}[data-state="ready"]')
    frames(page)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_is_clipped_and_nothing_lies_on_anything(drawn, window, way):
    width, height = WINDOWS[window]
    resize(drawn, width, height)
    drawn.evaluate(
        "document.documentElement.dir = ''; document.documentElement.style.fontSize = ''; document.activeElement.blur()"
    )
    drawn.evaluate(WAYS[way])
    found = {}
    for view in VIEWS:
        open_view(drawn, view)
        faults = drawn.evaluate(FAULTS, view)
        if drawn.evaluate("document.documentElement.scrollWidth") > width:
            faults.append("scrolls sideways")
        if faults:
            found[view] = faults
    assert not found, found


@pytest.fixture(scope="module")
def settings(playwright, browser_name, server):
    """A page for somebody whose system has colours of its own and moves nothing."""
    prefs = {"browser.display.document_color_use": 2, "ui.useAccessibilityTheme": 1, "ui.prefersReducedMotion": 1}
    browser = launch(playwright, browser_name, **({"firefox_user_prefs": prefs} if browser_name == "firefox" else {}))
    emulated = {} if browser_name == "firefox" else {"forced_colors": "active", "reduced_motion": "reduce"}
    yield prepared(browser.new_context(viewport={"width": 1280, "height": 800}, **emulated).new_page(), server)
    browser.close()


def test_without_motion_nothing_moves_in_any_view(settings, drawn):
    assert settings.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    open_view(drawn, "read")
    assert drawn.evaluate(MOVES), "for others something does"
    for view in VIEWS:
        open_view(settings, view)
        assert settings.evaluate(MOVES) == [], view


def test_in_forced_colours_what_is_chosen_and_what_is_drawn_can_be_told(settings):
    """By colours of the system alone, in every view: the tab that is open, the set that is chosen, the ink, the bars."""
    page = settings
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    for view in VIEWS:
        open_view(page, view)
        assert page.evaluate(FAULTS, view) == []
        open_tab, other = (page.locator(f"#views a{which}").first for which in ("[aria-current]", ":not([aria-current])"))
        line = "(tab) => getComputedStyle(tab).borderBlockEndColor"
        assert open_tab.evaluate(line) != other.evaluate(line), view
    open_view(page, "read")
    chosen, free = (page.locator(f"#allowed input{which} + span").first for which in (":checked", ":not(:checked)"))
    color = "(each) => getComputedStyle(each).backgroundColor"
    assert chosen.evaluate(color) != free.evaluate(color)
    bar = page.locator("#candidates .bar").first
    assert bar.evaluate("(bar) => getComputedStyle(bar, '::before').backgroundColor") != bar.evaluate(color)
    ink = page.evaluate("""() => {
        const pad = document.getElementById("pad");
        const { data } = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height);
        const at = data.findIndex((value, i) => i % 4 === 3 && value === 255) - 3;
        return `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
    }""")
    assert (
        ink
        == page.evaluate("getComputedStyle(document.getElementById('pad')).color")
        != page.locator("#sheet").evaluate(color)
    )
