"""Gzip as small as a second or two can make it, since every visitor downloads what is built once.

The library for it is in .venv, so it runs there: `python squeeze.py < file > file.gz`.
"""

import subprocess
import sys


def squeeze(content: bytes) -> bytes:
    """`content` gzip'd; the same bytes each time."""
    from .setup import venv_python

    return subprocess.run([venv_python(), __file__], input=content, stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    import deflate

    sys.stdout.buffer.write(deflate.gzip_compress(sys.stdin.buffer.read(), 12))
