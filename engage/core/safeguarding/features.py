"""What the learned layer sees of a message: numbers for its words and its letters.

Several lists, since each is weighed by itself: rows of words together with what the
lexicon saw; rows of letters, which hold where words are misspelt; and rows of kinds of
words, which hold where the words themselves are new. Numbers are hashes, so that
nothing that anybody wrote is kept.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.lexicon import Hit, Looked

JUDGES = ("words", "letters", "kinds")
KINDS = JUDGES[2:]
BITS = 19
MASK = np.uint32((1 << BITS) - 1)
_LETTERS = (2, 3, 4, 5)
_STEP = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_MOST_PAIRED = 12
_MOST_KINDS = 4
Index = npt.NDArray[np.uint32]
_NOTHING = np.zeros(0, np.uint32)
_STARTS = np.arange(len(JUDGES) + 1, dtype=np.uint32) << np.uint32(BITS)


@dataclass(frozen=True, slots=True)
class Kin:
    """Which words are of a kind, in as many ways of sorting words as `KINDS` has."""

    rows: Mapping[str, int]
    """Word → its row in `kinds`; row 0 is for words that were never sorted."""
    kinds: Index
    """The number of its kind, by row and way."""
    hashes: Index
    """Of each word that has a row."""

    def of(self, words: Sequence[str]) -> tuple[Index, Index]:
        """The hash of each word; and by way and word, the number of its kind."""
        rows = [self.rows.get(word, 0) for word in words]
        hashes = self.hashes[rows]
        for at, row in enumerate(rows):
            if not row:
                hashes[at] = zlib.crc32(words[at].encode())
        return hashes, self.kinds[rows].T


def kin_of(words: Sequence[str], kinds: Index) -> Kin:
    """From words and the numbers of their kinds, by row; the first is for no word."""
    hashes = np.array([0, *(zlib.crc32(each.encode()) for each in words)], np.uint32)
    return Kin({word: row for row, word in enumerate(words, 1)}, kinds, hashes)


class Row(NamedTuple):
    """Features of places in order, so many words or letters wide: a part of `flat`."""

    judge: int
    start: int
    end: int


class Found(NamedTuple):
    """Numbers below 2 ** BITS, the judge (see `JUDGES`) in the bits above."""

    whole: Index
    """Each once, in order."""
    starts: tuple[int, ...]
    """Where each judge's begin in `whole`, and the end."""
    flat: Index
    """All of them as they stand in the message, row by row; not what was seen."""
    rows: Sequence[Row]

    def of(self, judge: int) -> Index:
        """One judge's, without its bits."""
        return self.whole[self.starts[judge] : self.starts[judge + 1]] & MASK


_EMPTY = Found(_NOTHING, (0,) * (len(JUDGES) + 1), _NOTHING, ())


def features(looked: Looked, kin: Kin) -> Found:
    return of_words([word.text for word in looked.words], kin, seen_in(looked))


def of_words(words: Sequence[str], kin: Kin, seen: Index = _NOTHING) -> Found:
    """The features of these words, with those of what the lexicon saw in them."""
    if not words:
        return _EMPTY
    ids, kinds = kin.of(words)
    raw = [*_word_rows(ids), *_letter_rows(joined(words)), *_kind_rows(kinds)]
    lengths = [len(each.values) for each in raw]
    salts = np.array([each.salt for each in raw], np.uint32)
    judges = [each.judge for each in raw]
    # All at once: a dozen small arrays take ten times as long.
    flat = _mixed(
        np.concatenate([each.values for each in raw]), np.repeat(salts, lengths)
    )
    flat |= np.repeat(np.array(judges, np.uint32) << np.uint32(BITS), lengths)
    ends = list(accumulate(lengths))
    rows = [
        Row(judge, end - length, end)
        for judge, length, end in zip(judges, lengths, ends, strict=True)
    ]
    whole = _once(np.concatenate([flat, seen]))
    starts = np.searchsorted(whole, _STARTS).tolist()
    return Found(whole, tuple(starts), flat, rows)


class _Raw(NamedTuple):
    """A row before it is hashed."""

    judge: int
    salt: int
    values: Index


def joined(words: Sequence[str]) -> Index:
    """The letters of all words, a space around each."""
    text = f" {' '.join(words)} "
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


def joined_starts(words: Sequence[str]) -> Index:
    """Where each word begins among the letters of `joined`."""
    lengths = [1, *(len(word) + 1 for word in words[:-1])]
    return np.cumsum(lengths).astype(np.uint32)


