"""An optimizer for long trainings of convolutions: steps of which every direction is equally long."""

from __future__ import annotations

import numpy as np

from .optimizers import AdamW

# Newton and Schulz's iteration with the coefficients of Jordan et al. 2024: five rounds bring all singular values that
# are not tiny to between 0.7 and 1.2, which is near enough to 1.
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5


class Muon:
    """Momentum, made orthogonal before each step (K. Jordan et al. 2024, "Muon: an optimizer for hidden layers").

    A kernel's gradient, as a matrix of (filters, what each sees), is dominated by a few directions; with all its singular
    values set to 1, rare directions are learned as fast as common ones. All arrays but the kernels of convolutions, and the
    last layer's, are left to `AdamW` at a share of the rate.

    parameters : list of arrays, in the network's order
    rate : of the orthogonal steps; `share` of it is AdamW's
    decay : decoupled, as in AdamW
    """

    def __init__(
        self,
        parameters: list[np.ndarray],
        rate: float = 0.02,
        momentum: float = 0.95,
        decay: float = 0.05,
        share: float = 0.25,
    ):
        self.parameters, self.rate, self.momentum, self.decay, self.share = parameters, rate, momentum, decay, share
        matrices = [number for number, array in enumerate(parameters) if array.ndim > 1]
        self._kernels = [number for number in matrices[:-1] if parameters[number].ndim == 4]
        self._others = sorted(set(range(len(parameters))) - set(self._kernels))
        self.velocities = [np.zeros_like(parameters[number]) for number in self._kernels]
        self.adamw = AdamW([parameters[number] for number in self._others], rate * share, decay=0.01)

    def step(self, gradients: list[np.ndarray]) -> None:
        """Change the parameters in place, by gradients in the same order."""
        for number, velocity in zip(self._kernels, self.velocities):
            kernel, gradient = self.parameters[number], gradients[number]
            velocity += (1 - self.momentum) * (gradient - velocity)
            # Nesterov's: where the momentum will have gone.
            ahead = gradient + self.momentum * (velocity - gradient)
            direction = orthogonal(ahead.reshape(len(ahead), -1))
            stretch = max(1.0, direction.shape[0] / direction.shape[1]) ** 0.5
            kernel *= 1 - self.rate * self.decay
            kernel -= (self.rate * stretch) * direction.reshape(kernel.shape)
        self.adamw.rate = self.rate * self.share
        self.adamw.step([gradients[number] for number in self._others])

    def state(self) -> dict[str, np.ndarray]:
        """What `restore` needs to go on as if never stopped."""
        return {f"velocity{i}": v for i, v in enumerate(self.velocities)} | self.adamw.state()

    def restore(self, state: dict[str, np.ndarray]) -> None:
        for i, velocity in enumerate(self.velocities):
            velocity[...] = state[f"velocity{i}"]
        self.adamw.restore(state)


def orthogonal(matrix: np.ndarray) -> np.ndarray:
    """Nearly U V' of a matrix U S V', (rows, columns) float; all zeros where the matrix is."""
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = wide / (np.linalg.norm(wide) + np.float32(1e-7))
    a, b, c = (x.dtype.type(number) for number in _COEFFICIENTS)
    for _ in range(_ROUNDS):
        square = x @ x.T
        x = a * x + (b * square + c * (square @ square)) @ x
    return x if wide is matrix else x.T
