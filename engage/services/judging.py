"""How well messages are noticed: the tables of what is caught, and every miss."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engage.core.safeguarding.decisions import Decision
from engage.core.safeguarding.screening import Screen
from engage.services.messages import LEVELS, Message, is_everyday

CHECK, CONCERN, NOW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Judged:
    message: Message
    decision: Decision

    @property
    def found(self) -> int:
        """The level decided on, as a place in `LEVELS`."""
        level = self.decision.level
        return 0 if level is None else LEVELS.index(level.value)


@dataclass(slots=True)
class Share:
    """Of so many messages of one kind: how many were flagged, and caught at all."""

    name: str
    count: int = 0
    flagged: int = 0
    caught: int = 0
    misses: list[Message] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.count += 1
        self.flagged += judged.found >= CONCERN
        self.caught += judged.found >= CHECK
        if judged.message.level and not judged.found:
            self.misses.append(judged.message)


def judge(screen: Screen, messages: Iterable[Message]) -> Iterator[Judged]:
    for each in messages:
        yield Judged(each, screen.decide(each.text, question=each.question))


def by(
    judged: Sequence[Judged], name: Callable[[Message], Iterable[str]]
) -> list[Share]:
    """One share for each name that messages go by."""
    found: dict[str, Share] = {}
    for each in judged:
        for key in name(each.message):
            found.setdefault(key, Share(key)).add(each)
    return [found[key] for key in sorted(found)]


def level(message: Message) -> list[str]:
    if message.level:
        return [LEVELS[message.level]]
    return ["none, everyday" if is_everyday(message) else "none, alarming words"]


def language(message: Message) -> list[str]:
    risk = "at risk" if message.level >= CONCERN else LEVELS[message.level]
    return [f"{message.lang}, {risk}"]


def category(message: Message) -> list[str]:
    return list(message.categories) if message.level >= CONCERN else []


def style(message: Message) -> list[str]:
    return [message.style] if message.level >= CONCERN and message.style else []


def found_first(judged: Sequence[Judged], share: float = 0.1) -> float:
    """Of `now` and `concern`, how many are in this share read first by priority."""
    order = sorted(judged, key=lambda each: -each.decision.priority)
    first = order[: max(1, int(len(order) * share))]
    of = sum(each.message.level >= CONCERN for each in order)
    return sum(each.message.level >= CONCERN for each in first) / of if of else 1.0


def interval(part: int, whole: int) -> tuple[float, float]:
    """Clopper and Pearson's exact interval, 95 %. Needs scipy."""
    from scipy.stats import beta

    if not whole:
        return 0.0, 1.0
    low = beta.ppf(0.025, part, whole - part + 1) if part else 0.0
    high = beta.ppf(0.975, part + 1, whole - part) if part < whole else 1.0
    return float(low), float(high)
