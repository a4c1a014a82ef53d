"""Run inside Pyodide while recording: import what the page needs, read once, and tidy up."""

import gc
import linecache
import re
import sys
import traceback  # noqa: F401  (an error after restoring must still be told)
import typing
import zipimport

sys.path.insert(0, "/inkling/py")

import numpy.fft  # numpy imports these two only when they are first used
import numpy.random

from tab import known, session

answer = known.answer()
session.reader.release()

# Caches fill again when they are needed. That of the library's table of contents must go, since the page
# has another file in that place.
for clear in typing._cleanups:
    clear()
re.purge()
linecache.clearcache()
sys.path_importer_cache.clear()
zipimport._zip_directory_cache.clear()
del clear, numpy
gc.collect()
gc.freeze()  # all this stays for good: to search it for garbage again would take 15 ms now and then, amid reading

answer  # noqa: B018 (the value of a script is that of its last line)
