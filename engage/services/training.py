"""Train the learned layer: `engage train`. Deterministic; needs scikit-learn.

Naive-Bayes weights within a logistic regression, one for each level or worse and each
judge (`features.JUDGES`); a further one weighs their verdicts. The bars from which it
raises are set on messages of writers that the weights were not learned from, so that no
more of the harmless is stopped at than `Limits` allow, rules and all.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from engage.core.safeguarding.features import BITS, JUDGES, Kin
from engage.core.safeguarding.learned import (
    FEW,
    FEW_BITS,
    LANGUAGES,
    Model,
    Small,
    Weights,
)
from engage.core.safeguarding.lexicon import Lexicon, Looked
from engage.core.safeguarding.listener import Listener
from engage.core.safeguarding.normalise import plain
from engage.core.safeguarding.policy import AS_IT_CAME
from engage.core.safeguarding.screening import ruled_level
from engage.services import blending
from engage.services.bars import Limits, bars_of, levels_of
from engage.services.examples import FOLDS, HEADS, Block, Bools, Floats, Ints, Table
from engage.services.messages import (
    LEVELS,
    Message,
    is_tuned,
)

SMOOTHING, FIRMNESS, ROUNDS, RARE = 0.5, 30.0, 60, 3
_STEPS = 48
"""Of a weight, on either side of none."""
_NEVER = -9.0
"""The score of what no message was about."""
_WORDS = re.compile(r"[^\W\d_]+")
_ODD = frozenset({"typo", "textspeak", "young"})
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Trained:
    model: Model
    held_out: Floats
    """Scores of each message by weights that were learned without its writer."""
    ruled: Ints
    """Level that the rules alone give each message."""
    level: Ints
    """Level by rules and held-out scores, as a place in `messages.LEVELS`."""
    usable: Bools
    """Whether nothing that scored a message had learned from its writer."""


def train(
    messages: Sequence[Message],
    lexicon: Lexicon,
    kin: Kin,
    listener: Listener | None = None,
    limits: Limits | None = None,
) -> Trained:
    """The listener was taught before (`tests/tools/listener.py`)."""
    looked = [lexicon.look(each.text) for each in messages]
    table = Table(messages, looked, kin)
    aims = [table.levels > n for n in range(HEADS)]
    apart = _held_out(table, aims)
    mixes = [_mix(table, apart[:, :, n], aim) for n, aim in enumerate(aims)]
    held_out = np.stack(
        [apart[:, :, n] @ mix + bias for n, (mix, bias) in enumerate(mixes)], axis=1
    ).astype(np.float32)
    counted = np.zeros((0, HEADS), np.float32)
    if listener is not None:
        verdicts = blending.heard(table, listener)
        counted = blending.fitted(table, apart, verdicts, aims)
        together = blending.together(apart, verdicts, counted)
        held_out = np.where(table.languages[:, None] == 0, together, held_out)
    usable = blending.usable(table, listener)
    slope, offset = _calibrated(held_out[usable, 1], table.levels[usable] > 1)
    alike = 1 / (1 + np.exp(-(slope * held_out[:, 1] + offset)))
    ordinary = map(AS_IT_CAME.is_ordinary, alike.tolist())
    ruled = np.array(list(map(_ruled, looked, ordinary)))
    bars = bars_of(table, held_out, ruled, usable, limits or Limits())
    each, scale, bias, added = _judges(table, aims, mixes)
    kinds, kind_bias = _told_apart(
        table.blocks[0], np.flatnonzero(table.levels > 0), table.about
    )
    spoken = [table.languages == n for n in range(1, len(LANGUAGES))]
    tongues, tongue_bias = _told_apart(
        table.blocks[1], np.arange(len(messages)), spoken
    )
    mixed = np.stack([mix for mix, _ in mixes], axis=1)
    model = Model(
        each=each,
        scale=scale,
        kin=kin,
        bias=bias,
        raises=bars,
        kinds=kinds,
        kind_bias=kind_bias,
        tongues=tongues,
        tongue_bias=tongue_bias,
        slope=slope,
        offset=offset,
        listener=listener,
        blend=blending.blend_of(counted, mixed, added) if listener else counted,
    )
    level = levels_of(table, held_out, ruled, bars)
    return Trained(model, held_out, ruled, level, usable)


_Mix = tuple[Floats, float]


def _judges(
    table: Table, aims: Sequence[Bools], mixes: Sequence[_Mix]
) -> tuple[Small, Floats, Floats, Floats]:
    """Weights, what they are worth, and what is added (see `Model`), also by judge."""
    everything = np.arange(len(table.messages))
    bias = np.array([bias for _, bias in mixes], np.float32)
    weights = np.zeros((len(JUDGES), HEADS, 1 << BITS), np.float32)
    added = np.zeros((len(JUDGES), HEADS), np.float32)

    def fill(task: tuple[int, int]) -> None:
        b, n = task
        mix = mixes[n][0][b]
        own, own_bias = _fit(table.blocks[b], everything, aims[n], table.counts)
        weights[b, n], added[b, n] = own * mix, own_bias * mix

    _side_by_side(fill, list(product(range(len(JUDGES)), range(HEADS))))
    judges = [_packed(each) for each in weights]
    return (
        np.concatenate([judge.each for judge in judges]),
        np.stack([judge.scale for judge in judges]),
        bias + added.sum(axis=0),
        added,
    )


def _side_by_side(do: Callable[[Any], None], tasks: Sequence[Any]) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as several:
        list(several.map(do, tasks))


def _fit(
    block: Block, rows: Ints, right: Bools, counts: Floats
) -> tuple[Floats, float]:
    """Weights and bias that tell these rows' right from wrong. `counts`: of each row.

    A feature that hardly any of them has weighs nothing.
    """
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    chosen, right = block.rows[rows], right[rows]
    yes = np.asarray(chosen[right].sum(axis=0)).ravel()
    no = np.asarray(chosen[~right].sum(axis=0)).ravel()
    rare = yes + no < RARE
    yes, no = yes + SMOOTHING, no + SMOOTHING
    lean = np.log((yes / yes.sum()) / (no / no.sum())).astype(np.float32)
    lean[rare] = 0
    judge = LogisticRegression(
        C=FIRMNESS, solver="liblinear", max_iter=ROUNDS, tol=1e-3, random_state=0
    )
    sample = block.scaled[rows] @ sparse.diags(lean)
    judge.fit(sample, right, sample_weight=counts[rows])
    return (judge.coef_[0] * lean).astype(np.float32), float(judge.intercept_[0])


def _held_out(table: Table, aims: Sequence[Bools]) -> Floats:
    """By message, judge and aim."""
    shape = len(table.messages), len(table.blocks), len(aims)
    scores = np.zeros(shape, np.float32)
    folds = table.folds

    def fill(task: tuple[int, int, int]) -> None:
        fold, b, n = task
        rest, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        block = table.blocks[b]
        weights, bias = _fit(block, rest, aims[n], table.counts)
        scores[out, b, n] = block.whole[out] @ weights + bias

    ranges = range(FOLDS), range(len(table.blocks)), range(len(aims))
    _side_by_side(fill, list(product(*ranges)))
    return scores


def _mix(table: Table, scores: Floats, right: Bools) -> tuple[Floats, float]:
    """How much each judge's verdict counts, on what no rule was tuned on."""
    from sklearn.linear_model import LogisticRegression

    fresh = ~np.array([is_tuned(each) for each in table.messages])
    judge = LogisticRegression(C=1e3).fit(scores[fresh], right[fresh])
    return judge.coef_[0].astype(np.float32), float(judge.intercept_[0])


