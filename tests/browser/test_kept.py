"""What was taught and how it is kept, on days when the disk, Python or another project on the origin are in the way."""

import json

import pytest
from browsing import show, wait_until
from hand import EAR, Hand
from test_teach import STUBBED, taught, teach

from inkling.data.formats import read_samples

# The databases that are open, and a gate that holds back the opening of any.
OPENED = """
  window.databases = new Set();
  window.gate = Promise.resolve();
  const add = EventTarget.prototype.addEventListener;
  IDBOpenDBRequest.prototype.addEventListener = function (type, listener, ...rest) {
    if (type !== "success") return add.call(this, type, listener, ...rest);
    return add.call(this, type, async (event) => {
      databases.add(this.result);
      await gate;
      listener.call(this, event);
    }, ...rest);
  };
"""
SHUT = "window.gate = new Promise((resolve) => { window.openGate = resolve; });"
NAMES = "async () => (await indexedDB.databases()).map(({ name }) => name)"


@pytest.fixture
def opened(open_page):
    """opened(*scripts, path="/") -> a page of its own, ready."""
    pages = []

    def opened(*scripts, **options):
        def prepare(page):
            for script in (EAR, *scripts):
                page.add_init_script(script)

        pages.append(open_page(prepare=prepare, viewport={"width": 1280, "height": 800}, **options))
        wait_until(pages[-1], "ready")
        return pages[-1]

    yield opened
    for page in pages:
        assert not page.watch.errors and not page.watch.outside


def another_tab(page, *scripts):
    other = page.context.new_page()
    for script in (EAR, *scripts):
        other.add_init_script(script)
    other.goto(page.url)
    wait_until(other, "ready")
    return other


def keep(page):
    page.get_by_role("button", name="Keep on this device").click()
    page.wait_for_function("() => document.getElementById('hand-keep').checked")


def has(page, count):
    page.wait_for_function("(count) => document.querySelectorAll('#hand-shelf li').length === count", arg=count)


def test_what_is_taught_while_the_store_opens_is_kept(opened):
    page = opened()
    teach(page, "a", "a")
    keep(page)
    other = another_tab(page, OPENED, SHUT)
    teach(other, "b", "b")
    other.evaluate("openGate()")
    has(other, 2)
    has(page, 2)
    page.reload()
    wait_until(page, "ready")
    has(page, 2)


def test_what_did_not_fit_is_counted_and_outlives_the_word_of_other_tabs(opened):
    page = opened(STUBBED)
    teach(page, "a", "a")
    keep(page)
    other = another_tab(page)
    has(other, 1)
    page.evaluate("window.isFull = true")
    teach(page, "b", "b")
    words = "no room left: 1 drawing is only in this tab"
    page.wait_for_function("(words) => document.getElementById('hand-said').textContent.includes(words)", arg=words)
    teach(other, "c", "c")
    has(page, 3)
    show(page, "learn/hand")
    assert taught(page) == [["a", 1], ["b", 1], ["c", 1]] and words in page.text_content("#hand-said")
    page.locator("#hand-said").get_by_role("button", name="Export").click()
    assert len(Hand(page).saved()[1].splitlines()) == 3
    page.evaluate("window.isFull = false")
    page.get_by_role("button", name="Try again").click()
    has(other, 3)
    page.wait_for_function("() => !document.getElementById('hand-said').textContent.includes('no room')")


CLOSINGS = {
    "the browser says so": "(d) => { d.close(); d.dispatchEvent(new Event('close')); }",
    "nobody says so": "(d) => d.close()",
    "and it is gone": """async (d) => {
        d.close();
        await new Promise((done) => { indexedDB.deleteDatabase(d.name).onsuccess = done; });
        d.dispatchEvent(new Event("close"));
    }""",
}


@pytest.mark.parametrize("closing", CLOSINGS.values(), ids=CLOSINGS)
def test_a_database_closed_under_the_page_is_opened_once_more(opened, closing):
    page = opened(OPENED)
    teach(page, "a", "a")
    keep(page)
    page.evaluate(f"() => Promise.all([...databases].map({closing}))")
    teach(page, "b", "b")
    page.wait_for_function(
        """(count) => document.getElementById("hand-count").textContent === count
            && document.getElementById("hand-said").textContent === ''""",
        arg="2 drawings of 2 characters, kept on this device.",
    )
    other = another_tab(page)
    has(other, 2)


def test_a_database_that_stays_closed_is_not_called_kept(opened):
    page = opened(OPENED)
    teach(page, "a", "a")
    keep(page)
    page.evaluate("""() => {
        window.open_ = IDBFactory.prototype.open;
        IDBFactory.prototype.open = () => { throw new DOMException("The disk is gone.", "UnknownError"); };
        for (const database of databases) { database.close(); database.dispatchEvent(new Event("close")); }
    }""")
    show(page, "learn/hand")
    page.wait_for_function("""() => document.getElementById("hand-said").textContent.includes("The disk is gone")
        && document.getElementById("hand-count").textContent.endsWith("in this tab only.")""")
    page.evaluate("() => { IDBFactory.prototype.open = window.open_; }")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_function("() => document.getElementById('hand-count').textContent.endsWith('kept on this device.')")
    has(another_tab(page), 1)


