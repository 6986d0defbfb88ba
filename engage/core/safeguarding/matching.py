"""Look for patterns among the words of a message.

A pattern is a row of parts: a word, `begin*` for every word that begins so, `<slot>`
for any word or row of words listed under that name, and `..` for up to three words in
between. No pattern reaches over the end of a sentence. Time grows with the number of
words, not with the number of patterns: each is only tried where its rarest part stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engage.core.safeguarding.normalise import STOP

GAP = ".."
_FURTHEST = 3
"""Words that a gap may stand for, at most."""
Parts = tuple[str, ...]
"""Words, `begin*`, `<slot>` and `..`, from left to right."""


class Found(NamedTuple):
    """Pattern number, and its first word and the one after its last."""

    pattern: int
    start: int
    end: int


class _Try(NamedTuple):
    pattern: int
    parts: Parts
    at: int
    """Which of its parts is the rarest."""
    after: str | None
    """What must stand right after the rarest; None for a gap or the end."""
    before: str | None
    """The same right before it."""


_Tries = dict[str, dict[str, list[_Try]]]
"""By the rarest part, and the next rarest: that must stand in the sentence too."""


_Places = dict[str, tuple[int, ...]]
"""By part: where it ends, or where it begins."""


@dataclass
class Patterns:
    """Many patterns, looked for at once."""

    slots: Mapping[str, Sequence[Parts]]
    """Name → rows of words (`begin*` may be among them)."""
    patterns: Sequence[Parts]
    common: Mapping[str, int] = field(default_factory=dict)
    """How often a word stands in ordinary messages: decides what is rare."""
    _singles: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)
    _begins: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)
    _rows: "_Rows" = field(init=False, default_factory=lambda: _Rows())
    _tries: "_Tries" = field(init=False, default_factory=dict)
    _lengths: tuple[int, ...] = field(init=False, default=())
    _parts: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)
    """Word → the parts it is, for words of the lexicon that were met."""

    def __post_init__(self) -> None:
        singles: dict[str, set[str]] = defaultdict(set)
        begins: dict[str, set[str]] = defaultdict(set)
        parts = {part for pattern in self.patterns for part in pattern}
        for name, rows in self.slots.items():
            for row in rows:
                if len(row) > 1:
                    self._rows.enter(row, f"<{name}>")
                else:
                    _enter(row[0], f"<{name}>", singles, begins)
        for pattern in self.patterns:
            for part in pattern:
                if not part.startswith("<") and part != GAP:
                    _enter(part, part, singles, begins)
        self._singles = {word: tuple(sorted(keys)) for word, keys in singles.items()}
        self._begins = {word: tuple(sorted(keys)) for word, keys in begins.items()}
        self._lengths = tuple(sorted({len(each) for each in begins}))
        commonness = {part: self._commonness(part) for part in parts}
        for number, pattern in enumerate(self.patterns):
            rarest = sorted(
                (n for n, part in enumerate(pattern) if part != GAP),
                key=lambda n: commonness[pattern[n]],
            )
            at = rarest[0]
            also = pattern[rarest[min(1, len(rarest) - 1)]]
            after = pattern[at + 1] if at + 1 < len(pattern) else GAP
            before = pattern[at - 1] if at else GAP
            close = [None if part == GAP else part for part in (after, before)]
            one = _Try(number, pattern, at, *close)
            there = self._tries.setdefault(pattern[at], {})
            there.setdefault(also, []).append(one)

    def _commonness(self, part: str) -> int:
        if part.startswith("<"):
            rows = self.slots.get(part[1:-1], ())
            return sum(self.common.get(row[0].rstrip("*"), 1) for row in rows)
        return self.common.get(part.rstrip("*"), 1)

    def known(self, word: str) -> bool:
        """Whether any pattern or slot has this very word."""
        return word in self._singles

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every match, each pattern once at each place where its rarest part stands."""
        ends, starts = self._standing(words)
        there = _sentences(words, ends)
        tried = (
            (one, start, stop)
            for start, keys in enumerate(ends[:-1])
            for key in self._tries.keys() & keys.keys()
            for also in self._tries[key].keys() & there[start]
            for one in self._tries[key][also]
            for stop in keys[key]
            if one.after is None or one.after in ends[stop]
            if one.before is None or one.before in starts[start]
        )
        found = []
        for one, start, stop in tried:
            right = _right(words, ends, one.parts, one.at + 1, stop)
            if right is not None:
                left = _left(words, starts, one.parts, one.at - 1, start)
                if left is not None:
                    found.append(Found(one.pattern, left, right))
        return sorted(found)

    def _standing(self, words: Sequence[str]) -> tuple[list[_Places], list[_Places]]:
        """By place: what begins there and where it ends, and what ends there."""
        ends: list[_Places] = []
        starts: list[_Places] = [{}]
        for at, word in enumerate(words):
            parts = self._parts.get(word)
            if parts is None:
                parts = self._parts_of(word)
                if word in self._singles:
                    # Only words of the lexicon: a child's own are not kept.
                    self._parts[word] = parts
            ends.append(dict.fromkeys(parts, (at + 1,)))
            starts.append(dict.fromkeys(parts, (at,)))
        ends.append({})
        for at, word in enumerate(words):
            if word in self._rows.next or self._rows.begins:
                for key, stop in self._rows.follow(words, at):
                    ends[at][key] = (*ends[at].get(key, ()), stop)
                    starts[stop][key] = (*starts[stop].get(key, ()), at)
        return ends, starts

    def _parts_of(self, word: str) -> tuple[str, ...]:
        parts = dict.fromkeys(self._singles.get(word, ()))
        for length in self._lengths:
            parts.update(dict.fromkeys(self._begins.get(word[:length], ())))
            if length >= len(word):
                break
        return tuple(parts)


