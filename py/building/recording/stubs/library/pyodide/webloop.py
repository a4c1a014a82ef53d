"""Stub of Pyodide's event loop, which is built on asyncio."""

# A snapshot must hold the same JavaScript objects as Python does after an ordinary boot; this is one of them.
from pyodide_js._api import scheduleCallback  # noqa: F401


def _initialize_event_loop():
    pass
