"""Seconds of processor time, on the desktop and in Pyodide in Node: what others do on the machine does not count."""

import sys

if sys.platform == "emscripten":
    from js import process  # Node's

    def clock():
        used = process.cpuUsage()
        return (used.user + used.system) / 1e6
else:
    from time import thread_time as clock  # noqa: F401
