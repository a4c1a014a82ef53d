"""Convolutional networks in numpy: layers, loss, optimisers, files. Knows nothing of ink."""

from .convolution import Conv2D, convolve
from .files import WeightsError, load, save, update
from .inference import Inference
from .layer import Layer
from .loss import cross_entropy, log_softmax, one_hot, softmax
from .network import Network
from .normalization import BatchNorm2D
from .optimizers import SGD, AdamW, Optimizer, cosine, one_cycle
from .pooling import AveragePool2D, MaxPool2D
from .residual import Residual
from .simple import Dense, Dropout, Flatten, ReLU

__all__ = [
    "AdamW", "AveragePool2D", "BatchNorm2D", "Conv2D", "Dense", "Dropout", "Flatten", "Inference", "Layer", "MaxPool2D",
    "Network", "Optimizer", "ReLU", "Residual", "SGD", "WeightsError", "convolve", "cosine", "cross_entropy", "load",
    "log_softmax", "one_cycle", "one_hot", "save", "softmax", "update",
]  # fmt: skip
