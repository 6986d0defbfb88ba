"""What a notice says. To come."""

from dataclasses import dataclass
from datetime import datetime

from engage.core.safeguarding.concerns import Level


@dataclass(frozen=True, slots=True)
class Notice:
    reference: str
    level: Level
    since: datetime
    step: str
    drill: bool
    address: str = ""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again."""
    return now
