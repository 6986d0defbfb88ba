"""What the learned layer sees of a message: numbers for its words and its letters.

Several lists, since each is weighed by itself: rows of words together with what the
lexicon saw; rows of letters, which hold where words are misspelt; and rows of kinds of
words, broad and close, which hold where the words themselves are new. Numbers are
hashes, so that nothing that anybody wrote is kept.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.lexicon import Hit, Looked

JUDGES = ("words", "letters", "broad", "close")
KINDS = JUDGES[2:]
BITS = 19
_MASK = np.uint32((1 << BITS) - 1)
_LETTERS = (2, 3, 4, 5)
_STEP = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_MOST_PAIRED = 12
_MOST_KINDS = 4
Index = npt.NDArray[np.uint32]
_NOTHING = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Kin:
    """Which words are of a kind, in as many ways of sorting words as `KINDS` has."""

    rows: Mapping[str, int]
    """Word → its row in `kinds`; row 0 is for words that were never sorted."""
    kinds: Index
    """The number of its kind, by row and way."""

    def of(self, words: Sequence[str]) -> Index:
        """By way and word."""
        found: Index = self.kinds[[self.rows.get(word, 0) for word in words]].T
        return found


def kin_of(words: Mapping[str, Sequence[int]]) -> Kin:
    """From words with the numbers of their kinds, which count from 1."""
    names = sorted(words)
    kinds = [[0] * len(KINDS), *(words[name] for name in names)]
    rows = {name: row for row, name in enumerate(names, 1)}
    return Kin(rows, np.array(kinds, np.uint32))


class Found(NamedTuple):
    """`lists`: by judge (see `JUDGES`), numbers below 2 ** BITS, each once."""

    lists: tuple[Index, ...]
    rows: tuple[Sequence[Index], ...]
    """By judge: one to several words or letters wide, each in the order of places."""


def features(looked: Looked, kin: Kin) -> Found:
    return of_words([word.text for word in looked.words], kin, seen_in(looked))


def of_words(words: Sequence[str], kin: Kin, seen: Index = _NOTHING) -> Found:
    """The features of these words, with those of what the lexicon saw in them."""
    if not words:
        return Found((_NOTHING,) * len(JUDGES), ((),) * len(JUDGES))
    by_kind = list(_kind_rows(kin.of(words)))
    rows = (
        list(_word_rows(words)),
        list(_letter_rows(joined(words))),
        *([row[way] for row in by_kind] for way in range(len(KINDS))),
    )
    seen_too = ([*rows[0], seen], *rows[1:])
    return Found(tuple(map(_once, seen_too)), rows)


def joined(words: Sequence[str]) -> Index:
    """The letters of all words, a space around each."""
    text = f" {' '.join(words)} "
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


def joined_starts(words: Sequence[str]) -> Index:
    """Where each word begins among the letters of `joined`."""
    lengths = [1, *(len(word) + 1 for word in words[:-1])]
    return np.cumsum(lengths).astype(np.uint32)


def _once(rows: Sequence[Index]) -> Index:
    whole = np.concatenate(rows) if rows else _NOTHING
    if not len(whole):
        return whole
    # By hand, since `np.unique` takes three times as long for so few.
    whole.sort()
    first = np.empty(len(whole), np.bool_)
    first[0] = True
    np.not_equal(whole[1:], whole[:-1], out=first[1:])
    return whole[first]


def _word_rows(words: Sequence[str]) -> Iterable[Index]:
    """One to three words, and pairs with one between."""
    ids = np.array([zlib.crc32(word.encode()) for word in words], np.uint32)
    yield _mixed(ids, 1)
    if len(ids) > 1:
        pairs = ids[:-1] * _STEP ^ ids[1:]
        yield _mixed(pairs, 2)
        if len(ids) > 2:
            yield _mixed(pairs[:-1] * _STEP ^ ids[2:], 3)
            yield _mixed(ids[:-2] * _STEP ^ ids[2:], 4)


def _kind_rows(kinds: Index) -> Iterable[Index]:
    """One to four kinds, and pairs with one between, for every way at once."""
    yield _mixed(kinds, 31)
    rolled = kinds
    for n in range(2, _MOST_KINDS + 1):
        if kinds.shape[1] < n:
            break
        rolled = rolled[:, :-1] * _STEP ^ kinds[:, n - 1 :]
        yield _mixed(rolled, 30 + n)
    if kinds.shape[1] > 2:
        yield _mixed(kinds[:, :-2] * _STEP ^ kinds[:, 2:], 30)


def _letter_rows(text: Index) -> Iterable[Index]:
    rolled = text
    for n in range(2, _LETTERS[-1] + 1):
        if len(text) < n:
            return
        rolled = rolled[:-1] * _STEP ^ text[n - 1 :]
        if n in _LETTERS:
            yield _mixed(rolled, 10 + n)


def _salt(kind: int) -> int:
    return kind * 0x85EBCA6B & 0xFFFFFFFF


def _mixed(values: Index, kind: int | Index) -> Index:
    salt = np.uint32(_salt(kind)) if isinstance(kind, int) else kind
    values = (values ^ salt) * _MIX
    values ^= values >> np.uint32(15)
    values = values * np.uint32(0x2C1B3C6D)
    return (values ^ values >> np.uint32(12)) & _MASK


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
