"""The lexicon: what to look for, as safeguarding staff write it, and what stands there.

`conversations/safeguarding/lexicon/*.yaml`, one language or topic in each file. All of
them run on every message, since people mix languages. How to write one:
`conversations/README.md`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from engage.core.safeguarding import normalise
from engage.core.safeguarding.coded_words import Care
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.matching import Found, Patterns
from engage.core.safeguarding.normalise import STOP, Word
from engage.core.safeguarding.phrases import Parts
from engage.core.safeguarding.spelling import Spelling

NOT, BUT, NAME, KNOW, WHO = "not", "but", "name", "know", "who"
"""Slots with a meaning of their own: words that deny, that end a denial, and names.

Words of knowing end one if somebody follows: "mum doesn't know he hits me".
"""
A_NAME = "name0"
"""How every name reads: what somebody is called, or from where, tells nothing."""
_DULL = 120
_LONGEST_QUESTION, _MOST_BARE = 300, 8
_ENOUGH = 40
"""How often one rule is noted: words said over and over tell nothing more."""
_REACH = 4
"""How many words before a match a "not" may stand and still deny it."""


class Strength(StrEnum):
    """What a rule is worth by itself. A hint only weighs in the learned layer."""

    HINT = "hint"
    CHECK = "check"
    CONCERN = "concern"
    NOW = "now"

    @property
    def level(self) -> Level | None:
        return _LEVELS[self]


_LEVELS = {s: None if s is Strength.HINT else Level(s.value) for s in Strength}


@dataclass(frozen=True, slots=True)
class Rule:
    """`frame`: harmless ways to say it, which take away what they cover."""

    id: str
    strength: Strength
    categories: tuple[str, ...]
    because: str
    patterns: tuple[Parts, ...]
    deniable: bool = True
    frame: bool = False
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    asked: tuple[Parts, ...] = ()
    """Only as the whole answer to a question in which one of these stands."""
    unless_ordinary: bool = False
    """Plain life says it too: it counts unless the message is like ordinary ones."""
    care: Care | None = None
    """Of rules about coded words: who keeps them."""


class Hit(NamedTuple):
    """A rule that matched. `start`, `end`: words, as in `Looked.words`."""

    rule: Rule
    start: int
    end: int
    denied: bool = False
    framed: bool = False
    """A frame covers part of it; one that covers all of it takes it away."""


class Looked(NamedTuple):
    words: list[Word]
    hits: list[Hit]
    frames: list[Hit]


class _Asked(NamedTuple):
    """A rule about bare answers, with what it looks for on either side."""

    rule: Rule
    question: Patterns
    answer: Patterns


@dataclass
class Lexicon:
    """Every file together."""

    rules: Sequence[Rule]
    slots: Mapping[str, Sequence[Parts]]
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Text-speak and spellings by ear → the plain words."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """Language → who has reviewed it."""
    vocabulary: Sequence[str] = ()
    """Words that people use, the commonest first: they decide how one is read."""
    common: Mapping[str, int] = field(default_factory=dict)
    """How often words stand in the messages that rules are tried on."""
    dull: frozenset[str] = field(init=False)
    """The commonest words, which tell nobody why."""
    _patterns: Patterns = field(init=False)
    _said: dict[str, list[str]] = field(init=False)
    _spelling: Spelling = field(init=False)
    _asked: "list[_Asked]" = field(init=False)
    _names: frozenset[str] = field(init=False)
    _not: frozenset[str] = field(init=False)
    _but: frozenset[str] = field(init=False)
    _know: frozenset[str] = field(init=False)
    _who: frozenset[str] = field(init=False)
    _owner: list[Rule] = field(init=False)
    _own: dict[int, frozenset[str]] = field(init=False, default_factory=dict)
    """Pattern number → the words it has itself, for those that were asked about."""

    def __post_init__(self) -> None:
        told = [rule for rule in self.rules if not rule.asked]
        self._owner = [rule for rule in told for _ in rule.patterns]
        rows = [pattern for rule in told for pattern in rule.patterns]
        self.common = self.common or self._counted()
        self._patterns = Patterns(self.slots, rows, self.common)
        self._said = {word: said.split() for word, said in self.spellings.items()}
        others = self._patterns.words | self.spellings.keys()
        self._spelling = Spelling(self.vocabulary, others)
        self._asked = [
            _Asked(rule, self._few(rule.asked), self._few(rule.patterns))
            for rule in self.rules
            if rule.asked
        ]
        self.dull = frozenset(self.vocabulary[:_DULL])
        self._names = self._single(NAME)
        self._not, self._but = self._single(NOT), self._single(BUT)
        self._know, self._who = self._single(KNOW), self._single(WHO)

    def _few(self, patterns: Sequence[Parts]) -> Patterns:
        """Patterns with only the slots that stand in them."""
        used = {part[1:-1] for pattern in patterns for part in pattern}
        return Patterns(
            {name: self.slots[name] for name in used & set(self.slots)}, patterns
        )

    def _counted(self) -> Counter[str]:
        told = (text for rule in self.rules for text in (*rule.must, *rule.must_not))
        return Counter(word for text in told for word in normalise.plain(text).split())

    def known(self, word: str) -> bool:
        return self._spelling.known(word)

    def words(self, text: str) -> list[Word]:
        """The plain words of a message, text-speak spelled out."""
        found: list[Word] = []
        for word in normalise.words(text, self._spelling):
            said = self._said.get(word.text)
            if word.text in self._names:
                found.append(word._replace(text=A_NAME))
            elif said is None:
                found.append(word)
            else:
                found += [word._replace(text=each) for each in said]
        return found

    def look(self, text: str, question: str = "") -> Looked:
        """`question`: the words that were asked, which a bare answer needs."""
        words = self.words(text)
        plain = [word.text for word in words]
        hits, frames = [], []
        seen: Counter[str] = Counter()
        not_ = frozenset(n for n, word in enumerate(plain) if word in self._not)
        but = frozenset(n for n in range(len(plain)) if self._ends_denial(plain, n))
        for each in self._patterns.find(plain):
            rule = self._owner[each.pattern]
            if rule.frame:
                frames.append(Hit(rule, each.start, each.end))
            elif seen[rule.id] < _ENOUGH:
                denied = rule.deniable and (
                    _denied(plain, each.start, not_, but)
                    or self._denied_inside(plain, each, not_)
                )
                seen[rule.id] += not denied
                hits.append(Hit(rule, each.start, each.end, denied))
        hits = _framed(hits, frames) if frames else hits
        if question and len(words) <= _MOST_BARE:
            hits += self._answers(plain, question)
        return Looked(words, hits, frames)

    def _ends_denial(self, plain: Sequence[str], at: int) -> bool:
        if plain[at] in self._but:
            return True
        known = at + 1 < len(plain) and plain[at] in self._know
        return known and plain[at + 1] in self._who

    def _answers(self, plain: Sequence[str], question: str) -> Iterator[Hit]:
        """What a bare answer says to what was asked."""
        asked = [word.text for word in self.words(question[:_LONGEST_QUESTION])]
        for each in self._asked:
            if each.question.find(asked):
                for found in each.answer.find(plain):
                    if _is_whole(plain, found):
                        yield Hit(each.rule, found.start, found.end)
                        break

    def _denied_inside(
        self, words: Sequence[str], found: Found, not_: frozenset[int]
    ) -> bool:
        """A "not" in a gap of the pattern: "dad never hits me"."""
        inside = not_.intersection(range(found.start, found.end))
        if not inside:
            return False
        own = self._own.get(found.pattern)
        if own is None:
            own = self._own[found.pattern] = self._words_of(found.pattern)
        return any(words[at] not in own for at in inside)

    def _words_of(self, pattern: int) -> frozenset[str]:
        own: set[str] = set()
        for part in self._patterns.patterns[pattern]:
            rows = self.slots[part[1:-1]] if part.startswith("<") else ((part,),)
            own.update(word for row in rows for word in row)
        return self._not & own

    def _single(self, slot: str) -> frozenset[str]:
        return frozenset(row[0] for row in self.slots.get(slot, ()) if len(row) == 1)


def _is_whole(words: Sequence[str], found: Found) -> bool:
    """Whether nothing else was said."""
    rest = [*words[: found.start], *words[found.end :]]
    return all(word == STOP for word in rest)


def _denied(
    words: Sequence[str], start: int, not_: frozenset[int], but: frozenset[int]
) -> bool:
    """A "not" shortly before, in the same clause: "he never ever hits me"."""
    for at in range(start - 1, max(-1, start - 1 - _REACH), -1):
        if words[at] == STOP or at in but:
            return False
        if at in not_:
            return True
    return False


def _framed(hits: Sequence[Hit], frames: Sequence[Hit]) -> list[Hit]:
    """Hits that no frame covers wholly; those that one covers in part are marked."""
    over: dict[int, list[Hit]] = defaultdict(list)
    for frame in frames:
        for at in range(frame.start, frame.end):
            over[at].append(frame)
    kept = []
    for hit in hits:
        near = [frame for at in range(hit.start, hit.end) for frame in over.get(at, ())]
        if not near:
            kept.append(hit)
        elif not any(f.start <= hit.start and hit.end <= f.end for f in near):
            kept.append(hit._replace(framed=True))
    return kept
