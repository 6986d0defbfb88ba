"""A concern: what an answer made us worry about, and why."""

from dataclasses import dataclass
from enum import StrEnum

CATEGORIES = (
    *("physical", "sexual", "emotional", "neglect", "domestic_abuse"),
    *("sexual_exploitation", "criminal_exploitation", "online", "self_harm"),
    *("suicide", "substance", "missing", "harm_by_staff", "bullying"),
    *("forced_marriage_fgm", "trafficking", "mental_health_parent"),
    *("harm_to_others", "other_child"),
)
"""What a worry can be about (labels.md)."""
BY_STAFF = "harm_by_staff"
"""About somebody who works with the child: kept from that person and their team."""


class Level(StrEnum):
    """How soon somebody must know (labels.md). Ordered by `rank`."""

    CHECK = "check"
    CONCERN = "concern"
    NOW = "now"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a script says an option means, if it is chosen."""

    level: Level
    category: str


@dataclass(frozen=True, slots=True)
class Concern:
    """Why an answer was stopped at.

    `because` is a reason in plain English for the duty inspector; never shown to
    the child.
    """

    level: Level
    categories: tuple[str, ...]
    rule: str
    because: str
    firm: bool = False
    """A check that is passed on unless the child says no to it."""
    marks: tuple[tuple[int, int], ...] = ()
    """Which characters of the answer gave the reasons, as (start, end), in order."""
