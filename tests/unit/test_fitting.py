"""What is fitted against brute force, what is left out against loops, the report as a page, runs that go on."""

import json
import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from inkling import Recognizer, nn
from inkling.characters import model
from inkling.data import Sample, jsonlines
from inkling.labels import LABELS, NOTHING, other_case
from inkling.tools import training_run
from inkling.tools.calibrate import FALSE_REJECTS, fit_reject_threshold, fit_temperature
from inkling.tools.cleaning import LEAST_PROBABILITY, SURE, trusted
from inkling.tools.cli import main
from inkling.tools.distilling import taught_by
from inkling.tools.evaluate import evaluate
from inkling.tools.report import write_report
from inkling.training.dataset import collect


@pytest.fixture(scope="module")
def collection(real_ink):
    """Real ink; of every third letter the case is not known."""
    return collect(
        Sample(s.label, s.strokes, writer=s.writer, case_known=s.label.isdigit() or n % 3 > 0)
        for n, s in enumerate(real_ink)
    )


def unlikeliness(logits, collection, labels, temperature):
    """Mean of -log of the probability of the label, or of both cases of it, one sample after the other."""
    total = 0.0
    for row, label, known in zip(logits.tolist(), collection.labels.tolist(), collection.case_known.tolist()):
        shares = [math.exp((score - max(row)) / temperature) for score in row]
        right = {label} if known else {label, other_case(label)}
        total -= math.log(sum(shares[labels.index(one)] for one in right) / sum(shares))
    return total / len(logits)


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.5])
def test_no_temperature_makes_the_labels_likelier_than_the_one_fitted(reader, collection, sharpness):
    """A network as sharp as wished: its temperature follows, and a grid of others finds none better."""
    network = nn.Network.from_architecture(reader.network.architecture(), reader.network.input_shape)
    for mine, its in zip(network.parameters(), reader.network.parameters()):
        mine[...] = its
    for array in network.layers[-1].parameters.values():
        array *= sharpness
    sharp = Recognizer(network, reader.outputs)
    logits = np.concatenate([network.forward(x) for x in collection.pictures()])[:, : len(reader.labels)]
    fitted = fit_temperature(sharp, collection)
    best = unlikeliness(logits, collection, reader.labels, fitted)
    grid = [fitted * factor for factor in (0.5, 0.8, 0.95, 0.99, 1.01, 1.05, 1.25, 2)]
    others = [unlikeliness(logits, collection, reader.labels, each) for each in grid]
    assert best <= min(others) and others == sorted(others[:4], reverse=True) + sorted(others[4:])
    assert fitted == pytest.approx(
        sharpness * fit_temperature(Recognizer(reader.network, reader.outputs), collection), rel=1e-3
    )


def test_so_many_characters_lie_above_the_reject_threshold_as_may(reader, collection):
    threshold = fit_reject_threshold(reader, collection)
    nothing = [float(reader.no_character(x[None])[0]) for batch in collection.pictures() for x in batch]
    above = sum(each > threshold for each in nothing)
    assert above == math.ceil(FALSE_REJECTS * (len(nothing) - 1)) > 3


def test_samples_that_are_plainly_contradicted_are_left_out_and_no_others(reader, real_ink):
    """A tenth of the labels are wrong; each sample is judged by itself with what `read` says."""
    rng = np.random.default_rng(0)
    labels = [str(rng.choice(list(LABELS))) if n % 10 == 0 else sample.label for n, sample in enumerate(real_ink)]
    collection = collect(Sample(label, sample.strokes) for label, sample in zip(labels, real_ink))
    kept = trusted(reader, collection)

    def shape(label):
        return "O" if label == "0" else label.upper()

    for n, (label, sample) in enumerate(zip(labels, real_ink)):
        shares: dict[str, float] = {}
        for candidate in reader.read(sample.strokes, top=62):
            shares[shape(candidate.label)] = shares.get(shape(candidate.label), 0.0) + candidate.probability
        assert kept[n] == (shares[shape(label)] >= LEAST_PROBABILITY or max(shares.values()) <= SURE)
    wrong = [n for n, sample in enumerate(real_ink) if shape(labels[n]) != shape(sample.label)]
    right = [n for n, sample in enumerate(real_ink) if shape(labels[n]) == shape(sample.label)]
    assert kept[wrong].mean() < 0.3 and kept[right].mean() > 0.97


def test_teachers_say_what_they_read_on_average(reader, collection, real_ink):
    """The mean of what two networks say, one of them less sure; each character as `read` reads it."""
    doubting = Recognizer(reader.network, reader.outputs, temperature=3.0)
    said = taught_by([reader, doubting], collection, LABELS + NOTHING)
    assert said.dtype == np.float32 and said[:, -1].tolist() == [0] * len(collection)
    alone = [taught_by([one], collection, LABELS + NOTHING) for one in (reader, doubting)]
    assert said == pytest.approx((alone[0] + alone[1]) / 2, abs=1e-6)
    assert said.sum(axis=1) == pytest.approx(np.ones(len(collection)), abs=1e-5)
    for n in range(0, len(real_ink), 40):
        shares = {candidate.label: candidate.probability for candidate in reader.read(real_ink[n].strokes, top=62)}
        assert alone[0][n] == pytest.approx([shares.get(label, 0) for label in LABELS + NOTHING], abs=1e-4)
    with pytest.raises(ValueError, match="what is to be learned is ab"):
        taught_by([reader], collection, "ab")


