"""The learned layer: how much a message is like those that somebody had to know of.

Rows of words with what the lexicon saw, rows of letters, rows of kinds of words: for
each there is a judge, with a weight for every feature, and their verdicts are added up.
In English and Scots there is one more, which hears words in their order (see
`listener`). The weights were learned from messages written for this purpose. It only
ever raises. It explains itself by the words that weighed most. Nothing but numpy runs.
"""

import io
import zipfile
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.concerns import CATEGORIES, Level
from engage.core.safeguarding.features import (
    JUDGES,
    Found,
    Index,
    Kin,
    Row,
    joined,
    joined_starts,
    kin_of,
)
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.listener import Listener, brought_back, kept
from engage.core.safeguarding.normalise import STOP

LANGUAGES = ("en", "gd", "pl", "uk", "ur", "ar")
"""Each has its own bars. English and Scots are one."""
FEW_BITS = 15
FEW = np.uint32((1 << FEW_BITS) - 1)
"""Features for what is easily told apart are folded to so few."""
_LISTENER = "listener_"
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
    """`each`: by feature and head. `scale`: what one of them is worth, by head."""

    each: Small
    scale: Array

    def total(self, found: Index) -> Array:
        """By head; a long message weighs no more than a short one."""
        # A product, since a sum over columns so short takes three times as long.
        ones = np.ones(len(found), np.float32)
        total = ones @ self.each.take(found, axis=0).astype(np.float32)
        weighed: Array = total * self.scale / np.float32(max(len(found), 1) ** 0.5)
        return weighed


@dataclass(frozen=True, slots=True)
class Model:
    each: Small
    """By judge and feature, as `Found` has them, and level."""
    scale: Array
    """What one of them is worth, by judge (see `features.JUDGES`) and level."""
    kin: Kin
    bias: Array
    """Of each head."""
    raises: Array
    """By language, the score from which each level is raised; and that of `now` from
    which it is raised without being a concern: the two are alike only in part."""
    kinds: Weights
    """By word feature, folded to few, and category: what a worry is about."""
    kind_bias: Array
    tongues: Weights
    """By letter feature, folded to few, and language but the first."""
    tongue_bias: Array
    slope: float = 1.0
    """Of the concern head's score, for the priority."""
    offset: float = 0.0
    listener: Listener | None = None
    blend: Array = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    """By level: how much each judge's verdict counts, and the listener's by level; and
    what is added. For where the listener understands."""

    def hears(self, language: int) -> Listener | None:
        """The listener, if the message is in a language that it learned."""
        return None if language else self.listener

    def scores(self, found: Found) -> Scores:
        """Without the listener."""
        check, concern, now = self.agreed(self.judged(found)).tolist()
        return Scores(check, concern, now, self.language(found))

    def language(self, found: Found) -> int:
        """The place in `LANGUAGES` of the one it is most likely in."""
        spoken = self.tongues.total(found.of(1) & FEW) + self.tongue_bias
        other = int(spoken.argmax())
        return other + 1 if spoken[other] > 0 else 0

    def judged(self, found: Found) -> Array:
        """By judge and level: what each says for it."""
        if not found.rows:
            return np.zeros((len(JUDGES), len(self.bias)), np.float32)
        weights = self.each.take(found.whole, axis=0).astype(np.float32)
        sums = np.add.reduceat(weights, found.starts[:-1], axis=0)
        counts: Array = np.diff(np.array(found.starts, np.float32))
        return self.weighed(sums, counts[:, None])

    def agreed(self, judged: Array) -> Array:
        """By level, or message (or part) and level: what the judges say together."""
        together: Array = judged.sum(axis=-2) + self.bias
        return together

    def blended(self, judged: Array, heard: Array) -> Array:
        """By message (or part) and level: what judges and listener say together."""
        many = len(JUDGES)
        own, others, added = self.blend[:many], self.blend[many:-1], self.blend[-1]
        together: Array = (judged * own).sum(axis=1) + heard @ others + added
        return together

    def weighed(self, sums: Array, counts: Array) -> Array:
        """By judge and level; a long message weighs no more than a short one."""
        size = np.sqrt(np.maximum(counts, 1))
        return (sums * self.scale / size).astype(np.float32)

    def worth(self, found: Found, row: Row) -> Array:
        """What each feature of a row says for a concern."""
        worth: Array = self.each[found.flat[row.start : row.end], 1].astype(np.float32)
        return worth

    def raised(self, scores: Scores) -> Level | None:
        check, concern, now, sure = self.raises[scores.language].tolist()
        if scores.now >= sure:
            return Level.NOW
        if scores.concern >= concern:
            return Level.NOW if scores.now >= now else Level.CONCERN
        return Level.CHECK if scores.check >= check else None

    def about(self, found: Found) -> str:
        """The likeliest category, if it is a worry at all."""
        likely = self.kinds.total(found.of(0) & FEW) + self.kind_bias
        return CATEGORIES[int(likely.argmax())]

    def priority(self, scores: Scores) -> float:
        """How soon to read it, from 0 to 1: the chance that it is a concern."""
        return float(1 / (1 + np.exp(-(self.slope * scores.concern + self.offset))))

    def weightiest(
        self,
        looked: Looked,
        found: Found,
        heard: Array,
        dull: Container[str] = (),
        most: int = 3,
    ) -> list[Weighty]:
        """The words that spoke the loudest for a concern, by what stands in them.

        `heard`: the listener's rows, or none. Those that are `dull` (and, the) only if
        there are no others.
        """
        words = [word.text for word in looked.words]
        if not words:
            return []
        weighed = np.zeros(len(words), np.float32)
        for row in found.rows:
            if row.judge == 0:
                worth = self.worth(found, row)
                wide = len(words) - len(worth) + 1
                for at in range(wide):
                    weighed[at : at + len(worth)] += worth / wide
        if weighed.max() <= 0:
            weighed = self._by_letters(words, found)
        if self.listener is not None and len(heard):
            shares = self.listener.shares(heard, 1)
            weighed = _evened(weighed) + _evened(shares)
        order = np.argsort(-weighed, kind="stable").tolist()
        telling = [at for at in order if weighed[at] > 0 and words[at] != STOP]
        telling.sort(key=lambda at: words[at] in dull)
        return [Weighty(at, float(weighed[at])) for at in telling[:most]]

    def _by_letters(self, words: Sequence[str], found: Found) -> Array:
        """Where no word as such was ever seen, the rows of letters in it speak."""
        letters = np.zeros(len(joined(words)), np.float32)
        for row in found.rows:
            if row.judge == 1:
                worth = self.worth(found, row)
                middle = (len(letters) - len(worth) + 1) // 2
                letters[middle : middle + len(worth)] += worth
        weighed: Array = np.add.reduceat(letters, joined_starts(words).tolist())
        return weighed


