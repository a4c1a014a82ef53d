"""The built page with the bench's own pages beside it, at one origin."""

import http.server
import json
import shutil
from pathlib import Path

import numpy as np
from exports.onnx import onnx_model
from exports.tfjs import tfjs_model

from building import assets, serve
from building.bundle import joined
from measuring import npm

# Those that the page's own modules are joined into.
JOINED = ("inkling.js", "inkling-worker.js")
PAGES = Path(__file__).resolve().parents[1] / "pages"


def make(folder, network, pictures):
    """Build the page into `folder`, and beside its scripts bench/: pages, npm packages, exported models, inputs (N, C, H, W).

    Returns the address of bench/.
    """
    assets.build(folder)
    bench = next(folder.glob("app-*")) / "bench"
    shutil.copytree(PAGES, bench)
    _, web = assets.parts()
    web |= {f"bench/{name}": (PAGES / name).read_bytes() for name in JOINED}
    app = joined(web, {f"bench/{name}": name for name in JOINED})
    for name in JOINED:
        (bench.parent / name).write_bytes(app[name])  # at the top, where modules that speak of other files expect to be
    (bench / JOINED[0]).write_text(f'export * from "../{JOINED[0]}";')
    (bench / "npm").symlink_to(npm.NODE_MODULES)
    model = bench / "model"
    model.mkdir()
    (model / "inkling.onnx").write_bytes(onnx_model(network))
    graph, weights = tfjs_model(network)
    graph["weightsManifest"][0]["paths"] = ["weights.data"]
    (model / "model.json").write_text(json.dumps(graph))
    (model / "weights.data").write_bytes(weights)
    (model / "inputs-NCHW.data").write_bytes(pictures.astype("<f4").tobytes())
    (model / "inputs-NHWC.data").write_bytes(np.ascontiguousarray(pictures.transpose(0, 2, 3, 1), "<f4").tobytes())
    return bench.relative_to(folder).as_posix()


class Handler(serve.Handler):
    """Isolates its pages, which gives them a clock of 5 microseconds, keeps all but pages, and counts what it sends."""

    def answer(self, send):
        def counted(content):
            if "/inputs-" not in self.path:
                self.server.sent += len(content)
            return send(content)

        return super().answer(counted)

    def end_headers(self):
        kept = serve.HASHED.search(self.path)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if kept else "no-cache")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        http.server.SimpleHTTPRequestHandler.end_headers(self)


class Server(serve.Server):
    """`sent`: bytes of all bodies so far, as compressed for the wire, less the inks that every engine is given."""

    def __init__(self, folder):
        super().__init__(folder, handler=Handler)
        self.sent = 0
        serve.COMPRESSED.update({".onnx", ".data"})
