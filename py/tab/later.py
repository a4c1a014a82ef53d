"""Views whose Python arrives when they are opened, so that the first visit does not wait for it."""

import importlib
import json
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from tab.session import Session

# Here files lie as in the checkout.
HOME = Path(__file__).parents[2]


class Later:
    """Adds views to those that can be called: "writing" is the class `Writing` of tab/writing.py.

    views : {name: view}, added to
    home : the folder that holds py/ and weights/
    """

    def __init__(self, session: Session, views: MutableMapping[str, object], home: Path = HOME) -> None:
        self._session, self._views, self._home = session, views, home

    def has(self, view: str) -> bool:
        """Whether a view can be called."""
        return view in self._views

    def arrive(self, view: str, sources: memoryview, weights: Mapping[str, memoryview]) -> None:
        """Make a view of what has arrived, after which its methods can be called.

        sources : uint8, JSON: {path in the checkout: text} of Python that is not here yet
        weights : {name of a file in weights/: its content, uint8}
        """
        for path, text in json.loads(bytes(sources)).items():
            self._write(path, text.encode())
        for name, content in weights.items():
            self._write(f"weights/{name}", content)
        # Not importlib.invalidate_caches: it imports importlib.metadata, which the page would have to fetch.
        sys.path_importer_cache.clear()
        made = getattr(importlib.import_module(f"tab.{view}"), view.capitalize())
        self._views[view] = made(self._session)

    def _write(self, path: str, content: bytes | memoryview) -> None:
        place = self._home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
