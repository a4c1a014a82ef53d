"""What arrives when a view opens: its Python and its weights, once, checked, and again for a worker that is started anew."""

import shutil

import pytest
from browsing import BOOT, wait_until
from faulty import FaultyServer
from hand import EAR

from building import assets
from building.later import LATER

CHROMIUM = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # where browsers do not differ
# The page with a door for these tests: arrive() -> "" once it has arrived, or why not; `told` is the progress.
DOOR = """
import { wordsArrived } from "../python/later.js";
globalThis.told = [];
globalThis.arrive = () => wordsArrived(client, (progress) => told.push(progress)).then(() => "", ({ message }) => message);
globalThis.python = (name, ...args) => client.call(name, ...args);
"""
READ = """async () => (await python("writing.read", Float32Array.of(30, 10, 30, 60, 30, 100), Int32Array.of(3),
                                    { allowed: null, language: "en" })).text"""
# Every weight, and the modules that are in no first visit.
FILES = ("words-", "en.", "writing-")


@pytest.fixture(scope="module")
def with_door(tmp_path_factory):
    folder = tmp_path_factory.mktemp("door")
    web = shutil.copytree(assets.WEB, folder / "web")
    main = web / "app/main.js"
    main.write_text(main.read_text() + DOOR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "WEB", web)
        assets.build(folder / "dist")
    return folder / "dist"


@pytest.fixture
def server(with_door):
    with FaultyServer(with_door) as server:
        yield server


@pytest.fixture
def opened(open_page, server):
    """opened(**options) -> a page with a door, ready; `page.asked` are the names of the assets that it asked for."""

    def opened(path="/", prepare=(), **options):
        asked = []

        def listen(page):
            page.on("request", lambda request: "/assets/" in request.url and asked.append(request.url.split("/")[-1]))
            for script in (EAR, *prepare):
                page.add_init_script(script)

        page = open_page(path, prepare=listen, **options)
        page.asked = asked
        wait_until(page, "ready")
        return page

    return opened


def of(page, start):
    return [name for name in page.asked if name.startswith(start)]


def test_it_is_there_once_it_has_arrived_and_not_before(opened):
    page = opened(service_workers="block")
    assert not of(page, FILES), "a first visit has nothing of it"
    refused = page.evaluate("() => python('writing.read').catch(({ message }) => message)")
    assert "no method named 'writing.read'" in refused
    assert page.evaluate("arrive()") == ""
    assert len(of(page, FILES)) == 1 + len(LATER["writing"].weights)
    assert not of(page, "python_stdlib"), "all that it needs of the standard library is in the snapshot"
    assert page.evaluate(READ) != ""
    told = page.evaluate("told")
    assert all(0 <= each["loaded"] <= each["total"] == told[0]["total"] for each in told)
    assert told[-1]["loaded"] == told[-1]["total"] > 1e6
    # Asked once more it is there, and nothing is asked for or sent again.
    calls = page.evaluate("talk.calls.filter(({ name }) => name === 'later.arrive').length")
    assert page.evaluate("arrive()") == ""
    assert len(of(page, FILES)) == 3 and calls == 1
    assert page.evaluate("talk.calls.filter(({ name }) => name === 'later.arrive').length") == 1
    assert not page.watch.errors


@CHROMIUM
def test_two_that_wait_share_one_download(opened):
    page = opened(service_workers="block")
    assert page.evaluate("() => Promise.all([arrive(), arrive()])") == ["", ""]
    assert len(of(page, FILES)) == 3
    assert page.evaluate(READ) != ""


@CHROMIUM
def test_asked_for_while_python_starts(opened):
    """The page asks at once, as it does where who wrote last lands on Write."""
    at_once = "addEventListener('DOMContentLoaded', () => setTimeout(() => { globalThis.first = arrive(); }));"
    page = opened(prepare=[at_once], service_workers="block")
    assert page.evaluate("first") == ""
    assert page.evaluate(READ) != ""


@CHROMIUM
@pytest.mark.parametrize(("fault", "reason"), [
    ("missing", "could not be downloaded"), ("a byte flipped", "is not the file it should be"), ("broken off", "broke off"),
])  # fmt: skip
def test_what_did_not_arrive_is_said_and_can_be_asked_for_again(opened, server, fault, reason):
    page = opened(service_workers="block")
    server.faults = {"words-": fault}
    said = page.evaluate("arrive()")
    assert "words.npz" in said and reason in said
    assert page.evaluate("() => python('later.has', 'writing')") is False
    server.faults = {}
    page.asked.clear()
    assert page.evaluate("arrive()") == ""
    # Perhaps twice: browsers may have kept the damaged one.
    assert {name.split("-")[0] for name in of(page, FILES)} == {"words"}, "what had arrived is not asked for again"
    assert page.evaluate(READ) != ""


KILL = """() => talk.workers.at(-1).dispatchEvent(
  new MessageEvent("message", { data: { type: "failed", stage: "", message: "It broke.", detail: "" } }))"""


def test_a_worker_that_is_started_anew_gets_it_from_the_page(opened, server):
    page = opened(service_workers="block")
    assert page.evaluate("arrive()") == ""
    before = page.evaluate(READ)
    page.asked.clear()
    page.evaluate(KILL)
    assert page.evaluate("arrive()") == "", "it waits for Python, which is being started"
    assert page.evaluate(READ) == before
    assert not of(page, FILES)


@CHROMIUM
def test_a_worker_that_dies_while_it_arrives(opened):
    page = opened(service_workers="block")
    page.evaluate("() => { globalThis.first = arrive(); }")
    page.wait_for_function("() => talk.calls.some(({ name }) => name.startsWith('later.'))")
    page.evaluate(KILL)
    assert page.evaluate("first") == ""
    assert page.evaluate(READ) != ""


@CHROMIUM
def test_python_that_does_not_run_is_said(opened):
    page = opened(service_workers="block")
    page.evaluate("() => { window.Worker = class { constructor() { throw new Error('none left'); } }; }")
    page.evaluate(KILL)
    assert "Python is not running" in page.evaluate("arrive()")


@CHROMIUM
def test_the_ordinary_boot_gets_it_too(opened):
    page = opened("/?boot=plain", service_workers="block")
    assert page.evaluate("arrive()") == ""
    assert page.evaluate(READ) != ""


def test_without_a_network_it_arrives_though_it_was_never_asked_for(opened, server):
    page = opened()
    page.wait_for_selector("html[data-offline=ready]", timeout=BOOT)
    server.is_down = True
    page.reload()
    wait_until(page, "ready")
    assert page.evaluate("arrive()") == ""
    assert page.evaluate(READ) != ""


@CHROMIUM
def test_ready_for_offline_waits_for_it(opened, server):
    server.faults = {"words-": "missing"}
    page = opened()
    page.wait_for_selector("html[data-offline=partly]", timeout=BOOT)
    assert "but for Write" in page.text_content("#about-offline")
    server.faults = {}
    page.reload()
    page.wait_for_selector("html[data-offline=ready]", timeout=BOOT)
