"""How much the listener's verdict counts beside that of the other judges.

It is learned from writers whom the listener never met (`messages.is_apart`): it would
seem surer than it is on those that it learned from. Needs scikit-learn.
"""

from collections.abc import Sequence

import numpy as np

from engage.core.safeguarding.listener import Listener
from engage.services.examples import HEADS, Bools, Floats, Table
from engage.services.messages import is_apart, is_everyday, is_fresh

_EVERYDAY = 5
"""How much more everyday messages count here: in life nearly all are, and what raises
those is that one judge, mostly the listener, is sure and no other is."""


def usable(table: Table, listener: Listener | None) -> Bools:
    """Messages on which the listener's verdict proves something."""
    if listener is None:
        return np.ones(len(table.messages), bool)
    apart = np.array([is_apart(each) for each in table.messages])
    proves: Bools = apart | (table.languages != 0)
    return proves


def heard(table: Table, listener: Listener) -> Floats:
    """By message and level, as log-odds; nothing where it does not understand."""
    verdicts = np.zeros((len(table.messages), HEADS), np.float32)
    for n in np.flatnonzero(table.languages == 0).tolist():
        words = [word.text for word in table.looked[n].words]
        if words:
            verdicts[n] = listener.heard(listener.rows(words))[0]
    return verdicts


def fitted(
    table: Table, judged: Floats, verdicts: Floats, aims: Sequence[Bools]
) -> Floats:
    """By level: how much each judge and the listener count, and what is added.

    `judged`: by message, judge and level, held out.
    """
    from sklearn.linear_model import LogisticRegression

    fresh = np.array([is_fresh(each) and is_apart(each) for each in table.messages])
    rows = np.flatnonzero(fresh & (table.languages == 0))
    everyday = np.array([is_everyday(each) for each in table.messages])
    counts = table.counts * np.where(everyday, _EVERYDAY, 1)
    counted = np.zeros((judged.shape[1] + HEADS + 1, HEADS), np.float32)
    for n, right in enumerate(aims):
        said = np.concatenate([judged[rows, :, n], verdicts[rows]], axis=1)
        judge = LogisticRegression(C=1e3, max_iter=1000)
        judge.fit(said, right[rows], sample_weight=counts[rows])
        counted[:, n] = [*judge.coef_[0], judge.intercept_[0]]
    return counted


def together(judged: Floats, verdicts: Floats, counted: Floats) -> Floats:
    """By message and level. `counted`: as of `fitted`."""
    judges = judged.shape[1]
    own = np.einsum("mjl,jl->ml", judged, counted[:judges])
    said: Floats = own + verdicts @ counted[judges:-1] + counted[-1]
    return said


def blend_of(counted: Floats, mixed: Floats, added: Floats) -> Floats:
    """As `learned.Model` has it, whose judges are already multiplied by `mixed`.

    `mixed`: by judge and level. `added`: the same, what was left out of each of them.
    """
    blend = counted.copy()
    blend[: len(mixed)] /= mixed
    blend[-1] += (blend[: len(mixed)] * added).sum(axis=0)
    return blend
