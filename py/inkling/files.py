"""Where the files lie that come with the package."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# Inside the package where it was installed, beside py/ in the checkout.
_FOLDERS = (_PACKAGE / "weights", _PACKAGE.parents[1] / "weights")


def shipped(name: str) -> Path:
    """Path of the file called `name` in weights/; FileNotFoundError says where it was looked for."""
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    places = " nor in ".join(map(str, _FOLDERS))
    raise FileNotFoundError(f"{name}, which comes with inkling, is not in {places}; install the package anew")
