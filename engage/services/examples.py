"""Labelled messages as numbers: what the learned layer is trained on. Needs scipy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.features import BITS, Found, Index, features, of_words
from engage.core.safeguarding.lexicon import Looked
from engage.services.messages import Message, is_everyday, is_tuned

FOLDS, RUN = 5, 40
"""Everyday lines that stand together go into one fold: writers write in runs."""
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
    words: Block = field(init=False)
    letters: Block = field(init=False)

    def __post_init__(self) -> None:
        whole = [features(each) for each in self.looked]
        # Of `is_tuned` messages not what rules see in them: it would flatter rules.
        taught = [
            _text_alone(looked) if is_tuned(message) else found
            for message, looked, found in zip(
                self.messages, self.looked, whole, strict=True
            )
        ]
        self.words = Block([f.words for f in taught], [f.words for f in whole])
        letters = [each.letters for each in whole]
        self.letters = Block(letters, letters)

    @property
    def blocks(self) -> tuple[Block, Block]:
        return self.words, self.letters

    @property
    def levels(self) -> Ints:
        return np.array([each.level for each in self.messages])

    @property
    def other(self) -> Bools:
        return np.array([each.lang not in ("en", "sco") for each in self.messages])

    @property
    def folds(self) -> Ints:
        """Whole writers, but for everyday messages: of those there are few hands."""
        sources = sorted({each.source for each in self.messages})
        place = {source: n for n, source in enumerate(sources)}
        return np.array(
            [
                (m.line // RUN if is_everyday(m) else place[m.source]) % FOLDS
                for m in self.messages
            ]
        )


def _text_alone(looked: Looked) -> Found:
    return of_words([word.text for word in looked.words])


def _sparse(found: Sequence[Index]) -> tuple[Any, Any]:
    """Rows of ones, and the same with each row of length one."""
    from scipy import sparse

    ends = np.concatenate([[0], np.cumsum([len(each) for each in found])])
    columns = np.concatenate(found).astype(np.int64)
    ones = np.ones(len(columns), np.float32)
    rows = sparse.csr_matrix((ones, columns, ends), shape=(len(found), 1 << BITS))
    size = 1 / np.sqrt(np.maximum(np.diff(rows.indptr), 1))
    return rows, (sparse.diags(size) @ rows).astype(np.float32).tocsr()
