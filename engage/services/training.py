"""Train the learned layer: `engage train`. Deterministic; needs scikit-learn.

Naive-Bayes weights within a logistic regression, one for each level or worse. The bars
from which it raises are set on messages that the weights were not learned from, so that
no more of the harmless is stopped at than `Limits` allow, rules and all.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES
from engage.core.safeguarding.learned import (
    BITS,
    KIND_BITS,
    KIND_MASK,
    Index,
    Model,
    features,
    texts,
)
from engage.core.safeguarding.lexicon import Lexicon, Looked
from engage.core.safeguarding.normalise import plain
from engage.services.messages import (
    LEVELS,
    Message,
    is_everyday,
    is_real,
    is_tuned,
)

FOLDS, BLOCK = 4, 40
"""Lines that stand together go into one fold: writers write in runs."""
SMOOTHING, FIRMNESS, ROUNDS = 0.5, 30.0, 60
_HEADS = 3
_WORDS = re.compile(r"[^\W\d_]+")
_ODD = frozenset({"typo", "textspeak", "young"})
_SEVERAL = 3
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of the harmless that may be flagged, and flagged or checked.

    Of messages written to look alarming; of real everyday ones; of invented ones.
    """

    flagged: tuple[float, float, float] = (0.058, 0.009, 0.018)
    checked: tuple[float, float, float] = (0.15, 0.035, 0.06)
    now_right: float = 0.6
    """Least share of `now` among what is raised to it."""


@dataclass(frozen=True, slots=True)
class Trained:
    model: Model
    held_out: Floats
    """Scores of each message by weights that were learned without it (n × 3)."""
    ruled: npt.NDArray[np.int64]
    """Level that the rules alone give each message."""


