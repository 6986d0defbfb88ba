"""The learned layer: how much a message is like those that somebody had to know of.

Rows of words with what the lexicon saw, and rows of letters: two judges, each with a
weight for every feature, whose verdicts are added up. The weights were learned from
messages written for this purpose. It only ever raises. It explains itself by the words
that weighed most. Nothing but numpy runs.
"""

import io
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES, Level
from engage.core.safeguarding.features import Found, Index, Row, joined
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

KIND_BITS = 15
KIND_MASK = np.uint32((1 << KIND_BITS) - 1)
Array = npt.NDArray[np.float32]
Small = npt.NDArray[np.int8]


class Scores(NamedTuple):
    """Log-odds, by head."""

    check: float
    concern: float
    now: float
    other: float
    """That it is in neither English nor Scots."""


class Weighty(NamedTuple):
    """A word of the message, as its place, and how much it weighed."""

    at: int
    weight: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Of one judge. `each`: by feature and head. `scale`: what one of them is worth."""

    each: Small
    scale: Array

    def total(self, found: Index) -> Array:
        """By head; a long message weighs no more than a short one."""
        size = np.sqrt(np.float32(max(len(found), 1)))
        total = self.each[found].sum(axis=0, dtype=np.int32)
        weighed: Array = (total * self.scale / size).astype(np.float32)
        return weighed

    def worth(self, found: Index, head: int = 1) -> Array:
        worth: Array = self.each[found, head] * self.scale[head]
        return worth


@dataclass(frozen=True, slots=True)
class Model:
    words: Weights
    letters: Weights
    bias: Array
    """Of each head."""
    raises: Array
    """The score from which each head raises: in English and Scots, and in others."""
    kinds: Weights
    """By word feature (below 2 ** KIND_BITS) and category: what a worry is about."""
    kind_bias: Array
    slope: float = 1.0
    """Of the concern head's score, for the priority."""
    offset: float = 0.0

    def scores(self, found: Found) -> Scores:
        total = self.words.total(found.words) + self.letters.total(found.letters)
        return Scores(*(total + self.bias).tolist())

    def raised(self, scores: Scores) -> Level | None:
        check, concern, now = self.raises[int(scores.other > 0)].tolist()
        if scores.concern >= concern:
            return Level.NOW if scores.now >= now else Level.CONCERN
        return Level.CHECK if scores.check >= check else None

    def about(self, found: Found) -> str:
        """The likeliest category, if it is a worry at all."""
        likely = self.kinds.total(found.words & KIND_MASK) + self.kind_bias
        return CATEGORIES[int(likely.argmax())]

    def priority(self, scores: Scores) -> float:
        """How soon to read it, from 0 to 1: the chance that it is a concern."""
        return float(1 / (1 + np.exp(-(self.slope * scores.concern + self.offset))))

    def weightiest(self, looked: Looked, found: Found, most: int = 3) -> list[Weighty]:
        """The words that spoke the loudest for a concern, by what stands in them."""
        words = [word.text for word in looked.words]
        if not words:
            return []
        size = np.sqrt(max(len(found.words), 1)), np.sqrt(max(len(found.letters), 1))
        weighed = np.zeros(len(words), np.float32)
        for row in found.word_rows:
            _spread(weighed, row, self.words.worth(row.found) / size[0])
        letters = np.zeros(len(joined(words)), np.float32)
        for row in found.letter_rows:
            worth = self.letters.worth(row.found) / size[1]
            letters[row.wide // 2 :][: len(row.found)] += worth
        ends = np.cumsum([len(word) + 1 for word in words])
        weighed += np.add.reduceat(letters, [1, *(ends[:-1] + 1).tolist()])
        order = np.argsort(-weighed, kind="stable").tolist()
        telling = [at for at in order if weighed[at] > 0 and words[at] != STOP]
        return [Weighty(at, float(weighed[at])) for at in telling[:most]]


def _spread(weighed: Array, row: Row, worth: Array) -> None:
    for at in range(row.wide):
        weighed[at : at + len(worth)] += worth / row.wide


def packed(model: Model) -> bytes:
    """As a file."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        words=model.words.each,
        words_scale=model.words.scale,
        letters=model.letters.each,
        letters_scale=model.letters.scale,
        bias=model.bias,
        raises=model.raises,
        kinds=model.kinds.each,
        kinds_scale=model.kinds.scale,
        kind_bias=model.kind_bias,
        priority=np.array([model.slope, model.offset], np.float32),
    )
    return file.getvalue()


def unpacked(file: bytes) -> Model:
    with np.load(io.BytesIO(file), allow_pickle=False) as held:
        slope, offset = held["priority"].tolist()
        return Model(
            words=Weights(held["words"], held["words_scale"]),
            letters=Weights(held["letters"], held["letters_scale"]),
            bias=held["bias"],
            raises=held["raises"],
            kinds=Weights(held["kinds"], held["kinds_scale"]),
            kind_bias=held["kind_bias"],
            slope=slope,
            offset=offset,
        )
