"""The page as one file, opened from the disk, with no network at all."""

import pytest
from browsing import Watch, show, wait_until
from hand import EAR, Hand, fitted, plain, samples

from building import single

LIMIT = 24e6  # bytes
R = [plain(stroke) for stroke in fitted(dict(samples())["R"])]
TELL = "addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective, event.blockedURI));"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return single.build(tmp_path_factory.mktemp("single") / "inkling.html")


@pytest.fixture(scope="module")
def opened(browser, file):
    """The page of the file, ready. At its end it must have asked for nothing but itself, and broken no rule."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    watch = Watch(page, file.as_uri())
    page.add_init_script(EAR)
    page.add_init_script(TELL)
    page.goto(f"{file.as_uri()}#read")
    wait_until(page, "ready")
    yield page
    context.close()
    assert not watch.errors and not watch.outside


def test_one_file_within_the_limit(file):
    assert file.stat().st_size <= LIMIT
    assert [path.name for path in file.parent.iterdir()] == ["inkling.html"]


def test_starts_from_the_snapshot(opened):
    assert "from a snapshot in" in opened.text_content("#about-boot")
    assert "needs no network" in opened.text_content("#about-offline")


@pytest.fixture
def drawn(opened):
    """The same with an R on its pad."""
    show(opened, "read")
    hand = Hand(opened)
    hand.clear()
    hand.draw(R)
    return opened


def test_reads_what_is_drawn(drawn):
    assert Hand(drawn).answer() == "R"
    assert Hand(drawn).candidates()[0][1] > 0.9


def test_inside_shows_the_network_at_work(drawn):
    opened = drawn
    opened.evaluate("location.hash = 'inside'")
    opened.wait_for_selector("#overview .name >> text=Softmax")
    opened.wait_for_function("() => document.getElementById('inside-answer').textContent === 'R'")


def test_the_lab_trains(opened):
    opened.evaluate("location.hash = 'learn'")
    opened.wait_for_selector("#learn[data-state=ready]")
    for step in range(1, 4):
        opened.click("#lab-step")
        opened.wait_for_selector(f"#lab[data-steps='{step}']")
    assert float(opened.text_content("#lab-loss")) > 0
    assert opened.locator("#lab canvas").count()


def test_it_is_taught(drawn):
    opened = drawn
    opened.wait_for_function("() => document.getElementById('answer').textContent === 'R'")
    opened.locator("#pad").focus()
    opened.keyboard.press("Q")
    opened.wait_for_selector("#correct[data-state=taught]")
    opened.evaluate("location.hash = 'learn/hand'")
    opened.wait_for_selector("#hand-shelf .group[data-label=Q] li")


def test_the_ordinary_boot_is_in_it_too(browser, file):
    context = browser.new_context(offline=True)
    page = context.new_page()
    watch = Watch(page, file.as_uri())
    page.add_init_script(EAR)
    page.goto(f"{file.as_uri()}?boot=plain")
    wait_until(page, "ready")
    hand = Hand(page)
    hand.draw(R)
    assert hand.answer() == "R"
    context.close()
    assert not watch.errors and not watch.outside
