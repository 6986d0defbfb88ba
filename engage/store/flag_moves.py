"""The moves of a flag, as `core.safeguarding.flags` has them, for whoever is first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    not_,
    null,
    or_,
    select,
    update,
)

from engage.core.people import FlagId, StaffId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import (
    FROM,
    LEADS_TO,
    RESTARTS,
    STOPS,
    WAITING,
    Move,
    Stage,
)
from engage.store.desk_tables import barred
from engage.store.tables import flag, inspection_staff


class AlreadyMoved(Exception):
    """Somebody else made this move first, or it is not the flag's next one."""


rank = case({level.value: level.rank for level in Level}, value=flag.c.level)
theirs = and_(
    flag.c.inspection_id.in_(
        select(inspection_staff.c.inspection_id).where(
            inspection_staff.c.staff_id == bindparam("staff")
        )
    ),
    # Nobody sees, or moves, what may concern them.
    flag.c.id.not_in(
        select(barred.c.flag_id).where(barred.c.staff_id == bindparam("staff"))
    ),
)
_due = bindparam("due", type_=flag.c.due_at.type)
_at = bindparam("moment", type_=flag.c.since.type)
_quiet = and_(flag.c.stage == Stage.RAISED.value, rank >= bindparam("rank"))
"""Somebody has been called about just this: the clock goes on as it was."""
_RAISE = (
    update(flag)
    .where(flag.c.id == bindparam("of"))
    .values(
        stage=Stage.RAISED.value,
        level=case((rank < bindparam("rank"), bindparam("higher")), else_=flag.c.level),
        due_at=case(
            (not_(flag.c.stage.in_([s.value for s in WAITING])), _due),
            (or_(flag.c.due_at.is_(None), flag.c.due_at > _due), _due),
            else_=flag.c.due_at,
        ),
        since=case((_quiet, flag.c.since), else_=_at),
        step=case((_quiet, flag.c.step), else_=null()),
        called_at=case((_quiet, flag.c.called_at), else_=null()),
        next_at=case((_quiet, flag.c.next_at), else_=_at),
    )
)

_BY = {
    Move.OPEN: (flag.c.opened_by, flag.c.opened_at),
    Move.ACKNOWLEDGE: (flag.c.acknowledged_by, flag.c.acknowledged_at),
    Move.TAKE: (flag.c.taken_by, flag.c.taken_at),
}


def _statement(move: Move) -> Update:
    """The same as `core.safeguarding.flags.moved`, for whoever comes first."""
    values: dict[Any, ColumnElement[Any] | str | None] = {
        flag.c.stage: LEADS_TO[move].value
    }
    if move in _BY:
        by, at = _BY[move]
        values |= {by: bindparam("staff"), at: _at}
    if move in RESTARTS:
        values |= {flag.c.since: _at, flag.c.next_at: _at}
    if move in STOPS:
        values[flag.c.next_at] = null()
    if move in RESTARTS | STOPS:
        values |= {flag.c.step: null(), flag.c.called_at: null()}
    stages = [stage.value for stage in FROM[move]]
    return (
        update(flag)
        .where(flag.c.id == bindparam("of"), flag.c.stage.in_(stages), theirs)
        .values(values)
    )


_MOVES = {move: _statement(move) for move in Move}


def raise_level(
    db: Connection,
    flag_id: FlagId,
    level: Level,
    due_at: datetime | None,
    at: datetime,
) -> None:
    """Another concern has joined this flag: `core.safeguarding.flags.joined`."""
    values = {
        "of": flag_id,
        "rank": level.rank,
        "higher": level.value,
        "due": due_at,
        "moment": at,
    }
    db.execute(_RAISE, values)


def move(
    db: Connection, flag_id: FlagId, move: Move, *, by: StaffId, at: datetime
) -> None:
    """One move: `core.safeguarding.flags.moved`, for whoever comes first.

    Raises:
        AlreadyMoved: it is not theirs, or not at a stage for this move.
    """
    values: Mapping[str, Any] = {"of": flag_id, "staff": by, "moment": at}
    if db.execute(_MOVES[move], values).rowcount != 1:
        raise AlreadyMoved
