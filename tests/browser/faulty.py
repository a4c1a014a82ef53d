"""A server that misbehaves on purpose, and builds of the page that are wrong on purpose."""

import base64
import hashlib
import os
import shutil
import threading

from building.serve import Handler, Server


class FaultyHandler(Handler):
    """Serves `server.folder`, as `server.faults` say."""

    def parse_request(self):
        is_well = not self.server.is_down and super().parse_request()
        self.close_connection = True
        return is_well

    def file(self):
        self.directory = str(self.server.folder)
        return super().file()

    def answer(self, send):
        target = self.server.redirects.get(self.path.partition("?")[0])
        if target:
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        path = self.file()
        fault = next((fault for name, fault in self.server.faults.items() if path and path.name.startswith(name)), None)
        if fault is None:
            return super().answer(send)
        content = path.read_bytes()
        half = len(content) // 2
        if fault == "missing":
            return self.send_error(404)
        if fault == "an HTML page":
            return self._send(b"<!doctype html><title>Sign in</title><p>Welcome to this hotel's network.", kind="text/html")
        if fault == "truncated":
            return self._send(content[:half])
        if fault == "a byte flipped":
            return self._send(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
        if fault == "broken off":
            return self._send(content[:half], length=len(content))
        assert fault == "silent", fault
        self._send(content[:half], length=len(content))
        return self.server.is_over.wait()

    def end_headers(self):
        if not self.server.is_cached:
            self.send_header("Cache-Control", "no-store")
            super(Handler, self).end_headers()
        else:
            super().end_headers()

    def _send(self, content, length=None, kind="application/octet-stream"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


class FaultyServer(Server):
    """Serves a folder, which may be set anew, and each answer closes its connection.

    faults : {start of a file's name: "missing" | "an HTML page" | "truncated" | "a byte flipped" | "broken off" | "silent"}
    redirects : {path: where else it is}
    is_down : hang up on everybody
    is_cached : whether browsers may keep what is hashed, as they may with the real one
    """

    def __init__(self, folder, is_cached=True):
        super().__init__(folder, handler=FaultyHandler)
        self.folder, self.is_cached = folder, is_cached
        self.faults, self.redirects, self.is_down, self.is_over = {}, {}, False, threading.Event()

    def __exit__(self, *problem):
        self.is_over.set()
        super().__exit__(*problem)


def rebuilt(dist, folder, name, change):
    """A copy of dist/ in which an asset's content went through `change`, and the table of hashes agrees with it."""
    shutil.copytree(dist, folder, copy_function=os.link)
    [asset] = folder.glob(f"assets/{name}-*")
    old, new = asset.read_bytes(), change(asset.read_bytes())
    written = {asset: new}
    for script in ("start.js", "worker.js"):  # the page and its worker both have the table
        [path] = folder.glob(f"app-*/{script}")
        text = path.read_text()
        for before, after in ((_sha256(old), _sha256(new)), (f'"bytes": {len(old)}', f'"bytes": {len(new)}')):
            assert before in text
            text = text.replace(before, after)
        written[path] = text.encode()
    for path, content in written.items():
        path.unlink()  # the other name of the file keeps its content
        path.write_bytes(content)
    return folder


def _sha256(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
