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
_SEEN = (20, 21, 22)
"""How many times a feature of the lexicon counts: there are few, and they say much."""
_MOST_PAIRED = 12
_MOST_KINDS = 4
Index = npt.NDArray[np.uint32]
_NOTHING = np.zeros(0, np.uint32)


class Row(NamedTuple):
    """Features of each place, in order, and how many words or letters they span."""

    found: Index
    wide: int


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
    word_rows: Sequence[Row]
    letter_rows: Sequence[Row]


def features(looked: Looked, kin: Kin) -> Found:
    return of_words([word.text for word in looked.words], kin, _seen(looked))


def of_words(words: Sequence[str], kin: Kin, seen: Index = _NOTHING) -> Found:
    """The features of these words, with those of what the lexicon saw in them."""
    word_rows = list(_word_rows(words)) if words else []
    letter_rows = list(_letter_rows(joined(words))) if words else []
    lists = [
        _once([*(row.found for row in word_rows), seen]),
        _once([row.found for row in letter_rows]),
    ]
    if words:
        lists += [_once(list(_kind_rows(way))) for way in kin.of(words)]
    else:
        lists += [_NOTHING] * len(KINDS)
    return Found(tuple(lists), word_rows, letter_rows)


def joined(words: Sequence[str]) -> Index:
    """The letters of all words, a space around each."""
    text = f" {' '.join(words)} "
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


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


def _word_rows(words: Sequence[str]) -> Iterable[Row]:
    """One to three words, and pairs with one between."""
    ids = np.array([zlib.crc32(word.encode()) for word in words], np.uint32)
    yield Row(_mixed(ids, 1), 1)
    if len(ids) > 1:
        pairs = ids[:-1] * _STEP ^ ids[1:]
        yield Row(_mixed(pairs, 2), 2)
        if len(ids) > 2:
            yield Row(_mixed(pairs[:-1] * _STEP ^ ids[2:], 3), 3)
            yield Row(_mixed(ids[:-2] * _STEP ^ ids[2:], 4), 3)


def _kind_rows(kinds: Index) -> Iterable[Index]:
    """One to four kinds, and pairs with one between."""
    yield _mixed(kinds, 31)
    rolled = kinds
    for n in range(2, _MOST_KINDS + 1):
        if len(kinds) < n:
            break
        rolled = rolled[:-1] * _STEP ^ kinds[n - 1 :]
        yield _mixed(rolled, 30 + n)
    if len(kinds) > 2:
        yield _mixed(kinds[:-2] * _STEP ^ kinds[2:], 30)


def _letter_rows(text: Index) -> Iterable[Row]:
    rolled = text
    for n in range(2, _LETTERS[-1] + 1):
        if len(text) < n:
            return
        rolled = rolled[:-1] * _STEP ^ text[n - 1 :]
        if n in _LETTERS:
            yield Row(_mixed(rolled, 10 + n), n)


def _mixed(values: Index, kind: int) -> Index:
    values = (values ^ np.uint32(kind * 0x85EBCA6B & 0xFFFFFFFF)) * _MIX
    values ^= values >> np.uint32(15)
    values = values * np.uint32(0x2C1B3C6D)
    return (values ^ values >> np.uint32(12)) & _MASK


def _seen(looked: Looked) -> Index:
    """What the lexicon saw: rules, what denied or framed them, and pairs of them."""
    marks: set[int] = set()
    live: set[int] = set()
    for hit in looked.hits:
        if hit.rule.asked:
            continue
        marks.update(_marks_of(hit))
        if not (hit.denied or hit.framed):
            live.add(_number(hit.rule.id))
    marks.update(_number(f"frame:{frame.rule.id}") for frame in looked.frames)
    if not marks:
        return _NOTHING
    found = np.array(sorted(marks), np.uint32)
    pairs = _pairs(sorted(live)[:_MOST_PAIRED])
    whole = np.concatenate([found, pairs])
    return np.concatenate([_mixed(whole, kind) for kind in _SEEN])


def _pairs(ids: Sequence[int]) -> Index:
    if len(ids) < 2:
        return _NOTHING
    each = np.array(ids, np.uint32)
    one, other = np.triu_indices(len(ids), 1)
    pairs: Index = each[one] * _STEP ^ each[other]
    return pairs


def _marks_of(hit: Hit) -> tuple[int, ...]:
    how = "denied:" if hit.denied else "framed:" if hit.framed else ""
    rule = hit.rule
    return _marks(rule.id, rule.strength.value, rule.categories, how)


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
