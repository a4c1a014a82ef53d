"""How fast the shipped network's forward pass is against a reference that never changes.

The reference is the plain way: for each convolution the windows gathered, one product, bias, ReLU. It is
deliberately not the package's own code, so that what makes the package faster or slower shows in the ratio.
Runs in Pyodide in Node.
"""

import numpy as np

from inkling.ink.raster import CHANNELS, SIDE

from .clock import clock

# Input channels, side, filters of each 3 x 3 convolution that the reference does, whatever the network does.
CONVOLUTIONS = ((3, 32, 16), (16, 16, 32), (32, 16, 32), (32, 8, 64), (64, 8, 64), (64, 4, 128), (128, 4, 128))


class Reference:
    """One picture through CONVOLUTIONS, each on maps of its own."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.steps = [
            (rng.random((side + 2, side + 2, c), dtype=np.float32), rng.random((f, 9 * c), dtype=np.float32))
            for c, side, f in CONVOLUTIONS
        ]

    def forward(self):
        for maps, kernels in self.steps:
            side = len(maps) - 2
            windows = np.concatenate([maps[u : u + side, v : v + side] for u in range(3) for v in range(3)], axis=2)
            rows = windows.reshape(side * side, -1)
            y = np.einsum("ik,jk->ij", rows, kernels)  # the faster product where numpy has no BLAS
            y += 0.5
            np.maximum(y, 0, out=y)


def speed_ratio(answer, rounds=40):
    """Processor time of the reference over that of one `answer` to a picture, each the least of `rounds`, taking turns."""
    reference = Reference()
    x = np.random.default_rng(1).random((CHANNELS, SIDE, SIDE), dtype=np.float32)
    ours, theirs = [], []
    for _ in range(rounds):
        started = clock()
        answer(x)
        between = clock()
        reference.forward()
        ours.append(between - started)
        theirs.append(clock() - between)
    return min(theirs) / min(ours)
