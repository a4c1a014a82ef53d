"""Weights of networks that have learned nothing, for tests of what is done with any."""

from inkling import nn
from inkling.data.cifar import NAMES
from inkling.photos import model
from inkling.photos.model import Stage


def photo_weights(path, least=0.0, seed=0):
    """A small network for photographs in a file as the shipped one's; it is sure from the probability `least` on."""
    network = model.build(first=6, stages=(Stage(8, 1), Stage(12, 1)), dropout=0.25, seed=seed)
    dense = network.layers[-1].parameters["weight"]
    dense *= 6  # so that its answers differ
    nn.save(path, network.folded(), model.labels_of(NAMES), dtype="float16", names=list(NAMES), temperature=1.0, least=least)
