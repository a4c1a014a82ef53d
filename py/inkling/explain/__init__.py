"""Why a network answers as it does: each step in numbers, what the answer depends on, what would change it."""

from .attribution import input_gradient, occlusion, saliency, weight_gradient
from .search import Adversarial, adversarial, adversarial_search, dream
from .steps import Step, arithmetic, names, receptive_field, trace

__all__ = [
    "Adversarial", "Step", "adversarial", "adversarial_search", "arithmetic", "dream", "input_gradient", "names",
    "occlusion", "receptive_field", "saliency", "trace", "weight_gradient",
]  # fmt: skip
