"""What arrives when a view opens, and not with the first visit: its Python, and the weights that it reads with."""

from collections.abc import Mapping
from typing import NamedTuple

from .sources import sources


class Later(NamedTuple):
    """What arrives with one module of `tab`.

    view : the title of the view that calls it
    weights : files of weights/ that it reads
    """

    view: str
    weights: tuple[str, ...]


# By the module of `tab` whose methods can be called from then on.
LATER = {"writing": Later("Write", ("words.npz", "en.txt.gz"))}


def later_sources(module: str, first: Mapping[str, str]) -> dict[str, str]:
    """{path in the checkout: text} of a module of `tab` and what it imports, but for what the `first` visit brings."""
    return {path: text for path, text in sources((f"tab.{module}",)).items() if path not in first}
