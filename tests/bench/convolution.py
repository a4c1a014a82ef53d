"""What a step of the FFT's work costs against a multiply-add of the matrix product: `FFT_STEP_COST`.

    PYTHONPATH=py python tests/bench/convolution.py

Runs under Pyodide too. Each line is one shape, the faster algorithm, and the ratio that makes
`fft_is_faster` break even there; their median is what `nn/convolution.py` has for this platform.
"""

import functools
import statistics
import time

import numpy as np

from inkling.nn.convolution import convolve, fft_is_faster, fft_work, matmul_work, padding_amounts

# Images, channels, side, filters, kernel.
SHAPES = (
    (1, 3, 32, 16, 3), (1, 16, 16, 32, 3), (1, 3, 32, 16, 9), (1, 8, 32, 8, 9), (1, 1, 32, 8, 11),
    (1, 1, 64, 4, 15), (1, 3, 64, 16, 15), (1, 16, 32, 16, 15), (8, 8, 32, 8, 7),
)  # fmt: skip


def fastest(work, times=7):
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main():
    rng = np.random.default_rng(0)
    ratios = []
    for n, c, side, f, k in SHAPES:
        x, w = rng.random((n, c, side, side), dtype=np.float32), rng.random((f, c, k, k), dtype=np.float32)
        matmul, fft = (fastest(functools.partial(convolve, x, w, algorithm=name)) for name in ("matmul", "fft"))
        pads = padding_amounts(side, k, 1, "same")
        sizes = (x.shape, w.shape, 1, pads, pads)
        ratios.append((fft / fft_work(*sizes)) / (matmul / matmul_work(*sizes)))
        faster, chosen = ("fft" if fft < matmul else "matmul"), ("fft" if fft_is_faster(*sizes) else "matmul")
        print(
            f"{(n, c, side, f, k)}: matmul {matmul * 1e3:.2f} ms, fft {fft * 1e3:.2f} ms, ratio {ratios[-1]:.1f}, faster {faster}, chosen {chosen}"
        )
    print(f"median ratio {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
