"""Keys on every layout, single characters only on a pad, and what a screen reader is told."""

from pathlib import Path

import pytest
from browsing import show, wait_until
from contacts import Contacts
from hand import EAR, Hand

ROOT = Path(__file__).parents[2]
BAR = [(0.5, 0.2 + 0.6 * step / 10) for step in range(11)]
PADS = {
    "read": "#pad",
    "inside": "#inside-pad",
    "learn": "#lab-pad",
    "learn/collect": "#collect-pad",
}

# A key of a Cyrillic layout: the browsers' drivers press only Latin ones.
PRESS = """([selector, init]) => document.querySelector(selector).dispatchEvent(
    new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }))"""


@pytest.fixture
def read(hand):
    show(hand.page, "read")
    hand.clear()
    return hand


@pytest.mark.parametrize("view", ["read", "learn/collect"])
def test_undo_and_redo_by_the_keys_of_a_layout_without_latin_letters(hand, view):
    page = hand.page
    show(page, view)
    if view == "learn/collect" and page.is_visible("#collect-choice"):
        page.click("#collect-choice button.main")
    pad = PADS[view]
    page.focus(pad)
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    clear = page.locator({"read": "#clear", "learn/collect": "#collect-clear"}[view])
    assert clear.get_attribute("aria-disabled") == "false"

    def press(**init):
        page.evaluate(PRESS, [pad, {"ctrlKey": True, **init}])
        return clear.get_attribute("aria-disabled") == "true"

    assert press(key="я", code="KeyZ") is True
    assert press(key="Я", code="KeyZ", shiftKey=True) is False
    assert press(key="я", code="KeyZ") is True
    assert press(key="н", code="KeyY") is False
    # On a layout with Latin letters the letter counts: Z lies where others have Y.
    assert press(key="z", code="KeyY") is True
    assert press(key="y", code="KeyZ") is False
    page.keyboard.press("Escape")


def test_single_characters_act_only_on_the_pad(read):
    """Dictated words, or keys pressed at a button, teach nothing and open nothing (WCAG 2.1.4)."""
    page = read.page
    read.draw([BAR])
    for place in ("#undo", "#open", "#read", "#views a", "body"):
        page.evaluate(
            "(place) => place === 'body' ? document.activeElement.blur() : document.querySelector(place).focus()", place
        )
        page.keyboard.type("save?")
        assert page.get_attribute("#correct", "data-state") == "asking", place
        assert page.locator("dialog[open]").count() == 0, place
    page.focus("#pad")
    page.keyboard.press("?")
    assert "while the drawing area has the focus" in page.inner_text("#help")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_selector("#correct[data-state=taught]")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#correct[data-state=asking]")


def test_a_finger_gives_the_pad_the_focus(open_page):
    page = open_page(prepare=lambda page: page.add_init_script(EAR), has_touch=True, viewport={"width": 390, "height": 844})
    wait_until(page, "ready")
    page.focus("#help-open")
    Contacts(page, "pad").stroke(1, "touch", [(0.5, 0.5), (0.5, 0.6)])
    assert page.evaluate("document.activeElement.id") == "pad"
    ring = "getComputedStyle(document.getElementById('pad')).outlineStyle"
    assert page.evaluate(ring) == "none", "the ring is the keyboard's"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(ring) == "solid"


@pytest.mark.parametrize("view", PADS)
def test_pads_take_the_arrow_keys_from_screen_readers(page, view):
    """Under the roles img and none they would move the reading cursor instead."""
    pad = page.locator(PADS[view])
    assert pad.get_attribute("role") == "application" and pad.get_attribute("aria-label")


def test_candidates_are_buttons_that_name_what_they_show(read):
    page = read.page
    read.draw([BAR])
    for row in page.locator("#candidates button").all():
        label, share = row.locator(".label").text_content(), row.locator(".percent").text_content()
        name = row.get_attribute("aria-label")
        assert name.endswith(f"{label} {share}"), name
    second = page.locator("#candidates li").nth(1)
    label = second.get_attribute("data-label")
    second.locator("button").press("Enter")
    page.wait_for_selector("#correct[data-state=taught]")
    assert page.inner_text("#correct").startswith(f"Learned as {label}")
    page.get_by_role("button", name="Take back").click()
    page.wait_for_selector("#correct[data-state=asking]")


@pytest.mark.parametrize("view", ["read", "write", "inside", "learn", "learn/hand", "learn/collect"])
def test_names_contain_the_visible_words(page, view):
    """So that who speaks to a control says what he sees (WCAG 2.5.3). Signs such as × and ? are no words."""
    show(page, view)
    wrong = page.locator(":is(button, a, input, summary)[aria-label]").evaluate_all(r"""(all) => all
        .filter((each) => each.offsetParent || each.type === "radio")
        .map((each) => [each.ariaLabel.toLowerCase(), (each.labels?.[0]?.innerText ?? each.innerText).trim().toLowerCase()])
        .filter(([name, seen]) => !seen.split(/\s+/).every((word) => !/[\p{L}\p{N}]/u.test(word) || name.includes(word)))""")
    assert wrong == []


