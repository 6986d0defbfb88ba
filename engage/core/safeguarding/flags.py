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
    IN_HAND = "in hand"
    HANDED_OVER = "handed over"
    RECEIVED = "received"
    TOLD = "told"
    CLOSED = "closed"


class Move(StrEnum):
    """What somebody at the desk does with a flag."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    TAKE = "take"
    HAND_OVER = "hand-over"
    RECEIPT = "receipt"
    TELL = "tell"
    CLOSE = "close"
    REOPEN = "reopen"


class Origin(StrEnum):
    """Who raised it."""

    TALK = "talk"
    HAND = "hand"
    """A member of staff, about something heard aloud."""
    DRILL = "drill"


LEADS_TO: Mapping[Move, Stage] = MappingProxyType(
    {
        Move.OPEN: Stage.OPENED,
        Move.ACKNOWLEDGE: Stage.ACKNOWLEDGED,
        Move.TAKE: Stage.IN_HAND,
        Move.HAND_OVER: Stage.HANDED_OVER,
        Move.RECEIPT: Stage.RECEIVED,
        Move.TELL: Stage.TOLD,
        Move.CLOSE: Stage.CLOSED,
        Move.REOPEN: Stage.ACKNOWLEDGED,
    }
)

FROM: Mapping[Move, frozenset[Stage]] = MappingProxyType(
    {
        Move.OPEN: frozenset({Stage.RAISED}),
        Move.ACKNOWLEDGE: frozenset({Stage.OPENED}),
        # Also out of somebody's hands: people fall ill, and go home.
        Move.TAKE: frozenset({Stage.ACKNOWLEDGED, Stage.IN_HAND, Stage.HANDED_OVER}),
        # Again, when the one it was handed to says it is not theirs.
        Move.HAND_OVER: frozenset({Stage.IN_HAND, Stage.HANDED_OVER}),
        Move.RECEIPT: frozenset({Stage.HANDED_OVER}),
        Move.TELL: frozenset({Stage.RECEIVED}),
        # From "in hand" only with a reason why nobody need be told (see `closing`).
        Move.CLOSE: frozenset({Stage.IN_HAND, Stage.TOLD}),
        Move.REOPEN: frozenset({Stage.CLOSED}),
    }
)
"""The stages from which each move is made; any other raises `IllegalMove`."""

RESTARTS = frozenset({Move.ACKNOWLEDGE, Move.HAND_OVER, Move.REOPEN})
"""Moves after which something else is awaited, by a time of its own."""
STOPS = frozenset({Move.RECEIPT, Move.TELL, Move.CLOSE})
"""Moves after which the clock awaits nothing."""

WAITING = (Stage.RAISED, Stage.OPENED)
"""Stages in which nobody has yet said "I have this"."""
UNSETTLED = (*WAITING, Stage.ACKNOWLEDGED, Stage.IN_HAND, Stage.HANDED_OVER)
"""Stages in which no one outside the inspection has said that they have it."""
OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)


class Outcome(StrEnum):
    """How a flag ends. Never "resolved": the inspectorate passes on (domain 0.2)."""

    ACCEPTED = "accepted"
    """The local lead took it on."""
    ADVICE = "advice"
    """They gave advice, and take nothing further."""
    NO_ACTION = "no action"
    """They decided, with a reason, that nothing further is needed."""
    NOT_A_CONCERN = "not a concern"
    """It was read, and nobody's safety is at stake: nothing was handed over."""
    DRILL = "drill"


UNHANDED = frozenset({Outcome.NOT_A_CONCERN, Outcome.DRILL})
"""Outcomes of a flag that was never handed over."""


class IllegalMove(Exception):
    """The flag is not at a stage from which this move is made."""


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
    taken_by: StaffId | None = None
    taken_at: datetime | None = None
    origin: Origin = Origin.TALK
    since: datetime | None = None
    """When the stage that the clock watches began."""
    turns: int = 0
    """How many times the clock has called."""
    step: str | None = None
    called_at: datetime | None = None
    """When the clock last called somebody, and as which step."""
    next_at: datetime | None = None
    """When the clock looks again; `None` when nothing is awaited."""


def moved(flag: Flag, move: Move, *, by: StaffId, at: datetime) -> Flag:
    """The flag after one move.

    Raises:
        IllegalMove: see there.
    """
    if flag.stage not in FROM[move]:
        raise IllegalMove(f"{flag.reference} is {flag.stage}: no {move}")
    after = replace(flag, stage=LEADS_TO[move])
    if move in RESTARTS:
        after = replace(after, since=at, step=None, called_at=None, next_at=at)
    elif move in STOPS:
        after = replace(after, step=None, called_at=None, next_at=None)
    match move:
        case Move.OPEN:
            return replace(after, opened_by=by, opened_at=at)
        case Move.ACKNOWLEDGE:
            return replace(after, acknowledged_by=by, acknowledged_at=at)
        case Move.TAKE:
            return replace(after, taken_by=by, taken_at=at)
        case _:
            return after


def closing(flag: Flag, outcome: Outcome, reason: str) -> None:
    """May it be closed like this?

    Raises:
        IllegalMove: unless it was handed over, and the child told, it needs an
            outcome of its own and a reason.
    """
    if flag.stage not in FROM[Move.CLOSE]:
        raise IllegalMove(f"{flag.reference} is {flag.stage}: no {Move.CLOSE}")
    unhanded = flag.stage is Stage.IN_HAND
    if unhanded != (outcome in UNHANDED) or (unhanded and not reason.strip()):
        raise IllegalMove(f"{flag.reference} cannot be closed as {outcome}")


def joined(flag: Flag, level: Level, *, due_at: datetime | None, at: datetime) -> Flag:
    """The flag after another concern in the same talk: never at a lower level.

    It waits again, whoever had opened it or taken it on: they saw less than this.
    While it waits it is due no later than before. The clock begins anew unless
    somebody has been called about just this already.
    """
    dues = [due_at] if flag.stage not in WAITING else [flag.due_at, due_at]
    after = replace(
        flag,
        level=max(flag.level, level, key=lambda each: each.rank),
        stage=Stage.RAISED,
        due_at=min((due for due in dues if due is not None), default=None),
    )
    if flag.stage is Stage.RAISED and after.level is flag.level:
        return after
    return replace(after, since=at, step=None, called_at=None, next_at=at)