def test_the_report_shows_the_figures_and_the_surest_mistakes_and_escapes_names(tmp_path, reader, real_ink):
    samples = [Sample(s.label, s.strokes, writer="<b>&w1") for s in real_ink]
    collection = collect(samples)
    result = evaluate(reader, collection)
    write_report(tmp_path / "report.html", result, collection)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == page.count("</svg>") and "<b>&w1" not in page and "&lt;b&gt;&amp;w1" in page
    for name, value in result.figures.items():
        assert f"<tr><td>{name}</td><td>{value:,}</td></tr>" in page
    assert {"accuracy_shapes", "accuracy_shapes_35"} < result.figures.keys() and "1Il" in page
    answers = result.probabilities.argmax(axis=1)
    mistakes = [
        (-result.probabilities[n, answers[n]], s.label, result.labels[answers[n]])
        for n, s in enumerate(samples)
        if result.labels[answers[n]] != s.label
    ]
    figures = page.split('<div class="ink">')[1].split("<figure>")[1:]
    assert len(figures) == len(mistakes) > 10
    for figure, (minus, truth, answer) in zip(figures, sorted(mistakes, key=lambda each: each[0])):
        assert f"{truth} read as {answer}, {-minus:.0%}" in figure
        (path,) = ElementTree.fromstring(figure[: figure.index("</svg>") + 6])
        assert path.get("d").startswith("M")
    for svg in page.split("<svg")[1:3]:  # both plots hold together by themselves
        ElementTree.fromstring("<svg" + svg.split("</svg>")[0] + "</svg>")


def network(seed):
    return model.build(len(LABELS) + 1, ((4,), (4,)), hidden=8, seed=seed).folded()


def test_average_writes_the_mean_by_shares(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    several = [network(seed) for seed in (1, 2)]
    for n, each in enumerate(several):
        nn.save(tmp_path / f"{n}.npz", each, LABELS + NOTHING)
    assert main(["average", "0.npz", "1.npz", "--shares", "1", "3", "--out", "mean.npz"]) == 0
    mean, header = nn.load("mean.npz")
    assert header["labels"] == LABELS + NOTHING
    for found, one, other in zip(mean.parameters(), *(each.parameters() for each in several)):
        np.testing.assert_allclose(found, 0.25 * one + 0.75 * other, rtol=2e-3, atol=1e-6)  # float16
    assert main(["average", "0.npz", "1.npz", "--out", "half.npz"]) == 0
    half, _ = nn.load("half.npz")
    np.testing.assert_allclose(
        half.parameters()[0], (several[0].parameters()[0] + several[1].parameters()[0]) / 2, rtol=2e-3, atol=1e-6
    )


def test_a_run_that_is_stopped_goes_on_from_the_line(tmp_path, monkeypatch, real_ink):
    """Stopped after its second checkpoint, then --resume: the weights of a run that nobody stopped."""
    jsonlines.write_samples(tmp_path / "ink.jsonl", real_ink[::4])
    monkeypatch.chdir(tmp_path)
    line = [
        "train",
        "--data",
        "ink.jsonl",
        "--blocks",
        "3;3",
        "--hidden",
        "8",
        "--epochs",
        "5",
        "--batch",
        "16",
        "--workers",
        "1",
        "--out",
    ]
    assert main([*line, "whole.npz"]) == 0

    save, saved = training_run.Trainer.save, []

    def stop(trainer, path):
        save(trainer, path)
        saved.append(trainer.step)
        if len(saved) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(training_run, "CHECKPOINT_EVERY", -1)  # after each step
    with monkeypatch.context() as stopping:
        stopping.setattr(training_run.Trainer, "save", stop)
        assert main([*line, "stopped.npz"]) != 0
    assert saved == [1, 2] and not (tmp_path / "stopped.npz").exists()
    assert main([*line, "stopped.npz"]) == 1  # an earlier run's checkpoint is not overwritten
    assert main([*line, "stopped.npz", "--resume"]) == 0
    for one, other in zip(*(nn.load(f"{name}.npz")[0].parameters() for name in ("whole", "stopped"))):
        assert np.array_equal(one, other)
    rows = (tmp_path / "runs" / "stopped" / "metrics.csv").read_text().splitlines()
    assert rows[0].startswith("step,epoch,loss") and len(rows) == 6


def test_the_line_says_as_the_page_does_whether_it_is_sure(tmp_path, capsys, reader, real_ink):
    rng = np.random.default_rng(0)
    scribble = [np.cumsum(rng.normal(0, 20, (80, 2)), axis=0)]
    alike = next(s.strokes for s in real_ink if (r := reader.examine(s.strokes)).confident and r.look_alikes)
    clear = next(s.strokes for s in real_ink if (r := reader.examine(s.strokes)).confident and not r.look_alikes)
    for strokes in (scribble, alike, clear, []):
        (tmp_path / "ink.json").write_text(json.dumps([np.asarray(stroke).tolist() for stroke in strokes]))
        assert main(["predict", str(tmp_path / "ink.json")]) == 0
        said, reading = capsys.readouterr().out, reader.examine(strokes)
        assert said.startswith("".join(f"{label}  {probability:.4f}\n" for label, probability in reading.candidates))
        assert ("not sure" in said) == bool(strokes and not reading.confident)
        assert ("shape alone cannot tell" in said) == bool(reading.confident and reading.look_alikes)
        assert ("no ink" in said) == (not strokes)
