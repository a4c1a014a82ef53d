"""What the page calls of inkling: a class for each view, whose public methods the worker calls by name.

The worker calls ``call("reading.read", [points, lengths, "0123456789"])`` with an array of JavaScript's. Typed
arrays in it become buffers and reach the methods as numpy arrays (one copy); what a method returns is made of dicts,
lists, numbers, strings and numpy arrays, which become records, lists and typed arrays again.
"""

from typing import Any

import numpy as np

from tab.inside import Inside
from tab.later import Later
from tab.learning import Learning
from tab.reading import Reading
from tab.session import Session
from tab.teaching import Teaching

session = Session()
VIEWS: dict[str, object] = {
    "inside": Inside(session),
    "learning": Learning(session),
    "reading": Reading(session),
    "teaching": Teaching(session),
}
VIEWS["later"] = Later(session, VIEWS)


def call(name: str, arguments: Any) -> Any:
    """Call ``view.method``.

    Parameters
    ----------
    arguments : list, or array of JavaScript's
        The latter is converted here, in half the time that it takes there.

    Raises
    ------
    ValueError
        For a name that is none of a view's public methods.
    """
    view, _, method = name.partition(".")
    # Methods of the class only: not what a view happens to hold.
    if method.startswith("_") or not callable(getattr(type(VIEWS.get(view)), method, None)):
        raise ValueError(f"no method named {name!r}; there are views {', '.join(VIEWS)}")
    if hasattr(arguments, "to_py"):
        arguments = arguments.to_py()
    return getattr(VIEWS[view], method)(*(np.asarray(each) if isinstance(each, memoryview) else each for each in arguments))
