"""The learned layer: how much a message is like those that somebody had to know of.

Rows of words with what the lexicon saw, rows of letters, rows of kinds of words: for
each there is a judge, with a weight for every feature, and their verdicts are added up.
The weights were learned from messages written for this purpose. It only ever raises. It
explains itself by the words that weighed most. Nothing but numpy runs.
"""

import io
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES, Level
from engage.core.safeguarding.features import JUDGES, Found, Index, Kin, Row, joined
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

LANGUAGES = ("en", "gd", "pl", "uk", "ur", "ar")
"""Each has its own bars. English and Scots are one."""
KIND_BITS = 15
KIND_MASK = np.uint32((1 << KIND_BITS) - 1)
Array = npt.NDArray[np.float32]
Small = npt.NDArray[np.int8]


class Scores(NamedTuple):
    """Log-odds, by head."""

    check: float
    concern: float
    now: float
    language: int
    """The place in `LANGUAGES` of the one it is most likely in."""


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
        # A product, since a sum over columns so short takes three times as long.
        ones = np.ones(len(found), np.float32)
        total = ones @ self.each.take(found, axis=0).astype(np.float32)
        weighed: Array = total * self.scale / np.float32(max(len(found), 1) ** 0.5)
        return weighed

    def worth(self, found: Index, head: int = 1) -> Array:
        worth: Array = self.each[found, head] * self.scale[head]
        return worth


@dataclass(frozen=True, slots=True)
class Model:
    judges: tuple[Weights, ...]
    """In the order of `features.JUDGES`."""
    kin: Kin
    bias: Array
    """Of each head."""
    raises: Array
    """The score from which each level is raised, by language."""
    kinds: Weights
    """By word feature (below 2 ** KIND_BITS) and category: what a worry is about."""
    kind_bias: Array
    slope: float = 1.0
    """Of the concern head's score, for the priority."""
    offset: float = 0.0

    def scores(self, found: Found) -> Scores:
        total = self.bias.copy()
        for judge, seen in zip(self.judges, found.lists, strict=True):
            total += judge.total(seen)
        check, concern, now, *spoken = total.tolist()
        other = max(spoken)
        language = 1 + spoken.index(other) if other > 0 else 0
        return Scores(check, concern, now, language)

    def raised(self, scores: Scores) -> Level | None:
        check, concern, now = self.raises[scores.language].tolist()
        if scores.concern >= concern:
            return Level.NOW if scores.now >= now else Level.CONCERN
        return Level.CHECK if scores.check >= check else None

    def about(self, found: Found) -> str:
        """The likeliest category, if it is a worry at all."""
        likely = self.kinds.total(found.lists[0] & KIND_MASK) + self.kind_bias
        return CATEGORIES[int(likely.argmax())]

    def priority(self, scores: Scores) -> float:
        """How soon to read it, from 0 to 1: the chance that it is a concern."""
        return float(1 / (1 + np.exp(-(self.slope * scores.concern + self.offset))))

    def weightiest(self, looked: Looked, found: Found, most: int = 3) -> list[Weighty]:
        """The words that spoke the loudest for a concern, by what stands in them."""
        words = [word.text for word in looked.words]
        if not words:
            return []
        by_word, by_letter = self.judges[:2]
        size = [np.sqrt(max(len(each), 1)) for each in found.lists]
        weighed = np.zeros(len(words), np.float32)
        for row in found.word_rows:
            _spread(weighed, row, by_word.worth(row.found) / size[0])
        letters = np.zeros(len(joined(words)), np.float32)
        for row in found.letter_rows:
            worth = by_letter.worth(row.found) / size[1]
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
    words = list(model.kin.rows)
    held: dict[str, Any] = {
        "kin_words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "kin": model.kin.kinds.astype(np.uint16),
        "bias": model.bias,
        "raises": model.raises,
        "kinds": model.kinds.each,
        "kinds_scale": model.kinds.scale,
        "kind_bias": model.kind_bias,
        "priority": np.array([model.slope, model.offset], np.float32),
    }
    for name, judge in zip(JUDGES, model.judges, strict=True):
        held |= {name: judge.each, f"{name}_scale": judge.scale}
    file = io.BytesIO()
    np.savez_compressed(file, **held)
    return file.getvalue()


def unpacked(file: bytes) -> Model:
    with np.load(io.BytesIO(file), allow_pickle=False) as held:
        slope, offset = held["priority"].tolist()
        words = held["kin_words"].tobytes().decode().split("\n")
        return Model(
            judges=tuple(Weights(held[name], held[f"{name}_scale"]) for name in JUDGES),
            kin=Kin(
                {word: row for row, word in enumerate(words, 1)},
                held["kin"].astype(np.uint32),
            ),
            bias=held["bias"],
            raises=held["raises"],
            kinds=Weights(held["kinds"], held["kinds_scale"]),
            kind_bias=held["kind_bias"],
            slope=slope,
            offset=offset,
        )
