"""Train the learned layer: `engage train`. Deterministic; needs scikit-learn.

Naive-Bayes weights within a logistic regression, one for each level or worse, of words
and of letters; a further one weighs the two verdicts. The bars from which it raises
are set on messages of writers that the weights were not learned from, so that no more
of the harmless is stopped at than `Limits` allow, rules and all.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engage.core.safeguarding.concerns import CATEGORIES
from engage.core.safeguarding.learned import KIND_BITS, KIND_MASK, Model, Weights
from engage.core.safeguarding.lexicon import Lexicon, Looked
from engage.core.safeguarding.normalise import plain
from engage.services.examples import FOLDS, Block, Bools, Floats, Ints, Table
from engage.services.messages import LEVELS, Message, is_everyday, is_real, is_tuned

SMOOTHING, FIRMNESS, ROUNDS = 0.5, 30.0, 60
_HEADS = 3
_WORDS = re.compile(r"[^\W\d_]+")
_ODD = frozenset({"typo", "textspeak", "young"})
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of the harmless that may be flagged, and flagged or checked.

    Of messages written to look alarming; of real everyday ones; of invented ones.
    """

    flagged: tuple[float, float, float] = (0.058, 0.009, 0.018)
    checked: tuple[float, float, float] = (0.15, 0.035, 0.06)
    now_right: float = 0.6
    """Least share of `now` among what is raised to it."""


OTHER_LIMITS = Limits(flagged=(0.09, 1, 1), checked=(0.22, 1, 1))
"""In other languages: there are fewer messages to learn from, so it asks more often."""


@dataclass(frozen=True, slots=True)
class Trained:
    model: Model
    held_out: Floats
    """Scores of each message by weights that were learned without its writer."""
    ruled: Ints
    """Level that the rules alone give each message."""
    level: Ints
    """Level by rules and held-out scores, as a place in `messages.LEVELS`."""


def train(
    messages: Sequence[Message], lexicon: Lexicon, limits: Limits | None = None
) -> Trained:
    looked = [lexicon.look(each.text) for each in messages]
    table = Table(messages, looked)
    aims = [table.levels > n for n in range(_HEADS)] + [table.other]
    apart = _held_out(table, aims)
    mixes = [_mix(table, apart[:, :, n], aim) for n, aim in enumerate(aims)]
    held_out = np.stack(
        [apart[:, :, n] @ mix + bias for n, (mix, bias) in enumerate(mixes)], axis=1
    ).astype(np.float32)
    ruled = np.array([_ruled(each) for each in looked])
    bars = _bars(table, held_out, ruled, limits or Limits())
    everything = np.arange(len(messages))
    judges, bias = [], np.array([bias for _, bias in mixes], np.float32)
    for b, block in enumerate(table.blocks):
        heads = [_fit(block, everything, aim) for aim in aims]
        bias += [mix[b] * own for (_, own), (mix, _) in zip(heads, mixes, strict=True)]
        mixed = [w * mix[b] for (w, _), (mix, _) in zip(heads, mixes, strict=True)]
        judges.append(_packed(np.stack(mixed)))
    kinds = _kinds(table)
    slope, offset = _calibrated(held_out[:, 1], table.levels > 1)
    model = Model(
        words=judges[0],
        letters=judges[1],
        bias=bias,
        raises=bars,
        kinds=_packed(np.stack([weights for weights, _ in kinds])),
        kind_bias=np.array([bias for _, bias in kinds], np.float32),
        slope=slope,
        offset=offset,
    )
    return Trained(model, held_out, ruled, _levels(held_out, ruled, bars))


def _fit(block: Block, rows: Any, right: Bools) -> tuple[Floats, float]:
    """Weights and bias that tell these rows' right from wrong."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    chosen, right = block.rows[rows], right[rows]
    yes = np.asarray(chosen[right].sum(axis=0)).ravel() + SMOOTHING
    no = np.asarray(chosen[~right].sum(axis=0)).ravel() + SMOOTHING
    lean = np.log((yes / yes.sum()) / (no / no.sum())).astype(np.float32)
    judge = LogisticRegression(
        C=FIRMNESS, solver="liblinear", max_iter=ROUNDS, tol=1e-3, random_state=0
    )
    judge.fit(block.scaled[rows] @ sparse.diags(lean), right)
    return (judge.coef_[0] * lean).astype(np.float32), float(judge.intercept_[0])


def _held_out(table: Table, aims: Sequence[Bools]) -> Floats:
    """By message, judge and aim."""
    scores = np.zeros((len(table.messages), 2, len(aims)), np.float32)
    folds = table.folds
    for fold in range(FOLDS):
        rest, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        for b, block in enumerate(table.blocks):
            for n, aim in enumerate(aims):
                weights, bias = _fit(block, rest, aim)
                scores[out, b, n] = block.whole[out] @ weights + bias
    return scores


def _mix(table: Table, scores: Floats, right: Bools) -> tuple[Floats, float]:
    """How much each judge's verdict counts, on what no rule was tuned on."""
    from sklearn.linear_model import LogisticRegression

    fresh = ~np.array([is_tuned(each) for each in table.messages])
    judge = LogisticRegression(C=1e3).fit(scores[fresh], right[fresh])
    return judge.coef_[0].astype(np.float32), float(judge.intercept_[0])