def _told_apart(
    block: Block, rows: Ints, rights: Sequence[Bools]
) -> tuple[Weights, Floats]:
    """What is easily told apart, by few features: weights and biases."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    chosen = block.scaled[rows].tocoo()
    shape = (len(rows), 1 << FEW_BITS)
    places = chosen.row, chosen.col & int(FEW)
    folded = sparse.csr_matrix((chosen.data, places), shape=shape)
    weights = np.zeros((len(rights), 1 << FEW_BITS), np.float32)
    bias = np.zeros(len(rights), np.float32)

    def fill(n: int) -> None:
        right = rights[n][rows]
        if not right.any():
            bias[n] = _NEVER
            return
        judge = LogisticRegression(C=10, solver="liblinear", random_state=0)
        judge.fit(folded, right)
        weights[n], bias[n] = judge.coef_[0], judge.intercept_[0]

    _side_by_side(fill, range(len(rights)))
    return _packed(weights), bias


def _packed(weights: Floats) -> Weights:
    """As whole numbers, small ones so that the file is, and what one is worth."""
    used = [np.abs(w[w != 0]) for w in weights]
    most = np.array([np.quantile(w, 0.9995) if len(w) else 1.0 for w in used])
    scale = (most / _STEPS).astype(np.float32)
    small = np.clip(np.rint(weights / scale[:, None]), -_STEPS, _STEPS)
    return Weights(np.ascontiguousarray(small.T.astype(np.int8)), scale)


def _ruled(looked: Looked, ordinary: bool) -> int:
    """The level that rules alone give, as a place in `messages.LEVELS`."""
    level = ruled_level(looked, ordinary)
    return 0 if level is None else 1 + level.rank


def _calibrated(scores: Floats, right: Bools) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    judge = LogisticRegression(C=1e6).fit(scores[:, None], right)
    return float(judge.coef_[0][0]), float(judge.intercept_[0])


def vocabulary(messages: Sequence[Message]) -> list[str]:
    """Words that several messages have, leaving out those with odd spellings.

    The commonest first.
    """
    counted = Counter(
        word
        for each in messages
        if each.style not in _ODD
        for word in set(_WORDS.findall(plain(each.text)))
    )
    several = [word for word, count in counted.items() if count >= _SEVERAL]
    return sorted(several, key=lambda word: (-counted[word], word))


def card(messages: Sequence[Message], trained: Trained, size: int) -> str:
    """What it was trained on, and what it does with messages it did not learn from."""
    lines = [
        f"Trained on {len(messages):,} messages; the file has {size:,} bytes.",
        "Held out by whole writers (everyday messages: runs of lines), rules and all:",
    ]
    flagged, caught = trained.level > 1, trained.level > 0
    groups: dict[str, list[int]] = {}
    for number in np.flatnonzero(trained.usable).tolist():
        each = messages[number]
        kind = LEVELS[each.level] if each.level else f"none ({each.source})"
        where = kind if each.lang in ("en", "sco") else f"{each.lang} {kind}"
        if is_tuned(each):
            where = f"{where.partition(' (')[0]}, rules tuned on it"
        groups.setdefault(where, []).append(number)
    for name, rows in sorted(groups.items()):
        lines.append(
            f"  {name:<34}{len(rows):>6}  caught {caught[rows].mean():6.1%}  "
            f"flagged {flagged[rows].mean():6.1%}"
        )
    return "\n".join(lines)