def test_undo_brings_back_what_was_deleted_last_and_then_what_was_before(opened):
    page = opened()
    for label in "abc":
        teach(page, label, label)
    show(page, "learn/hand")
    page.evaluate("""() => {
        for (const label of ["a", "b"]) document.querySelector(`[data-label="${label}"] .remove`).click();
    }""")
    assert taught(page) == [["c", 1]]
    page.locator("#hand-said").get_by_role("button", name="Undo").click()
    assert taught(page) == [["b", 1], ["c", 1]]
    page.locator("#hand-said").get_by_role("button", name="Undo").click()
    assert taught(page) == [["a", 1], ["b", 1], ["c", 1]]
    assert page.locator("#hand-said").get_by_role("button", name="Undo").count() == 0
    Hand(page).wait()


def test_what_is_kept_is_exported_without_python_as_the_same_numbers(opened, tmp_path):
    page = opened(OPENED, service_workers="block")
    for label in "aQ":
        teach(page, label, label)
    keep(page)
    kept = page.evaluate("""() => new Promise((resolve) => {
        const [database] = databases;
        database.transaction("samples").objectStore("samples").getAll().onsuccess = ({ target }) =>
            resolve(target.result.map(({ label, points }) => [label, Array.from(points)]));
    })""")
    page.route("**/assets/*", lambda route: route.abort())
    page.reload()
    wait_until(page, "failed")
    has(page, 2)
    show(page, "learn/hand")
    page.click("#hand-export")
    name, content = Hand(page).saved()
    (tmp_path / name).write_bytes(content)
    again = list(read_samples(tmp_path / name))
    assert sorted(sample.label for sample in again) == ["Q", "a"]
    for sample in again:
        points = [value for stroke in sample.strokes for point in stroke.tolist() for value in point]
        assert points == dict(kept)[sample.label], "the same float32 numbers"
    page.watch.errors.clear()  # of the files that were not there


def test_importing_twice_adds_nothing(opened):
    page = opened()
    show(page, "learn/hand")
    lines = [{"label": label, "strokes": [[[0.1, 0.2], [30, 40], [5, 60.123]]]} for label in "aab"]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()

    def import_it():
        page.set_input_files("#hand-file", {"name": "my.jsonl", "mimeType": "application/x-ndjson", "buffer": content})

    import_it()
    said = "(words) => document.getElementById('hand-said').textContent.includes(words)"
    page.wait_for_function(said, arg="2 drawings added from my.jsonl. 1 drawing there before")
    import_it()
    page.wait_for_function(said, arg="0 drawings added from my.jsonl. 3 drawings there before")
    page.click("#hand-export")
    own = Hand(page).saved()[1]
    page.set_input_files("#hand-file", {"name": "own.jsonl", "mimeType": "application/x-ndjson", "buffer": own})
    page.wait_for_function(said, arg="0 drawings added from own.jsonl. 2 drawings there before")
    assert taught(page) == [["a", 1], ["b", 1]]


def test_what_no_drawing_holds_is_left_out_of_an_import(opened):
    page = opened()
    show(page, "learn/hand")
    zigzag = [[i % 2 * 100, i * 0.001] for i in range(3000)]
    lines = [{"label": "a", "strokes": [zigzag]}, {"label": "b", "strokes": [[[0, 0], [3, 4]]]}]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    page.set_input_files("#hand-file", {"name": "my.jsonl", "mimeType": "application/x-ndjson", "buffer": content})
    has(page, 1)
    words = "1 drawing added from my.jsonl. 1 drawing left out: more ink than one drawing holds."
    page.wait_for_function("(words) => document.getElementById('hand-said').textContent.includes(words)", arg=words)


@pytest.mark.parametrize("symbol", ["\u2764\ufe0f", "\u2714\ufe0f", "\u2764", "e\u0301"])
def test_symbols_with_a_variation_selector_are_one_character(opened, symbol):
    page = opened()
    Hand(page).draw([[(0.3, 0.3), (0.7, 0.7)]])
    page.locator("#correct").get_by_role("button", name="choose").click()
    page.fill("#picker-symbol", symbol)
    page.keyboard.press("Enter")
    page.wait_for_selector("#correct[data-state=taught]")
    show(page, "learn/hand")
    (entry,) = taught(page)
    assert entry[1] == 1 and len(entry[0]) == 1 and entry[0] in (symbol[0], "é")
    page.click("#hand-export")
    content = Hand(page).saved()[1].decode()
    page.set_input_files(
        "#hand-file",
        {"name": "hers.jsonl", "mimeType": "", "buffer": content.replace(entry[0], symbol).replace("30", "31").encode()},
    )
    page.wait_for_function("() => document.getElementById('hand-said').textContent.includes('added from hers.jsonl')")
    assert [label for label, _ in taught(page)] == [entry[0]]


def test_names_belong_to_the_page_s_place_and_what_was_kept_under_old_names_is_carried_over(opened):
    page = opened()
    page.evaluate("""() => new Promise((resolve, reject) => {
        const request = indexedDB.open("inkling", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("samples", { keyPath: "id" });
        request.onsuccess = () => {
          const change = request.result.transaction("samples", "readwrite");
          change.objectStore("samples").put({ id: "1", label: "w", points: Float32Array.of(1, 2, 30, 40), lengths: Uint32Array.of(2),
              traced: false, writer: "me", made: 5 });
          change.oncomplete = () => { request.result.close(); resolve(); };
        };
        request.onerror = reject;
    })""")
    page.reload()
    wait_until(page, "ready")
    has(page, 1)
    show(page, "learn/hand")
    assert taught(page) == [["w", 1]]
    page.wait_for_function(
        "() => { indexedDB.databases().then((all) => { window.found = all.length; }); return window.found === 1; }"
    )
    assert page.evaluate(NAMES) == ["inkling /"]
    assert page.is_checked("#hand-keep")
    page.reload()
    wait_until(page, "ready")
    has(page, 1)
