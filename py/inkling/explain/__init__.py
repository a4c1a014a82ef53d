"""Why a network answers as it does: each step in numbers, what the answer depends on, what would change it."""

from .attribution import input_gradient, occlusion, saliency, weight_gradient
from .search import Adversarial, adversarial, adversarial_search, dream
from .steps import Added, Step, arithmetic, layers, names, receptive_field, shapes, trace

__all__ = [
    "Added", "Adversarial", "Step", "adversarial", "adversarial_search", "arithmetic", "dream", "input_gradient", "layers",
    "names", "occlusion", "receptive_field", "saliency", "shapes", "trace", "weight_gradient",
]  # fmt: skip