def test_titles_name_the_view(page):
    titles = {}
    for view in ["write", "inside", "learn", "learn/hand", "learn/collect", "read"]:
        show(page, view)
        page.wait_for_function("(before) => document.title !== before", arg=list(titles.values())[-1] if titles else "")
        titles[view] = page.title()
    assert titles == {
        "write": "Write: Inkling",
        "inside": "Inside: Inkling",
        "learn": "Train, Learn: Inkling",
        "learn/hand": "Your hand, Learn: Inkling",
        "learn/collect": "Collect, Learn: Inkling",
        "read": "Read: Inkling",
    }


def test_nothing_is_spoken_twice(read):
    """No other live region says what the announcer says."""
    page = read.page
    page.evaluate("""() => {
        window.heard = [];
        for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
          new MutationObserver(() => region.textContent.trim() && heard.push(region.textContent.trim()))
            .observe(region, { childList: true, characterData: true, subtree: true });
    }""")
    show(page, "learn/hand")
    bad = {"name": "none.jsonl", "mimeType": "text/plain", "buffer": b"nothing\n"}
    page.set_input_files("#hand-file", bad)
    page.wait_for_function("() => heard.some((words) => words.includes('none.jsonl') && !words.startsWith('Reading'))")
    show(page, "learn/collect")
    if page.is_visible("#collect-stop"):
        page.click("#collect-stop")
    page.select_option("#collect-choice [name=set]", "own")
    page.fill("#collect-own input, input#collect-own", "")
    page.click("#collect-choice button.main")
    page.wait_for_function("() => heard.some((words) => words.startsWith('Write the characters'))")
    show(page, "inside")
    page.wait_for_selector('#inside[data-state="ready"]')
    page.locator("#fool-start").click()
    heard = page.evaluate("heard.map((words) => words.trim())")
    assert len(heard) == len(set(heard)), heard


def test_about_links_to_the_licence_and_the_model_card(page):
    page.click("#help-open")
    links = page.locator("#help a").evaluate_all("(all) => all.map((link) => link.href)")
    page.keyboard.press("Escape")
    texts = [page.request.get(link).text() for link in links]
    assert texts == [(ROOT / name).read_text() for name in ("LICENSE", "weights/README.md")]


# What a translator of the browser's does: text is rewritten and wrapped, but for what says translate="no".
TRANSLATOR = """() => {
    const translate = (node) => {
      for (const text of node.nodeType === Node.TEXT_NODE ? [node] : texts(node)) {
        const { parentElement: parent } = text;
        if (!text.data.trim() || !parent || parent.closest("font, [translate=no], script, style, svg")) continue;
        const font = document.createElement("font");
        text.replaceWith(font);
        font.append("\u00ab" + text.data.replaceAll(/\\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))) + "\u00bb");
      }
    };
    const texts = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const all = [];
      while (walker.nextNode()) all.push(walker.currentNode);
      return all;
    };
    translate(document.body);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(translate)))
      .observe(document.body, { childList: true, subtree: true });
}"""


def test_a_translator_breaks_nothing(open_page):
    """Words and figures are rewritten under the page's hands; it goes on reading, explaining and training."""
    page = open_page(prepare=lambda page: page.add_init_script(EAR))
    wait_until(page, "ready")
    page.evaluate(TRANSLATOR)
    hand = Hand(page)
    hand.draw([BAR])
    label = hand.answer()
    assert label and page.inner_text("#caption").startswith("«")
    page.locator("#candidates button").nth(1).click()
    page.wait_for_selector("#correct[data-state=taught]")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#correct[data-state=asking]")
    show(page, "inside")
    page.wait_for_selector('#inside[data-state="ready"]')
    page.locator("#what-if").scroll_into_view_if_needed()
    page.select_option("#what-if [name=padding]", "valid")
    page.select_option("#what-if [name=pooling]", "average")
    page.wait_for_selector('#what-if[data-state="done"]')
    page.locator("#layer-after").click()
    page.wait_for_function("() => document.getElementById('arithmetic-body').dataset.result")
    show(page, "learn")
    page.wait_for_selector('#learn[data-state="ready"]')
    page.select_option("#lab-settings [name=layers]", "1")
    page.click("#lab-step")
    page.wait_for_selector('#lab[data-steps="1"]')
    page.click("#lab-step")
    page.wait_for_selector('#lab[data-steps="2"]')
    assert page.locator("option:not([value])").count() == 0
    assert not page.watch.errors
