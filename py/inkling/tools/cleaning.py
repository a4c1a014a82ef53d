"""Label cleaning: wrong labels among training samples, found by a network that learned from all of them.

Under strong augmentation a network learns what most samples agree on well before it learns
single exceptions by heart ("confident learning", Northcutt et al. 2021, in its simplest form).
"""

from __future__ import annotations

import numpy as np

from ..characters.recognizer import Recognizer
from ..labels import merge, merged_35
from ..training.dataset import Collection
from .evaluate import read_all

# A sample is left out when its label, cases together, is less probable than this
LEAST_PROBABILITY = 0.02
# and another one is more probable than this.
SURE = 0.7


def trusted(reader: Recognizer, collection: Collection) -> np.ndarray:
    """(N,) bool: which samples the reader does not plainly contradict. Case and O against 0 are not held against one."""
    unknown = sorted(set(collection.labels.tolist()) - set(reader.labels))
    if unknown:
        raise ValueError(
            f"samples of {' '.join(unknown)}: the labels of the network that is to judge them are {reader.labels}"
        )
    probabilities, classes = merge(read_all(reader, collection, np.arange(len(collection))), reader.labels, merged_35)
    own = np.array([classes.index(merged_35(label)) for label in collection.labels.tolist()])
    of_label = probabilities[np.arange(len(collection)), own]
    return ~((of_label < LEAST_PROBABILITY) & (probabilities.max(axis=1) > SURE))
