"""A conversation as written: what `reading` makes of a YAML file.

Everything is frozen; the same source gives the same script and the same digest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engage.core.people import Voice
from engage.core.safeguarding.concerns import Trigger


class Kind(StrEnum):
    SAY = "say"
    CHOOSE = "choose"
    CHOOSE_MANY = "choose-many"
    SCALE = "scale"
    PEOPLE = "people"
    SORT = "sort"
    WRITE = "write"


class Face(StrEnum):
    """Drawn beside words, never instead of them."""

    GREAT = "great"
    GOOD = "good"
    MIDDLE = "middle"
    LOW = "low"
    BAD = "bad"


class Arc(StrEnum):
    """Where a section belongs: warm up, sensitive in the middle, end on good."""

    WARM_UP = "warm-up"
    MIDDLE = "middle"
    COOL_DOWN = "cool-down"


@dataclass(frozen=True, slots=True)
class Text:
    """Words by voice. `{step}` and `{step|otherwise}` stand for earlier answers."""

    words: Mapping[Voice, str]
    line: int = 0

    def for_voice(self, voice: Voice) -> str:
        return self.words[voice]


@dataclass(frozen=True, slots=True)
class Option:
    """A button, a point of a scale, a card to sort, or a kind of person."""

    id: str
    text: Text
    face: Face | None = None
    voices: frozenset[Voice] = frozenset(Voice)
    safeguard: Trigger | None = None
    line: int = 0


# Rules are data. An empty All() is always true.
@dataclass(frozen=True, slots=True)
class Is:
    """The step's answer is (or, for choose-many, has) one of these option ids."""

    step: str
    values: frozenset[str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """The step was asked and got an answer that is not skip, not sure or rather not."""

    step: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class PersonIs:
    """Inside a for-each section: the person's kind is one of these."""

    kinds: frozenset[str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class All:
    rules: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    rules: tuple["Rule", ...]


Rule = Is | Answered | PersonIs | Not | All | Any


@dataclass(frozen=True, slots=True)
class Tags:
    indicators: tuple[str, ...] = ()
    wellbeing: tuple[str, ...] = ()
    rights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a script. `options` are buttons, points, cards or kinds of person."""

    id: str
    kind: Kind
    say: tuple[Text, ...] = ()
    ask: Text | None = None
    options: tuple[Option, ...] = ()
    piles: tuple[Option, ...] = ()
    when: Rule = field(default_factory=All)
    voices: frozenset[Voice] = frozenset(Voice)
    tags: Tags = field(default_factory=Tags)
    sensitive: bool = False
    practice: bool = False
    """A practice question: never counted as evidence."""
    at_most: int = 8
    """For people: how many may be named; for write: unused."""
    short: bool = False
    """For write: one line of at most 40 characters, such as a name for home."""
    file: str = ""
    line: int = 0

    def options_for(self, voice: Voice) -> tuple[Option, ...]:
        return tuple(o for o in self.options if voice in o.voices)

    def option(self, id: str) -> Option | None:
        return next((o for o in self.options if o.id == id), None)

    @property
    def asks(self) -> bool:
        return self.kind is not Kind.SAY


@dataclass(frozen=True, slots=True)
class Section:
    """Steps on one topic. With `for_each`, asked once for every person named there."""

    id: str
    title: Text
    arc: Arc
    steps: tuple[Step, ...]
    when: Rule = field(default_factory=All)
    voices: frozenset[Voice] = frozenset(Voice)
    for_each: str | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    id: str
    title: Text
    programme: str
    audience: str
    voices: tuple[Voice, ...]
    sections: tuple[Section, ...]
    digest: str
    """SHA-256, hex, of every source file that the script is made of."""

    def __hash__(self) -> int:
        return hash(self.digest)

    def steps(self) -> Iterator[tuple[Section, Step]]:
        for section in self.sections:
            for step in section.steps:
                yield section, step

    def step(self, id: str) -> Step:
        return next(step for _, step in self.steps() if step.id == id)