@dataclass
class _Table:
    """Messages as rows, features as columns."""

    messages: Sequence[Message]
    looked: Sequence[Looked]
    rows: Any = field(init=False)
    """What is learned from: of `is_tuned` messages not what the rules see in them."""
    scaled: Any = field(init=False)
    whole: Any = field(init=False)
    """What is scored: everything."""

    def __post_init__(self) -> None:
        whole = [features(each) for each in self.looked]
        taught = [
            _text_alone(looked) if is_tuned(message) else found
            for message, looked, found in zip(
                self.messages, self.looked, whole, strict=True
            )
        ]
        self.rows, self.scaled = _sparse(taught)
        _, self.whole = _sparse(whole)

    @property
    def levels(self) -> npt.NDArray[np.int64]:
        return np.array([each.level for each in self.messages])

    @property
    def folds(self) -> npt.NDArray[np.int64]:
        return np.array([each.line // BLOCK % FOLDS for each in self.messages])


def _text_alone(looked: Looked) -> Index:
    return np.unique(texts([word.text for word in looked.words]))


def _sparse(found: Sequence[Index]) -> tuple[Any, Any]:
    """Rows of ones, and the same with each row of length one."""
    from scipy import sparse

    ends = np.concatenate([[0], np.cumsum([len(each) for each in found])])
    columns = np.concatenate(found).astype(np.int64)
    ones = np.ones(len(columns), np.float32)
    rows = sparse.csr_matrix((ones, columns, ends), shape=(len(found), 1 << BITS))
    size = 1 / np.sqrt(np.maximum(np.diff(rows.indptr), 1))
    return rows, (sparse.diags(size) @ rows).astype(np.float32).tocsr()


def train(
    messages: Sequence[Message], lexicon: Lexicon, limits: Limits | None = None
) -> Trained:
    looked = [lexicon.look(each.text) for each in messages]
    table = _Table(messages, looked)
    held_out = _held_out(table)
    ruled = np.array([_ruled(each) for each in looked])
    bars = _bars(table, held_out, ruled, limits or Limits())
    everything = np.arange(len(messages))
    heads = [_fit(table, everything, table.levels > n) for n in range(_HEADS)]
    kinds = _kinds(table)
    weights, scale = _packed(np.stack([weights for weights, _ in heads]))
    kind_weights, kind_scale = _packed(np.stack([weights for weights, _ in kinds]))
    slope, offset = _calibrated(held_out[:, 1], table.levels > 1)
    model = Model(
        weights,
        scale,
        np.array([bias for _, bias in heads], np.float32),
        bars,
        kind_weights,
        kind_scale,
        np.array([bias for _, bias in kinds], np.float32),
        slope,
        offset,
    )
    return Trained(model, held_out, ruled)


def _fit(table: _Table, rows: Any, right: Bools) -> tuple[Floats, float]:
    """Weights and bias that tell these rows' right from wrong."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    chosen = table.rows[rows]
    yes = np.asarray(chosen[right].sum(axis=0)).ravel() + SMOOTHING
    no = np.asarray(chosen[~right].sum(axis=0)).ravel() + SMOOTHING
    lean = np.log((yes / yes.sum()) / (no / no.sum())).astype(np.float32)
    judge = LogisticRegression(
        C=FIRMNESS, solver="liblinear", max_iter=ROUNDS, tol=1e-3, random_state=0
    )
    judge.fit(table.scaled[rows] @ sparse.diags(lean), right)
    return (judge.coef_[0] * lean).astype(np.float32), float(judge.intercept_[0])


def _held_out(table: _Table) -> Floats:
    scores = np.zeros((len(table.messages), _HEADS), np.float32)
    for fold in range(FOLDS):
        rest = np.flatnonzero(table.folds != fold)
        out = np.flatnonzero(table.folds == fold)
        for head in range(_HEADS):
            weights, bias = _fit(table, rest, table.levels[rest] > head)
            scores[out, head] = table.whole[out] @ weights + bias
    return scores


def _kinds(table: _Table) -> list[tuple[Floats, float]]:
    """For each category, what tells it from the other worries."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    worries = np.flatnonzero(table.levels > 0)
    rows = table.scaled[worries].tocoo()
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


def _packed(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """As whole numbers from -127 to 127, and what one of them is worth."""
    most = np.array([np.quantile(np.abs(w[w != 0]), 0.9995) for w in weights])
    scale = (most / 127).astype(np.float32)
    small = np.clip(np.rint(weights / scale[:, None]), -127, 127)
    return small.astype(np.int8), scale


def _ruled(looked: Looked) -> int:
    """The level that rules alone give, as a place in `messages.LEVELS`."""
    found = [0]
    for hit in looked.hits:
        level = hit.rule.strength.level
        if level is not None and not hit.denied:
            found.append(1 if hit.framed else 1 + level.rank)
    return max(found)


def _bars(
    table: _Table, scores: Floats, ruled: npt.NDArray[np.int64], limits: Limits
) -> Floats:
    harmless = table.levels == 0
    everyday = np.array([is_everyday(each) for each in table.messages])
    real = np.array([is_real(each) for each in table.messages])
    english = np.array([each.lang in ("en", "sco") for each in table.messages])
    fresh = np.array([not is_tuned(each) for each in table.messages])
    groups = (harmless & fresh & ~everyday & english, real, everyday & ~real)

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
        raised = scores[:, 2] >= tried
        if raised.any() and (table.levels[raised] == _HEADS).mean() < limits.now_right:
            break
        now = float(tried)
    return np.array(
        [lowest(0, limits.checked), lowest(1, limits.flagged), now], np.float32
    )


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
    bars = trained.model.raises
    lines = [
        f"Trained on {len(messages):,} messages; the file has {size:,} bytes.",
        "Held out in runs of lines, rules and all:",
    ]
    flagged = (trained.held_out[:, 1] >= bars[1]) | (trained.ruled > 1)
    caught = flagged | (trained.held_out[:, 0] >= bars[0]) | (trained.ruled > 0)
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
