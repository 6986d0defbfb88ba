"""Children's words that nobody at the desk has seen, and who was last told of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select, update

from engage.core.duty.messages import Side
from engage.core.duty.notices import WORDS
from engage.core.people import FlagId
from engage.core.safeguarding.flags import WAITING, Flag
from engage.store.desk_tables import message, notice
from engage.store.engine import Connection
from engage.store.flags import WHOLE, flag_of
from engage.store.tables import flag

_WROTE = (
    select(message.c.flag_id, func.max(message.c.at))
    .join_from(message, flag, flag.c.id == message.c.flag_id)
    .where(
        message.c.sender == Side.CHILD.value,
        message.c.seen_at.is_(None),
        # While a flag waits itself, its own clock calls.
        flag.c.stage.not_in([stage.value for stage in WAITING]),
    )
    .group_by(message.c.flag_id)
)
_these: BindParameter[int] = bindparam("ids", expanding=True)
_HOLD = (
    WHOLE.where(flag.c.id.in_(_these))
    .order_by(flag.c.id)
    # Another dispatcher's are left to it. SQLite has one writer, and needs no lock.
    .with_for_update(skip_locked=True)
)
_CALLED = (
    select(notice.c.flag_id, notice.c.created_at, notice.c.step)
    .where(notice.c.flag_id.in_(_these), notice.c.step.in_(sorted(WORDS)))
    .order_by(notice.c.id)
)
_TURN = update(flag).where(flag.c.id == bindparam("of")).values(turns=flag.c.turns + 1)


def wrote(db: Connection) -> dict[FlagId, datetime]:
    """Flags with words of a child that nobody has seen: when the newest came."""
    return {FlagId(number): at for number, at in db.execute(_WROTE)}


def hold(db: Connection, ids: Sequence[FlagId]) -> tuple[Flag, ...]:
    """These flags, kept from other dispatchers until the transaction ends."""
    return tuple(flag_of(row) for row in db.execute(_HOLD, {"ids": list(ids)}))


def called(db: Connection, ids: Sequence[FlagId]) -> dict[FlagId, tuple[datetime, str]]:
    """When, and as which step, somebody was last told of words about each of these."""
    rows = db.execute(_CALLED, {"ids": list(ids)})
    return {FlagId(number): (at, step) for number, at, step in rows}


def next_turn(db: Connection, flag_id: FlagId) -> None:
    """This call has had a number of its own, among those of the flag's clock."""
    db.execute(_TURN, {"of": flag_id})
