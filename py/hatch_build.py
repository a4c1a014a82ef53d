"""Puts weights/ into the sdist and the wheel, as `inkling/weights/`.

In the checkout that folder lies beside py/, out of the backend's sight; in an unpacked sdist it lies in the package already.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WeightsHook(BuildHookInterface[Any]):
    """Hatchling finds it by this file's name."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder; FileNotFoundError if there are no weights, without which the package reads nothing."""
        if version == "editable":
            return  # used in place, where it finds them
        inside, beside = Path(self.root, "inkling", "weights"), Path(self.root).parent / "weights"
        if any(inside.glob("*.npz")):
            return
        if not any(beside.glob("*.npz")):
            raise FileNotFoundError(f"no weights to put into the package: there is no .npz in {beside}")
        build_data["force_include"][str(beside)] = "inkling/weights"