def _sentences(words: Sequence[str], ends: Sequence[_Places]) -> list[set[str]]:
    """For each place, every part that stands somewhere in its sentence."""
    found: list[set[str]] = []
    parts: set[str] = set()
    for word, keys in zip(words, ends, strict=False):
        if word == STOP:
            parts = set()
        parts.update(keys)
        found.append(parts)
    return found


class _Rows:
    """Rows of words as a tree, so that rows which begin alike are looked for once."""

    __slots__ = ("begins", "ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Rows] = {}
        self.begins: list[tuple[str, _Rows]] = []
        self.ends: list[str] = []

    def enter(self, row: Parts, key: str) -> None:
        if not row:
            self.ends.append(key)
            return
        self._child(row[0]).enter(row[1:], key)

    def _child(self, part: str) -> "_Rows":
        if not part.endswith("*"):
            return self.next.setdefault(part, _Rows())
        for begin, child in self.begins:
            if begin == part[:-1]:
                return child
        self.begins.append((part[:-1], _Rows()))
        return self.begins[-1][1]

    def follow(self, words: Sequence[str], at: int) -> Iterator[tuple[str, int]]:
        """Every row that stands here, and the place after it."""
        for key in self.ends:
            yield key, at
        if at == len(words):
            return
        word = words[at]
        child = self.next.get(word)
        if child is not None:
            yield from child.follow(words, at + 1)
        for begin, other in self.begins:
            if word.startswith(begin):
                yield from other.follow(words, at + 1)


def _enter(
    word: str, key: str, singles: dict[str, set[str]], begins: dict[str, set[str]]
) -> None:
    if word.endswith("*"):
        begins[word[:-1]].add(key)
    else:
        singles[word].add(key)


def _right(
    words: Sequence[str],
    ends: Sequence[_Places],
    parts: Parts,
    n: int,
    at: int,
) -> int | None:
    """Where the parts from the n-th on end, if they stand from `at` on."""
    if n == len(parts):
        return at
    if parts[n] == GAP:
        places: Iterable[int] = _reached(words, at, 1)
        n += 1
        if n == len(parts):
            return at
    else:
        places = (at,)
    for place in places:
        if place < len(words):
            for stop in ends[place].get(parts[n], ()):
                end = _right(words, ends, parts, n + 1, stop)
                if end is not None:
                    return end
    return None


def _left(
    words: Sequence[str],
    starts: Sequence[_Places],
    parts: Parts,
    n: int,
    at: int,
) -> int | None:
    """Where the parts up to the n-th begin, if they end at `at`."""
    if n < 0:
        return at
    if parts[n] == GAP:
        places: Iterable[int] = _reached(words, at, -1)
        n -= 1
        if n < 0:
            return at
    else:
        places = (at,)
    for place in places:
        for start in starts[place].get(parts[n], ()):
            begin = _left(words, starts, parts, n - 1, start)
            if begin is not None:
                return begin
    return None


def _reached(words: Sequence[str], at: int, step: int) -> Iterator[int]:
    """This place, and those up to the furthest, within the sentence."""
    yield at
    for _ in range(_FURTHEST):
        passed = at if step > 0 else at - 1
        if not 0 <= passed < len(words) or words[passed] == STOP:
            return
        at += step
        yield at