def _once(whole: Index) -> Index:
    # By hand, since `np.unique` takes three times as long for so few.
    whole.sort()
    first = np.empty(len(whole), np.bool_)
    first[0] = True
    np.not_equal(whole[1:], whole[:-1], out=first[1:])
    return whole[first]


def _word_rows(ids: Index) -> Iterable[_Raw]:
    """One to three words, and pairs with one between."""
    yield _Raw(0, _salt(1), ids)
    if len(ids) > 1:
        pairs = ids[:-1] * _STEP ^ ids[1:]
        yield _Raw(0, _salt(2), pairs)
        if len(ids) > 2:
            yield _Raw(0, _salt(3), pairs[:-1] * _STEP ^ ids[2:])
            yield _Raw(0, _salt(4), ids[:-2] * _STEP ^ ids[2:])


def _letter_rows(text: Index) -> Iterable[_Raw]:
    rolled = text
    for n in range(2, _LETTERS[-1] + 1):
        if len(text) < n:
            return
        rolled = rolled[:-1] * _STEP ^ text[n - 1 :]
        if n in _LETTERS:
            yield _Raw(1, _salt(10 + n), rolled)


def _kind_rows(ways: Index) -> Iterable[_Raw]:
    """One to four kinds, and pairs with one between, for every way."""
    for judge, kinds in enumerate(ways, 2):
        yield _Raw(judge, _salt(31), kinds)
        rolled = kinds
        for n in range(2, _MOST_KINDS + 1):
            if len(kinds) < n:
                break
            rolled = rolled[:-1] * _STEP ^ kinds[n - 1 :]
            yield _Raw(judge, _salt(30 + n), rolled)
        if len(kinds) > 2:
            yield _Raw(judge, _salt(30), kinds[:-2] * _STEP ^ kinds[2:])


def _salt(kind: int) -> int:
    return kind * 0x85EBCA6B & 0xFFFFFFFF


def _mixed(values: Index, salts: Index) -> Index:
    values = (values ^ salts) * _MIX
    values ^= values >> np.uint32(15)
    values = values * np.uint32(0x2C1B3C6D)
    return (values ^ values >> np.uint32(12)) & MASK


_SEEN = np.array([[_salt(kind)] for kind in (20, 21, 22)], np.uint32)
"""How many times a feature of the lexicon counts: there are few, and they say much."""


def seen_in(looked: Looked) -> Index:
    """What the lexicon saw: rules, what denied or framed them, and pairs of them."""
    marks: set[int] = set()
    live: set[int] = set()
    for hit in looked.hits:
        marks.update(marks_of(hit))
        if not (hit.denied or hit.framed or hit.rule.asked):
            live.add(_number(hit.rule.id))
    marks.update(mark_of_frame(frame) for frame in looked.frames)
    return mixed_marks(marks, _pairs(sorted(live)[:_MOST_PAIRED])).ravel()


def mixed_marks(marks: Iterable[int], pairs: Index = _NOTHING) -> Index:
    """The features of what was seen, by copy and mark."""
    whole = np.concatenate([np.array(list(marks), np.uint32), pairs])
    return _mixed(whole, _SEEN)


def _pairs(ids: Sequence[int]) -> Index:
    if len(ids) < 2:
        return _NOTHING
    each = np.array(ids, np.uint32)
    one, other = _every_two(len(ids))
    pairs: Index = each[one] * _STEP ^ each[other]
    return pairs


@lru_cache(maxsize=_MOST_PAIRED + 1)
def _every_two(many: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    one, other = np.triu_indices(many, 1)
    return one, other


def marks_of(hit: Hit) -> tuple[int, ...]:
    """The numbers that one match is seen by; none for bare answers."""
    rule = hit.rule
    if rule.asked:
        return ()
    how = "denied:" if hit.denied else "framed:" if hit.framed else ""
    return _marks(rule.id, rule.strength.value, rule.categories, how)


def mark_of_frame(frame: Hit) -> int:
    return _number(f"frame:{frame.rule.id}")


@lru_cache(maxsize=4096)
def _marks(
    rule: str, strength: str, categories: tuple[str, ...], how: str
) -> tuple[int, ...]:
    names = [f"rule:{how}{rule}"]
    names += [f"about:{how}{strength}:{category}" for category in categories]
    if not how:
        names.append(f"strength:{strength}")
    return tuple(map(_number, names))


@lru_cache(maxsize=4096)
def _number(name: str) -> int:
    return zlib.crc32(name.encode())
