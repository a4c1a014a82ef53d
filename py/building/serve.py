"""A server for dist/ as a static host would be: right types, gzip, and hashed files cached for ever."""

import functools
import gzip
import http.server
import re
import threading
import webbrowser
from pathlib import Path

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

    def do_GET(self):
        self.answer(self.wfile.write)

    def do_HEAD(self):
        self.answer(lambda content: None)

    def answer(self, send):
        path = self.file()
        if path is None:
            return self.send_error(404)
        stat = path.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return None
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
        return send(content)

    def file(self):
        """The file asked for, or None."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path = path / "index.html"
        return path if path.is_file() else None

    def end_headers(self):
        hashed = HASHED.search(self.path)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache")
        super().end_headers()

    def log_message(self, format, *arguments):
        pass


@functools.lru_cache(maxsize=256)
def _gzipped(path, _modified):
    return gzip.compress(path.read_bytes(), 6, mtime=0)


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder on 127.0.0.1; port 0 takes a free one. A context manager that serves in a thread."""

    daemon_threads = True

    def __init__(self, folder=DIST, port=0, handler=Handler):
        super().__init__(("127.0.0.1", port), functools.partial(handler, directory=str(folder)))

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        pass  # a browser that hangs up in the middle of an answer

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *problem):
        self.shutdown()
        self.server_close()


def serve(port, open_browser=False):
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
