"""Look for patterns among the words of a message.

A pattern is a row of parts: a word, `begin*` for every word that begins so, `<slot>`
for any word or row of words listed under that name, and `..` for up to three words in
between. No pattern reaches over the end of a sentence. Time grows with the number of
words, not with the number of patterns: each is only tried where its rarest part stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from engage.core.safeguarding.normalise import STOP
from engage.core.safeguarding.phrases import Parts, Phrases

GAP = ".."
_FURTHEST = 3
"""Words that a gap may stand for, at most."""


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


_Places = Mapping[str, tuple[int, ...]]
"""By part: how many words it has here. What a single word is, is told once for all."""
_NONE: _Places = {}


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
    _rows: Phrases = field(init=False, default_factory=Phrases)
    _tries: "_Tries" = field(init=False, default_factory=dict)
    _lengths: tuple[int, ...] = field(init=False, default=())
    _parts: dict[str, _Places] = field(init=False, default_factory=dict)
    """Word → the parts it is, for words of the lexicon that were met."""
    _rare: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)
    """The same, but only parts that are the rarest of some pattern."""

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

    @property
    def words(self) -> Set[str]:
        """Every word that a pattern or slot has by itself."""
        return self._singles.keys()

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every match, each pattern once at each place where its rarest part stands."""
        ends, starts, rare = self._standing(words)
        there = _sentences(words, ends)
        tried = (
            (one, start, start + long)
            for start, keys in enumerate(rare)
            for key in keys
            for also in self._tries[key].keys() & there[start]
            for one in self._tries[key][also]
            for long in ends[start][key]
            if one.after is None or one.after in ends[start + long]
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

    def _standing(
        self, words: Sequence[str]
    ) -> tuple[list[_Places], list[_Places], list[tuple[str, ...]]]:
        """By place: what begins there, what ends there, and what begins and is rare."""
        known = self._parts
        ends = [known[w] if w in known else self._parts_of(w) for w in words]
        rare = [
            self._rare[word] if word in self._rare else self._rare_of(parts)
            for word, parts in zip(words, ends, strict=True)
        ]
        starts = [_NONE, *ends]
        ends.append(_NONE)
        for at in self._rows.beginnings(words):
            rows = list(self._rows.follow(words, at))
            for key, stop in rows:
                starts[stop] = _with(starts[stop], key, stop - at)
                ends[at] = _with(ends[at], key, stop - at)
            if rows:
                rare[at] = self._rare_of(ends[at])
        return ends, starts, rare

    def _parts_of(self, word: str) -> _Places:
        parts = dict.fromkeys(self._singles.get(word, ()), (1,))
        for length in self._lengths:
            parts.update(dict.fromkeys(self._begins.get(word[:length], ()), (1,)))
            if length >= len(word):
                break
        if word in self._singles or word in self.common:
            # Only words that came with the lexicon: a child's own are not kept.
            self._parts[word] = parts
            self._rare[word] = self._rare_of(parts)
        return parts

    def _rare_of(self, parts: _Places) -> tuple[str, ...]:
        return tuple(self._tries.keys() & parts.keys())


def _with(places: _Places, key: str, long: int) -> _Places:
    return {**places, key: (*places.get(key, ()), long)}


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
            for long in ends[place].get(parts[n], ()):
                end = _right(words, ends, parts, n + 1, place + long)
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
        for long in starts[place].get(parts[n], ()):
            begin = _left(words, starts, parts, n - 1, place - long)
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
