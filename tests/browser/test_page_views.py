"""A view is a folder with a page, a style and a script, and its name in the list of index.html; nothing else knows of it."""

import shutil

from building import assets
from building.serve import Server

PARTS = {
    "view.html": '<main id="hello" class="hello" tabindex="-1" hidden><p id="hello-words">Hello</p></main>\n',
    "view.css": ".hello p {\n  color: rgb(1, 2, 3);\n}\n",
    "view.js": """
export function connect({ client, ink, samples }) {
  const words = document.getElementById("hello-words");
  const shared = [client, ink, samples].every((each) => each instanceof EventTarget);
  return { title: "Hello", open: () => (words.textContent = `open ${shared}`), close: () => (words.textContent = "closed") };
}
""",
}


def test_a_view_is_added_by_a_folder_and_its_name(open_page, tmp_path, monkeypatch):
    web = shutil.copytree(assets.WEB, tmp_path / "web")
    (web / "hello").mkdir()
    for name, text in PARTS.items():
        (web / "hello" / name).write_text(text)
    shell = (web / "index.html").read_text()
    assert shell.count("<!-- views: read ") == 1
    (web / "index.html").write_text(shell.replace("<!-- views: read ", "<!-- views: read hello "))
    monkeypatch.setattr(assets, "WEB", web)
    assets.build(tmp_path / "dist")
    with Server(tmp_path / "dist") as server:
        page = open_page("/", address=server.address)
        assert page.locator("#views a").all_text_contents()[:2] == ["Read", "Hello"]
        page.click("text=Hello")
        page.wait_for_selector("#hello:not([hidden])")
        assert page.is_hidden("#read") and page.url.endswith("#hello")
        assert page.text_content("#hello-words") == "open true"
        assert page.eval_on_selector("#hello-words", "(words) => getComputedStyle(words).color") == "rgb(1, 2, 3)"
        page.evaluate("history.back()")
        page.wait_for_selector("#read:not([hidden])")
        assert page.is_hidden("#hello") and page.text_content("#hello-words") == "closed"
        assert not page.watch.errors and not page.watch.outside
        page.goto("about:blank")
