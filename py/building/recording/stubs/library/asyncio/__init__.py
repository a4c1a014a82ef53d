"""Stub of asyncio: nothing here awaits, and asyncio with all that it imports is a third of Python's memory at the start."""


def get_event_loop():
    """Nothing that runs in the page asks for one."""
    raise RuntimeError("asyncio is left out of the snapshot")
