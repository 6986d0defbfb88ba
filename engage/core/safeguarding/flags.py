"""A flag: what is raised to the duty desk, and the moves it can make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from engage.core.people import FlagId, InspectionId, StaffId, VaultId
from engage.core.safeguarding.concerns import Level


class Stage(StrEnum):
    """How far a flag has come."""

    RAISED = "raised"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"


BEFORE: Mapping[Stage, Stage] = MappingProxyType(
    {Stage.OPENED: Stage.RAISED, Stage.ACKNOWLEDGED: Stage.OPENED}
)
"""The only stage from which each stage is reached."""

WAITING = (Stage.RAISED, Stage.OPENED)
"""Stages in which nobody has yet said "I have this"."""


class IllegalMove(Exception):
    """The flag is not at the stage from which this move is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What may be known of a flag without its key. Its words are in its parts.

    All times are UTC.
    """

    id: FlagId
    inspection: InspectionId
    reference: str
    level: Level
    stage: Stage
    raised_at: datetime
    due_at: datetime | None
    vault: VaultId
    opened_by: StaffId | None = None
    opened_at: datetime | None = None
    acknowledged_by: StaffId | None = None
    acknowledged_at: datetime | None = None


def opened(flag: Flag, *, by: StaffId, at: datetime) -> Flag:
    """Somebody on duty looks at it.

    Raises:
        IllegalMove: somebody already did.
    """
    _must_be(flag, BEFORE[Stage.OPENED])
    return replace(flag, stage=Stage.OPENED, opened_by=by, opened_at=at)


def acknowledged(flag: Flag, *, by: StaffId, at: datetime) -> Flag:
    """Somebody on duty has read it and takes it on.

    Raises:
        IllegalMove: nobody has opened it, or somebody already took it on.
    """
    _must_be(flag, BEFORE[Stage.ACKNOWLEDGED])
    return replace(
        flag, stage=Stage.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at
    )


def joined(flag: Flag, level: Level, *, due_at: datetime | None) -> Flag:
    """The flag after another concern in the same talk: never at a lower level.

    It waits again, whoever had opened it or taken it on: they saw less than this.
    While it waits it is due no later than before.
    """
    dues = [due_at] if flag.stage not in WAITING else [flag.due_at, due_at]
    return replace(
        flag,
        level=max(flag.level, level, key=lambda each: each.rank),
        stage=Stage.RAISED,
        due_at=min((due for due in dues if due is not None), default=None),
    )


def _must_be(flag: Flag, stage: Stage) -> None:
    if flag.stage is not stage:
        raise IllegalMove(f"{flag.reference} is {flag.stage}, not {stage}")
