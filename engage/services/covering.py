"""Whether somebody is on duty now, and by when a flag will have been read."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from typing import Any

import holidays

from engage.core.safeguarding.clock import LIMITS, Cover, Promise, promise
from engage.core.safeguarding.concerns import Level
from engage.store.inspections import Inspection

WEEKDAYS = (0, 1, 2, 3, 4)


def cover_of(inspection: Inspection) -> Cover:
    return _cover(inspection.cover)


def _cover(held: Mapping[str, Any]) -> Cover:
    """As kept with the inspection: days counted from Monday 0, times in Scotland."""
    return Cover(
        tuple(held.get("days", WEEKDAYS)),
        time.fromisoformat(held.get("opens", "09:00")),
        time.fromisoformat(held.get("closes", "17:00")),
    )


def promised(inspection: Inspection, level: Level, now: datetime) -> Promise:
    """Whether a flag of this level raised now meets somebody on duty, and by when."""
    return promise(now, cover_of(inspection), _scottish_holidays(), LIMITS[level])


@cache
def _scottish_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="SCT")