def _evened(weighed: Array) -> Array:
    """The most of it is 1."""
    most = max(float(weighed.max()), 1e-6)
    return (weighed / np.float32(most)).astype(np.float32)


def packed(model: Model) -> bytes:
    """As a file."""
    words = list(model.kin.rows)
    held: dict[str, Any] = {
        "kin_words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "kin": model.kin.kinds.astype(np.uint16),
        "each": model.each,
        "scale": model.scale,
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
    if model.listener is not None:
        held["blend"] = model.blend
        own = kept(model.listener)
        held |= {f"{_LISTENER}{name}": each for name, each in own.items()}
    file = io.BytesIO()
    # As `np.savez_compressed` does, but as small as it gets.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole:
        for name, each in held.items():
            with whole.open(f"{name}.npy", "w") as part:
                np.lib.format.write_array(part, np.asanyarray(each))
    return file.getvalue()


def unpacked(file: bytes) -> Model:
    with np.load(io.BytesIO(file), allow_pickle=False) as held:
        slope, offset = held["priority"].tolist()
        words = held["kin_words"].tobytes().decode().split("\n")
        own = {
            name.removeprefix(_LISTENER): held[name]
            for name in held
            if name.startswith(_LISTENER)
        }
        blend = {"blend": held["blend"], "listener": brought_back(own)} if own else {}
        return Model(
            each=held["each"],
            scale=held["scale"],
            kin=kin_of(words, held["kin"].astype(np.uint32)),
            bias=held["bias"],
            raises=held["raises"],
            kinds=Weights(held["kinds"], held["kinds_scale"]),
            kind_bias=held["kind_bias"],
            tongues=Weights(held["tongues"], held["tongues_scale"]),
            tongue_bias=held["tongue_bias"],
            slope=slope,
            offset=offset,
            **blend,
        )
