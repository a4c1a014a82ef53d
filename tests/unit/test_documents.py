"""What the documents name is there: links, files, commands; and what the workflow may do."""

import re
import subprocess
import sys

import pytest

from building.paths import ROOT

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
DOCUMENTS = [ROOT / name for name in TRACKED if name.endswith(".md")]
# A file's name in backticks, with or without folders before it; endings alone, as in `.npz`, are none.
FILE = re.compile(r"`([\w.-]+/)*(?P<name>[\w-]+\.(py|js|mjs|css|html|toml|yml|md|npz))`")


@pytest.fixture(scope="module")
def commands():
    """{"build.py" or "inkling": the commands that its --help lists}."""

    def listed(*program):
        done = subprocess.run(
            [sys.executable, *program, "--help"], cwd=ROOT / "py", capture_output=True, text=True, check=True
        )
        return set(re.search(r"\{([\w,-]+)\}", done.stdout)[1].split(","))

    return {"build.py": listed("../build.py"), "inkling": listed("-m", "inkling")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_names_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert not [link for link in links if not (path.parent / link).exists()]
    names = {name.rpartition("/")[2] for name in TRACKED}
    # What a run writes or a reader brings is in no checkout.
    made = {"inkling.html", "report.html", "mine.npz", "checkpoint.npz", "emnist.npz", "service-worker.js"}
    assert not {match["name"] for match in FILE.finditer(text)} - names - made


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_exist(path, commands):
    text = path.read_text(encoding="utf-8")
    asked = [("build.py", name) for name in re.findall(r"python3 build\.py ([a-z-]+)", text)]
    asked += [("inkling", name) for name in re.findall(r"^ {4}(?:python -m )?inkling ([a-z-]+)", text, re.MULTILINE)]
    asked += [("inkling", name) for name in re.findall(r"`(?:python -m )?inkling ([a-z-]+)", text)]
    assert not [(program, name) for program, name in asked if name not in commands[program] and not name.startswith("-")]


def test_the_workflow_tests_pull_requests_and_may_deploy_only_where_it_deploys():
    text = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    before, deploying = text.split("\n  deploy:\n")
    assert re.search(r"^  pull_request:", before, re.MULTILINE) and "run: python3 build.py test" in before
    assert "write" not in before and "secrets" not in text
    assert {"needs: test", "if: github.event_name == 'push'", "pages: write", "id-token: write"} <= {
        line.strip() for line in deploying.splitlines()
    }
