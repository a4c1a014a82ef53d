"""Gzip as small as it gets in a second or two: what leaves the build once is downloaded by every visitor.

Runs in .venv, where the library for it is: `python squeeze.py < file > file.gz`.
"""

import subprocess
import sys


def squeeze(content):
    """Gzip'd content."""
    from .setup import venv_python

    return subprocess.run([venv_python(), __file__], input=content, stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    import deflate

    sys.stdout.buffer.write(deflate.gzip_compress(sys.stdin.buffer.read(), 12))
