"""Replaying hands: who is taught what, and that a habit is seen being learned."""

import numpy as np

from inkling.nn import Dense
from inkling.teaching.rehearsal import Rehearsal
from inkling.tools.replay import Hands, episodes, last_layer, prototypes, replay


def hands(seed=0, writers=4, per_class=9):
    """Made-up hands in a plane of features, where one of each writer's classes is drawn elsewhere than others draw it."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 3, (6, 8))
    dense = Dense(8, 6)
    dense.parameters["weight"][...] = centres
    dense.parameters["bias"][...] = -(centres**2).sum(axis=1) / 2
    features, targets, names = [], [], []
    for writer in range(writers):
        habit = centres.copy()
        habit[writer] = (centres[writer] + 2 * centres[5 - writer]) / 3
        for k in range(6):
            features.append(habit[k] + rng.normal(0, 0.4, (per_class, 8)))
            targets += [k] * per_class
            names += [f"w{writer}"] * per_class
    return Hands(
        np.concatenate(features).astype(np.float32),
        np.array(targets),
        np.array(names),
        np.full(len(names), np.nan),
        dense,
        "abcdef",
    ), centres


def test_replay_teaches_five_of_each_bad_class_and_tests_on_the_rest():
    made, _ = hands()
    errors = made.dense.forward(made.features).argmax(axis=1) != made.targets
    for taught, rest, others in episodes(made, errors, np.random.default_rng(0)):
        own = set(made.writers[taught])
        assert len(own) == 1 and own == set(made.writers[rest]) and not own & set(made.writers[others])
        assert not set(taught) & set(rest)
        assert set(np.bincount(made.targets[taught]).tolist()) <= {0, 5}
        assert all(errors[made.targets == k].any() for k in made.targets[taught])


def test_replay_sees_a_habit_being_learned():
    made, centres = hands()
    rng = np.random.default_rng(1)
    general = np.repeat(centres, 20, axis=0) + rng.normal(0, 0.4, (120, 8))
    rehearsal = Rehearsal(general.astype(np.float32), np.eye(8, dtype=np.float32) / 3)
    figures = replay(made, last_layer(made, rehearsal, weight=0.05), case_blind=False)
    assert figures.before > 0.05 and figures.fall > 0.5
    assert figures.others_after > figures.others_before - 0.1
    # Prototypes with no strength are the shipped network itself.
    idle = replay(made, prototypes(made, strength=0.0), case_blind=False)
    assert idle.after == idle.before and idle.others_after == idle.others_before
