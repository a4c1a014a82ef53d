"""Distillation: what trained networks say of the samples that another one is to learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..characters.recognizer import Recognizer
from ..training.dataset import Collection
from .evaluate import read_all


def taught_by(teachers: Sequence[Recognizer], collection: Collection, labels: str) -> np.ndarray:
    """The mean of what several networks say of each sample, as it was drawn.

    Parameters
    ----------
    labels : str
        Of the network that is to learn.

    Returns
    -------
    (N, len(labels)) float32 of rows that sum to 1, given that each is a character.

    Raises
    ------
    ValueError
        Where a teacher has other labels.
    """
    total = np.zeros((len(collection), len(labels)), np.float32)
    for teacher in teachers:
        if teacher.outputs != labels:
            raise ValueError(f"a teacher reads {teacher.outputs}, what is to be learned is {labels}")
        # All samples are characters: nothing is taught of the output for "no character", which is the last one.
        total[:, : len(teacher.labels)] += read_all(teacher, collection, np.arange(len(collection)))
    return total / np.float32(len(teachers))
