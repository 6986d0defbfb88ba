"""The learned layer: how much a message is like those that somebody had to know of.

Hashed rows of letters and words, and what the lexicon saw, each with a weight that was
learned from messages written for this purpose. It only ever raises. It explains itself
by the words that weighed most. Nothing but numpy runs.
"""

import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

BITS = 19
MASK = np.uint32((1 << BITS) - 1)
KIND_BITS = 15
KIND_MASK = np.uint32((1 << KIND_BITS) - 1)
_LETTERS = (2, 3, 4, 5)
_STEP = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_SEEN = 3
"""How many times a feature of the lexicon counts: there are few, and they say much."""
_NEAR = 4
"""How many words apart two slots may stand to be seen together."""
Array = npt.NDArray[np.float32]
Index = npt.NDArray[np.uint32]


class Scores(NamedTuple):
    """Log-odds, by head."""

    check: float
    concern: float
    now: float


class Weighty(NamedTuple):
    """A word of the message, as a range of words, and how much it weighed."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by head and feature, the bias of each head, and what makes a level."""

    weights: npt.NDArray[np.int8]
    scale: Array
    bias: Array
    raises: Array
    """The score from which each head raises."""
    kinds: npt.NDArray[np.int8]
    """By category and feature (below 2 ** KIND_BITS): what a worry is about."""
    kind_scale: Array
    kind_bias: Array
    slope: float = 1.0
    """Of the concern head's score, for the priority."""
    offset: float = 0.0

    def scores(self, found: Index) -> Scores:
        size = np.sqrt(np.float32(max(len(found), 1)))
        total = self.weights[:, found].sum(axis=1, dtype=np.int32)
        return Scores(*(total * self.scale / size + self.bias).tolist())

    def about(self, found: Index) -> str:
        """The likeliest category, if it is a worry at all."""
        size = np.sqrt(np.float32(max(len(found), 1)))
        total = self.kinds[:, found & KIND_MASK].sum(axis=1, dtype=np.int32)
        likely = total * self.kind_scale / size + self.kind_bias
        return CATEGORIES[int(likely.argmax())]

    def priority(self, scores: Scores) -> float:
        """How soon to read it, from 0 to 1: the chance that it is a concern."""
        return float(1 / (1 + np.exp(-(self.slope * scores.concern + self.offset))))

    def weightiest(self, looked: Looked, most: int = 3) -> list[Weighty]:
        """The words that spoke the loudest for a concern, by what stands in them."""
        words = [word.text for word in looked.words]
        if not words:
            return []
        weighed = np.zeros(len(words), np.float32)
        for found, wide in _word_rows(words):
            for at in range(wide):
                weighed[at : at + len(found)] += self._worth(found) / wide
        text, starts = _joined(words)
        letters = np.zeros(len(text), np.float32)
        for found, wide in _letter_rows(text):
            middle = wide // 2
            letters[middle : middle + len(found)] += self._worth(found)
        weighed += np.add.reduceat(letters, starts)
        order = np.argsort(-weighed, kind="stable")[:most].tolist()
        return [
            Weighty(at, at + 1, float(weighed[at]))
            for at in order
            if weighed[at] > 0 and words[at] != STOP
        ]

    def _worth(self, found: Index) -> Array:
        worth: Array = self.weights[1, found].astype(np.float32)
        return worth


def features(looked: Looked) -> Index:
    """The features of a message: numbers below 2 ** BITS, each once."""
    words = [word.text for word in looked.words]
    return np.unique(np.concatenate([texts(words), _seen(looked)]))


def texts(words: Sequence[str]) -> Index:
    """Rows of one to three words, pairs with one between, and rows of letters."""
    if not words:
        return np.zeros(0, np.uint32)
    rows = [found for found, _ in _word_rows(words)]
    rows += [found for found, _ in _letter_rows(_joined(words)[0])]
    return np.concatenate(rows)


def _word_rows(words: Sequence[str]) -> Iterable[tuple[Index, int]]:
    """Features of each place, and how many words they reach over."""
    ids = np.array([zlib.crc32(word.encode()) for word in words], np.uint32)
    yield _mixed(ids, 1), 1
    if len(ids) > 1:
        yield _mixed(ids[:-1] * _STEP ^ ids[1:], 2), 2
    if len(ids) > 2:
        yield _mixed((ids[:-2] * _STEP ^ ids[1:-1]) * _STEP ^ ids[2:], 3), 3
        yield _mixed(ids[:-2] * _STEP ^ ids[2:], 4), 3


def _joined(words: Sequence[str]) -> tuple[Index, list[int]]:
    """The letters of all words, a space around each; and where each word begins."""
    text = f" {' '.join(words)} "
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32), starts


def _letter_rows(text: Index) -> Iterable[tuple[Index, int]]:
    for n in _LETTERS:
        if len(text) >= n:
            rolled = text[: len(text) - n + 1].copy()
            for at in range(1, n):
                rolled = rolled * _STEP ^ text[at : len(text) - n + 1 + at]
            yield _mixed(rolled, 10 + n), n


def _mixed(values: Index, kind: int) -> Index:
    values = (values ^ np.uint32(kind * 0x85EBCA6B & 0xFFFFFFFF)) * _MIX
    values ^= values >> np.uint32(15)
    values = values * np.uint32(0x2C1B3C6D)
    return (values ^ values >> np.uint32(12)) & MASK


def _seen(looked: Looked) -> Index:
    names = set(_named(looked))
    found = [
        zlib.crc32(f"{copy}{name}".encode()) for name in names for copy in range(_SEEN)
    ]
    return np.array(found, np.uint32) & MASK


def _named(looked: Looked) -> Iterable[str]:
    """What the lexicon saw: rules, what denied or framed them, and pairs of them."""
    live = []
    for hit in looked.hits:
        how = "denied:" if hit.denied else "framed:" if hit.framed else ""
        yield f"rule:{how}{hit.rule.id}"
        for category in hit.rule.categories:
            yield f"about:{how}{hit.rule.strength}:{category}"
        if not how:
            live.append(hit)
            yield f"strength:{hit.rule.strength}"
    for frame in looked.frames:
        yield f"frame:{frame.rule.id}"
    ids = sorted({hit.rule.id for hit in live})[:12]
    for n, one in enumerate(ids):
        for other in ids[n + 1 :]:
            yield f"both:{one}+{other}"


def packed(model: Model) -> bytes:
    """As a file."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        weights=model.weights,
        scale=model.scale,
        bias=model.bias,
        raises=model.raises,
        kinds=model.kinds,
        kind_scale=model.kind_scale,
        kind_bias=model.kind_bias,
        priority=np.array([model.slope, model.offset], np.float32),
    )
    return file.getvalue()


def unpacked(file: bytes) -> Model:
    with np.load(io.BytesIO(file), allow_pickle=False) as held:
        slope, offset = held["priority"].tolist()
        return Model(
            held["weights"],
            held["scale"],
            held["bias"],
            held["raises"],
            held["kinds"],
            held["kind_scale"],
            held["kind_bias"],
            slope,
            offset,
        )
