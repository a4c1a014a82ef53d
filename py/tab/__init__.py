"""Doors between the page and inkling: one module for each view, called by name from the worker.

The worker calls ``call("reading.read", [points, lengths, "0123456789"])``. Typed arrays of JavaScript arrive
as buffers and reach the doors as numpy arrays (no copy); what a door returns is made of dicts, lists,
numbers, strings and numpy arrays, which become records, lists and typed arrays again.
"""

import numpy as np

from tab import inside, learning, reading, teaching

VIEWS = {"inside": inside, "learning": learning, "reading": reading, "teaching": teaching}


def call(name, arguments):
    """Call the door ``view.function``; a name that is no door raises ValueError."""
    view, _, function = name.partition(".")
    door = getattr(VIEWS.get(view), function, None)
    if door is None or function not in VIEWS[view].__all__:
        raise ValueError(f"no door named {name!r}; there are views {', '.join(VIEWS)}")
    return door(*(np.asarray(each) if isinstance(each, memoryview) else each for each in arguments))
