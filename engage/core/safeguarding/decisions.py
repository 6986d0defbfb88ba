"""A decision on a message, with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from engage.core.safeguarding.concerns import Level


class Reason(NamedTuple):
    """One reason, with the child's own characters that gave it."""

    rule: str
    because: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decision:
    """`level`: None for nothing to pass on. `priority`: how soon to read it, 0 to 1."""

    level: Level | None
    categories: tuple[str, ...]
    priority: float
    because: tuple[Reason, ...]
    screened: bool = True
    strong: bool = False
    """A check by a rule that would have been a concern, had the words stood alone."""


def marks(reasons: Iterable[Reason]) -> tuple[tuple[int, int], ...]:
    """Where the reasons stand, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((each.start, each.end) for each in reasons):
        if found and start <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif end > start:
            found.append((start, end))
    return tuple(found)
