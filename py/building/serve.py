"""A server for dist/ that behaves like a static host: right types, gzip, hashed files cached for ever."""

import functools
import gzip
import http.server
import re
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Self

from .paths import DIST

TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".npz": "application/octet-stream",
    ".whl": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
COMPRESSED = {".html", ".js", ".mjs", ".css", ".json", ".wasm", ".webmanifest", ".svg", ".so"}
HASHED = re.compile(r"/(app-[0-9a-f]{12}/|assets/[^/]+-[0-9a-f]{12}\.)")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves one folder."""

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

    def do_GET(self) -> None:
        """Answer with the file."""
        self.answer(self.wfile.write)

    def do_HEAD(self) -> None:
        """Answer with the headers alone."""
        self.answer(lambda _content: None)

    def answer(self, send: Callable[[bytes], object]) -> None:
        """Send the headers for what was asked for, and give its content to `send`."""
        path = self.file()
        if path is None:
            self.send_error(404)
            return
        stat = path.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        zipped = path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        content = _gzipped(path, stat.st_mtime_ns) if zipped else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("ETag", tag)
        self.end_headers()
        send(content)

    def file(self) -> Path | None:
        """The file asked for, or None."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path = path / "index.html"
        return path if path.is_file() else None

    def end_headers(self) -> None:
        """Add how long the answer may be cached."""
        hashed = HASHED.search(self.path)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache")
        super().end_headers()

    def log_message(self, *_message: object) -> None:
        """Say nothing: the terminal is for what went wrong."""


@functools.lru_cache(maxsize=256)
def _gzipped(path: Path, _modified: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder on 127.0.0.1; port 0 takes a free one. A context manager that serves in a thread."""

    daemon_threads = True

    def __init__(self, folder: Path = DIST, port: int = 0, handler: type[Handler] = Handler) -> None:
        super().__init__(("127.0.0.1", port), functools.partial(handler, directory=str(folder)))

    @property
    def address(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_connection: object) -> None:
        """Say nothing of browsers that hang up in the middle of an answer."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.shutdown()
        self.server_close()


def serve(port: int, open_browser: bool = False) -> None:
    """Serve dist/ until interrupted."""
    server = Server(port=port)
    print(f"Inkling is at {server.address} (Ctrl+C stops it)", flush=True)
    if open_browser:
        webbrowser.open(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()
