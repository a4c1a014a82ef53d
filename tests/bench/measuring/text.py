"""How long reading text takes where this runs: the language's loading, a word, a line, and where the time goes."""

import json
import time

import numpy as np

from inkling import TextReader
from inkling.data.formats import read_samples
from inkling.nn import log_softmax
from inkling.words.decode import Search
from inkling.words.frame import frame
from inkling.words.language import Language
from inkling.words.picture import draw
from inkling.words.scoring import Scorer

ROUNDS = 7


def measured(samples_path, weights, language_path):
    """JSON: milliseconds by what was done, medians of `ROUNDS`, and the lengths of what was read."""
    began = time.perf_counter()
    language = Language.load(language_path)
    found = {"language": 1000 * (time.perf_counter() - began)}
    reader = TextReader.load(weights)
    reader.use_language("en", language)
    samples = list(read_samples(samples_path))
    for name, length in (("word", 10), ("line", 40)):
        sample = min(samples, key=lambda sample: abs(len(sample.label) - length))
        points, lengths = np.concatenate(sample.ink), [len(stroke) for stroke in sample.ink]
        line = frame(points, lengths)
        logits = reader.logits(line)
        scorer = Scorer(language, reader.weights)
        steps = {
            "frame": lambda points=points, lengths=lengths: frame(points, lengths),
            "picture": lambda line=line: draw(line),
            "picture and network": lambda line=line: reader.logits(line),
            "beam": lambda logits=logits, scorer=scorer: Search(scorer).texts(log_softmax(logits)),
            "all": lambda sample=sample: reader.read(sample.ink),
        }
        found[name] = {"text": sample.label, "columns": line.width} | {step: _median(work) for step, work in steps.items()}
    return json.dumps(found)


def _median(work):
    work()
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return 1000 * float(np.median(seconds))