def _kinds(table: Table) -> list[tuple[Floats, float]]:
    """For each category, what tells it from the other worries."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    worries = np.flatnonzero(table.levels > 0)
    rows = table.words.scaled[worries].tocoo()
    columns = rows.col & int(KIND_MASK)
    shape = (len(worries), 1 << KIND_BITS)
    folded = sparse.csr_matrix((rows.data, (rows.row, columns)), shape=shape)
    found = []
    for category in CATEGORIES:
        right = np.array(
            [category in table.messages[n].categories for n in worries.tolist()]
        )
        judge = LogisticRegression(C=10, solver="liblinear", random_state=0)
        judge.fit(folded, right)
        found.append((judge.coef_[0].astype(np.float32), float(judge.intercept_[0])))
    return found


def _packed(weights: Floats) -> Weights:
    """As whole numbers from -127 to 127, and what one of them is worth."""
    most = np.array([np.quantile(np.abs(w[w != 0]), 0.9995) for w in weights])
    scale = (most / 127).astype(np.float32)
    small = np.clip(np.rint(weights / scale[:, None]), -127, 127)
    return Weights(np.ascontiguousarray(small.T.astype(np.int8)), scale)


def _ruled(looked: Looked) -> int:
    """The level that rules alone give, as a place in `messages.LEVELS`."""
    found = [0]
    for hit in looked.hits:
        level = hit.rule.strength.level
        if level is not None and not hit.denied:
            found.append(1 if hit.framed else 1 + level.rank)
    return max(found)


def _bars(table: Table, scores: Floats, ruled: Ints, limits: Limits) -> Floats:
    """By language (English and Scots, then others) and head."""
    other = table.other
    english = _bars_of(table, scores, ruled, ~other, limits)
    return np.stack([english, _bars_of(table, scores, ruled, other, OTHER_LIMITS)])


def _bars_of(
    table: Table, scores: Floats, ruled: Ints, which: Bools, limits: Limits
) -> Floats:
    harmless = (table.levels == 0) & which
    everyday = np.array([is_everyday(each) for each in table.messages])
    real = np.array([is_real(each) for each in table.messages])
    fresh = np.array([not is_tuned(each) for each in table.messages])
    groups = (harmless & fresh & ~everyday, which & real, harmless & everyday & ~real)

    def lowest(head: int, most: tuple[float, float, float]) -> float:
        bar = 9.0
        for tried in np.arange(5, -5, -0.05):
            raised = (scores[:, head] >= tried) | (ruled > head)
            shares = [raised[group].mean() if group.any() else 0 for group in groups]
            if any(s > m for s, m in zip(shares, most, strict=True)):
                break
            bar = float(tried)
        return bar

    now = 9.0
    for tried in np.arange(5, -2, -0.05):
        raised = which & (scores[:, 2] >= tried)
        if raised.any() and (table.levels[raised] == _HEADS).mean() < limits.now_right:
            break
        now = float(tried)
    return np.array(
        [lowest(0, limits.checked), lowest(1, limits.flagged), now], np.float32
    )


def _levels(scores: Floats, ruled: Ints, bars: Floats) -> Ints:
    over = scores[:, :_HEADS] >= bars[(scores[:, _HEADS] > 0).astype(int)]
    learned = np.where(over[:, 1], np.where(over[:, 2], 3, 2), over[:, 0])
    return np.maximum(learned, ruled)


def _calibrated(scores: Floats, right: Bools) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    judge = LogisticRegression(C=1e6).fit(scores[:, None], right)
    return float(judge.coef_[0][0]), float(judge.intercept_[0])


def vocabulary(messages: Sequence[Message]) -> list[str]:
    """Words that several messages have, leaving out those with odd spellings."""
    counted = Counter(
        word
        for each in messages
        if each.style not in _ODD
        for word in set(_WORDS.findall(plain(each.text)))
    )
    return sorted(word for word, count in counted.items() if count >= _SEVERAL)


def card(messages: Sequence[Message], trained: Trained, size: int) -> str:
    """What it was trained on, and what it does with messages it did not learn from."""
    lines = [
        f"Trained on {len(messages):,} messages; the file has {size:,} bytes.",
        "Held out by whole writers (everyday messages: runs of lines), rules and all:",
    ]
    flagged, caught = trained.level > 1, trained.level > 0
    groups: dict[str, list[int]] = {}
    for number, each in enumerate(messages):
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
