"""Stands in for asyncio: nothing here awaits, and asyncio with all it imports is a third of Python's first memory."""


def get_event_loop():
    raise RuntimeError("asyncio is left out of the snapshot")
