"""The learned layer: how much a message is like those that somebody had to know of.

Rows of words with what the lexicon saw, rows of letters, rows of kinds of words: for
each there is a judge, with a weight for every feature, and their verdicts are added up.
The weights were learned from messages written for this purpose. It only ever raises. It
explains itself by the words that weighed most. Nothing but numpy runs.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES, Level
from engage.core.safeguarding.features import (
    JUDGES,
    Found,
    Index,
    Kin,
    joined,
    joined_starts,
)
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

LANGUAGES = ("en", "gd", "pl", "uk", "ur", "ar")
"""Each has its own bars. English and Scots are one."""
FEW_BITS = 15
FEW = np.uint32((1 << FEW_BITS) - 1)
"""Features for what is easily told apart are folded to so few."""
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
    """By word feature, folded to few, and category: what a worry is about."""
    kind_bias: Array
    tongues: Weights
    """By letter feature, folded to few, and language but the first."""
    tongue_bias: Array
    slope: float = 1.0
    """Of the concern head's score, for the priority."""
    offset: float = 0.0

    def scores(self, found: Found) -> Scores:
        total = self.bias.copy()
        for judge, seen in zip(self.judges, found.lists, strict=True):
            total += judge.total(seen)
        spoken = self.tongues.total(found.lists[1] & FEW) + self.tongue_bias
        other = int(spoken.argmax())
        check, concern, now = total.tolist()
        return Scores(check, concern, now, other + 1 if spoken[other] > 0 else 0)

    def raised(self, scores: Scores) -> Level | None:
        check, concern, now = self.raises[scores.language].tolist()
        if scores.concern >= concern:
            return Level.NOW if scores.now >= now else Level.CONCERN
        return Level.CHECK if scores.check >= check else None

    def about(self, found: Found) -> str:
        """The likeliest category, if it is a worry at all."""
        likely = self.kinds.total(found.lists[0] & FEW) + self.kind_bias
        return CATEGORIES[int(likely.argmax())]

    def priority(self, scores: Scores) -> float:
        """How soon to read it, from 0 to 1: the chance that it is a concern."""
        return float(1 / (1 + np.exp(-(self.slope * scores.concern + self.offset))))

    def weightiest(self, looked: Looked, found: Found, most: int = 3) -> list[Weighty]:
        """The words that spoke the loudest for a concern, by what stands in them."""
        words = [word.text for word in looked.words]
        if not words:
            return []
        weighed = np.zeros(len(words), np.float32)
        for row in found.rows[0]:
            wide = len(words) - len(row) + 1
            worth = self.judges[0].worth(row) / wide
            for at in range(wide):
                weighed[at : at + len(worth)] += worth
        if weighed.max() <= 0:
            weighed = self._by_letters(words, found)
        order = np.argsort(-weighed, kind="stable").tolist()
        telling = [at for at in order if weighed[at] > 0 and words[at] != STOP]
        return [Weighty(at, float(weighed[at])) for at in telling[:most]]

    def _by_letters(self, words: Sequence[str], found: Found) -> Array:
        """Where no word as such was ever seen, the rows of letters in it speak."""
        letters = np.zeros(len(joined(words)), np.float32)
        for row in found.rows[1]:
            middle = (len(letters) - len(row) + 1) // 2
            letters[middle : middle + len(row)] += self.judges[1].worth(row)
        weighed: Array = np.add.reduceat(letters, joined_starts(words).tolist())
        return weighed


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
        "tongues": model.tongues.each,
        "tongues_scale": model.tongues.scale,
        "tongue_bias": model.tongue_bias,
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
            tongues=Weights(held["tongues"], held["tongues_scale"]),
            tongue_bias=held["tongue_bias"],
            slope=slope,
            offset=offset,
        )
