"""Labelled messages as numbers: what the learned layer is trained on. Needs scipy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES
from engage.core.safeguarding.features import (
    BITS,
    JUDGES,
    Found,
    Index,
    Kin,
    features,
    of_words,
)
from engage.core.safeguarding.learned import LANGUAGES
from engage.core.safeguarding.lexicon import Looked
from engage.services.messages import RUN, Message, is_everyday, is_real, is_tuned

FOLDS = 5
HEADS = 3
"""Levels that are told from what is below them: check, concern, now."""
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass
class Block:
    """What one judge sees: messages as rows, features as columns."""

    taught: Sequence[Index]
    """What is learned from."""
    seen: Sequence[Index]
    """What is scored."""
    rows: Any = field(init=False)
    scaled: Any = field(init=False)
    whole: Any = field(init=False)

    def __post_init__(self) -> None:
        self.rows, self.scaled = _sparse(self.taught)
        self.whole = self.scaled
        if self.seen is not self.taught:
            _, self.whole = _sparse(self.seen)


@dataclass
class Table:
    messages: Sequence[Message]
    looked: Sequence[Looked]
    kin: Kin
    blocks: list[Block] = field(init=False, default_factory=list)
    """By judge."""

    def __post_init__(self) -> None:
        whole = [features(each, self.kin) for each in self.looked]
        # Of `is_tuned` messages not what rules see in them: it would flatter rules.
        taught = [
            _text_alone(looked, self.kin) if is_tuned(message) else found
            for message, looked, found in zip(
                self.messages, self.looked, whole, strict=True
            )
        ]
        for n in range(len(JUDGES)):
            seen = [each.of(n) for each in whole]
            learned = seen if n else [each.of(n) for each in taught]
            self.blocks.append(Block(learned, seen))

    @property
    def levels(self) -> Ints:
        return np.array([each.level for each in self.messages])

    @property
    def about(self) -> list[Bools]:
        """By category: whether a message is about it."""
        return [
            np.array([each in m.categories for m in self.messages])
            for each in CATEGORIES
        ]

    @property
    def languages(self) -> Ints:
        """Of each, its place in `learned.LANGUAGES`."""
        place = {name: n for n, name in enumerate(LANGUAGES)} | {"sco": 0}
        return np.array([place[each.lang] for each in self.messages])

    @property
    def counts(self) -> Floats:
        """How much each message counts: the harmless are few beside those at risk.

        In life it is the other way round, and real messages are the fewest.
        """
        return np.array([_count(each) for each in self.messages], np.float32)

    @property
    def folds(self) -> Ints:
        """Whole writers, but for everyday messages: runs, since there are few hands."""
        ours = {m.source for m in self.messages if m.lang in ("en", "sco")}
        # Other languages first: so few write them that they must not share a fold.
        sources = sorted(
            {each.source for each in self.messages},
            key=lambda source: (source in ours, source),
        )
        place = {source: n for n, source in enumerate(sources)}
        return np.array(
            [
                (m.line // RUN if is_everyday(m) else place[m.source]) % FOLDS
                for m in self.messages
            ]
        )


def _count(message: Message) -> float:
    if is_real(message):
        return 10.0
    if is_everyday(message):
        return 4.0
    return 1.0 if message.level else 1.5


def _text_alone(looked: Looked, kin: Kin) -> Found:
    return of_words([word.text for word in looked.words], kin)


def _sparse(found: Sequence[Index]) -> tuple[Any, Any]:
    """Rows of ones, and the same with each row of length one."""
    from scipy import sparse

    ends = np.concatenate([[0], np.cumsum([len(each) for each in found])])
    columns = np.concatenate(found).astype(np.int64)
    ones = np.ones(len(columns), np.float32)
    rows = sparse.csr_matrix((ones, columns, ends), shape=(len(found), 1 << BITS))
    size = 1 / np.sqrt(np.maximum(np.diff(rows.indptr), 1))
    return rows, (sparse.diags(size) @ rows).astype(np.float32).tocsr()
