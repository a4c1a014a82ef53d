"""Stands in for Pyodide's event loop, which is built on asyncio."""

# A snapshot expects the JavaScript objects that Python holds to be those of an ordinary boot: this is one.
from pyodide_js._api import scheduleCallback  # noqa: F401


def _initialize_event_loop():
    pass
