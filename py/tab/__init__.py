"""Doors between the page and inkling: one module for each view, called by name from the worker.

The worker calls ``call("reading.read", [points, lengths, "0123456789"])`` with an array of JavaScript's. Typed
arrays in it become buffers and reach the doors as numpy arrays (one copy); what a door returns is made of dicts,
lists, numbers, strings and numpy arrays, which become records, lists and typed arrays again.
"""

import numpy as np

from tab import inside, learning, reading, teaching

VIEWS = {"inside": inside, "learning": learning, "reading": reading, "teaching": teaching}


def call(name, arguments):
    """Call the door ``view.function``; a name that is no door raises ValueError.

    arguments : list, or an array of JavaScript's, which is converted here in half the time that it takes there
    """
    view, _, function = name.partition(".")
    door = getattr(VIEWS.get(view), function, None)
    if door is None or function not in VIEWS[view].__all__:
        raise ValueError(f"no door named {name!r}; there are views {', '.join(VIEWS)}")
    if hasattr(arguments, "to_py"):
        arguments = arguments.to_py()
    return door(*(np.asarray(each) if isinstance(each, memoryview) else each for each in arguments))
