"""How large a hand draws each character: learned from a few drawings against the Gaussian written down in full."""

import numpy as np
import pytest

from inkling import nn
from inkling.data import Sample
from inkling.files import shipped
from inkling.labels import LABELS
from inkling.nn import WeightsError
from inkling.teaching.hand_size import MEASURE_VARIANCE, SIZE_GROUPS, Population
from inkling.tools.sizes import fit_population


@pytest.fixture(scope="module")
def population():
    return Population.load(shipped("inkling.npz"))


def drawn_by(population, scale, wobble, labels, rng, each=5):
    """Sizes of drawings by a hand that is `scale` (log) larger than people are, with its own place for each label."""
    means = dict(zip(LABELS, population.labels[0]))
    names = [label for label in labels for _ in range(each)]
    return names, [means[label] + scale + rng.normal(0, wobble) for label in names]


def test_sizes_part_look_alikes_whatever_the_unit(population):
    rng = np.random.default_rng(0)
    for unit in (-3.0, 0.0, 6.0):
        hand = population.learn(*drawn_by(population, unit, 0.1, "SOCsoke", rng), LABELS)
        for small, large in ("cC", "wW", "eL"):
            sizes = drawn_by(population, unit, 0.0, small + large, rng, each=1)[1]
            difference = np.subtract(*hand.logits(sizes)[:, [LABELS.index(small), LABELS.index(large)]].T)
            assert difference[0] > 0.3 and difference[1] < -0.3


def test_the_sizes_of_an_even_hand_say_little_and_none_say_nothing(population):
    """Who draws everything as large as the pad, c and C: then a large c is no C."""
    labels = [label for label in "aceghkosAEGS" for _ in range(5)]
    even = population.learn(labels, np.random.default_rng(0).normal(6, 0.03, len(labels)), LABELS)
    ordinary = population.learn(*drawn_by(population, 6, 0.1, "aceghkosAEGS", np.random.default_rng(0)), LABELS)
    small, large = LABELS.index("u"), LABELS.index("U")
    gaps = [hand.logits(6.0)[large] - hand.logits(6.0)[small] for hand in (even, ordinary)]
    assert abs(gaps[0]) < 0.4 < 0.8 < gaps[1]
    assert population.learn(["A"], [float("nan")], LABELS) is None
    assert (ordinary.logits(float("nan")) == 0).all() and np.isfinite(ordinary.logits([-50.0, 50.0])).all()


def test_what_sizes_say_is_the_naive_gaussian(population):
    """Against the joint Gaussian written down in full: measures, labels and drawings as one vector."""
    labels, sizes = ["S", "S", "o"], np.array([5.1, 5.3, 4.6])
    hand = population.learn(labels, sizes, LABELS)
    means, scatter, common = population.prior(LABELS)
    at = [LABELS.index(label) for label in labels]
    prior = common + MEASURE_VARIANCE
    covariance = prior[np.ix_(at, at)] + np.diag(scatter[at] ** 2)
    middle = np.median([np.mean(sizes[:2]) - means[at[0]], sizes[2] - means[at[2]]])
    expected = means + middle + prior[:, at] @ np.linalg.inv(covariance) @ (sizes - means[at] - middle)
    assert np.allclose(hand.means, expected, atol=1e-9)
    assert (hand.deviations >= scatter).all() and hand.deviations[at[0]] < hand.deviations[LABELS.index("T")]


def test_the_population_is_what_its_samples_say(population):
    """Writers made up after the population: fitting them gives it back, roughly."""
    rng = np.random.default_rng(0)
    people, scatter, common = population.prior(LABELS)
    root = np.linalg.cholesky(common + 1e-9 * np.eye(len(LABELS)))
    samples = []
    for writer in range(60):
        places = people + rng.normal(0, 1) + root @ rng.standard_normal(len(LABELS))
        for place, label in enumerate(LABELS):
            for size in places[place] + rng.normal(0, scatter[place], 5):
                samples.append(Sample(label, (np.float32([[0, 0], [np.exp(size), 0]]),), writer=str(writer)))
    fitted = fit_population(samples)
    assert np.corrcoef(fitted.labels[0], people)[0, 1] > 0.97
    assert np.abs(fitted.groups - population.groups).max() < 0.006


def test_size_groups_hold_every_character_once():
    assert sorted("".join(SIZE_GROUPS)) == sorted(LABELS)


def test_a_population_comes_back_from_its_file_and_a_damaged_one_is_named(population, tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(shipped("inkling.npz").read_bytes())
    nn.update(path, Population(population.labels + 1, population.groups * 2).fields())
    again = Population.load(path)
    assert np.array_equal(again.labels, population.labels + 1) and np.array_equal(again.groups, population.groups * 2)
    nn.update(path, {"hand_size.labels": population.labels[:, :5]})
    with pytest.raises(WeightsError, match=r"weights\.npz: field 'hand_size\.labels': not \(3, 62\) finite numbers"):
        Population.load(path)
