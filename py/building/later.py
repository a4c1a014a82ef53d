"""What arrives when a view opens, and not with the first visit: its Python, and the weights that it reads with."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .errors import BuildError
from .paths import VENV
from .sources import sources


class Later(NamedTuple):
    """What arrives with one module of `tab`.

    view : the title of the view that calls it
    weights : files of weights/ that it reads
    pictures : files that the page itself asks for, from the folder `pictures()`
    """

    view: str
    weights: tuple[str, ...]
    pictures: tuple[str, ...] = ()


# By the module of `tab` whose methods can be called from then on.
LATER = {
    "writing": Later("Write", ("words.npz", "en.txt.gz")),
    "photos": Later("photos in Inside", ("photos.npz",), ("chelsea.png", "coffee.png", "rocket.jpg")),
}


def pictures() -> Path:
    """The folder of scikit-image's photographs, which is installed for them; BuildError where it is not."""
    found = next(VENV.glob("**/site-packages/skimage/data"), None)
    if not found:
        raise BuildError("scikit-image's pictures are missing from .venv; delete that folder, and it is installed anew.")
    return found


def later_sources(module: str, first: Mapping[str, str]) -> dict[str, str]:
    """{path in the checkout: text} of a module of `tab` and what it imports, but for what the `first` visit brings."""
    return {path: text for path, text in sources((f"tab.{module}",)).items() if path not in first}
