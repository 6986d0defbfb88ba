"""The words that people use, the commonest first, and what else was meant by others.

A slip of the finger (`hruts`) is read as the commonest word that is one slip away, and
words without spaces between them as the likeliest row of words. Only what is no word
itself is read so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field
from math import log

_FREQUENT, _VERY_FREQUENT = 5_000, 1_500
"""Which words slips are mended to: rare ones would catch names and other languages."""
_LEAST, _LEAST_SURE, _LONGEST = 4, 5, 20
"""Letters: a slip in four could be anything, so only the commonest are taken."""
_LONGEST_PART = 14
_UNKNOWN = 9.0
"""What a letter of no word costs; a word costs the logarithm of its place."""
_RARE = log(20_000)
_MOST_UNKNOWN = 0.25
_LATIN = re.compile(r"[a-z]+")


@dataclass
class Spelling:
    """`common`: words, the commonest first. `others`: further ones."""

    common: Sequence[str] = ()
    others: InitVar[Iterable[str]] = ()
    words: frozenset[str] = field(init=False)
    """All that are known."""
    _costs: dict[str, float] = field(init=False)
    _near: dict[str, str] = field(init=False, default_factory=dict)
    """A word with one letter left out → the commonest word that it may be of."""

    def __post_init__(self, others: Iterable[str]) -> None:
        self.words = frozenset(self.common).union(others)
        self._costs = {word: log(n + 20) for n, word in enumerate(self.common)}
        for word in self.common[:_FREQUENT]:
            if len(word) >= _LEAST and _LATIN.fullmatch(word):
                for less in _one_left_out(word):
                    self._near.setdefault(less, word)

    def known(self, word: str) -> bool:
        return word in self.words

    def meant(self, word: str) -> str | None:
        """The commonest word that is one slip away, or None."""
        if not _LEAST <= len(word) <= _LONGEST or not _LATIN.fullmatch(word):
            return None
        found = [self._near.get(word)]
        for less in _one_left_out(word):
            if less in self._costs and len(less) >= _LEAST:
                found.append(less)
            near = self._near.get(less)
            if near is not None and _one_slip(word, near):
                found.append(near)
        costs = [(self._costs[each], each) for each in found if each]
        cost, best = min(costs, default=(0.0, None))
        if len(word) < _LEAST_SURE and cost > log(_VERY_FREQUENT):
            return None
        return best

    def broken(self, text: str) -> list[str]:
        """The likeliest row of words that stand together so; [] if it is no such."""
        best, back = [0.0], [0]
        unknown = [0]
        for end in range(1, len(text) + 1):
            cost, start, strange = best[-1] + _UNKNOWN, end - 1, unknown[-1] + 1
            for begin in range(max(0, end - _LONGEST_PART), end):
                part = text[begin:end]
                own = self._costs.get(part) or (_RARE if part in self.words else None)
                if own is None or (end - begin == 1 and part not in "iau"):
                    continue
                if best[begin] + own < cost:
                    cost, start, strange = best[begin] + own, begin, unknown[begin]
            best.append(cost)
            back.append(start)
            unknown.append(strange)
        if unknown[-1] > len(text) * _MOST_UNKNOWN:
            return []
        return _pieces(text, back)


def _pieces(text: str, back: Sequence[int]) -> list[str]:
    found: list[str] = []
    end = len(text)
    while end:
        found.append(text[back[end] : end])
        end = back[end]
    return found[::-1]


def _one_left_out(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is another, or two have changed places."""
    if len(one) != len(other):
        return False
    apart = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) == 2:
        first, second = apart
        swapped = one[first] == other[second] and one[second] == other[first]
        return second == first + 1 and swapped
    return len(apart) == 1
