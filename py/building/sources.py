"""The Python that runs in the page: what `tab` imports, and what that imports, found by reading the imports."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from .paths import PY, ROOT

# What the page imports by name: the worker, and the recording of the snapshot.
ENTRIES = ("tab", "tab.known")


def sources(entries: Iterable[str] = ENTRIES) -> dict[str, str]:
    """{path in the checkout: text} of these modules, the page's own, and of those that they import, and of no others."""
    found: dict[Path, str] = {}
    todo = list(entries)
    while todo:
        name = todo.pop()
        path = _path(name)
        if path is None or path in found:
            continue
        found[path] = path.read_text(encoding="utf-8")
        todo += [name.rpartition(".")[0], *imported(name, path, found[path])]
    return {path.relative_to(ROOT).as_posix(): found[path] for path in sorted(found)}


def imported(name: str, path: Path, text: str) -> Iterator[str]:
    """Names that a module imports, as modules; some of those taken out of a module are no modules themselves."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in _run(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, node.module] if node.module else above)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _run(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes of a module but for what only a type checker sees."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop(0)
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            todo += ast.iter_child_nodes(node)


def _path(name: str) -> Path | None:
    place = PY.joinpath(*name.split("."))
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if name and path.is_file()), None)
