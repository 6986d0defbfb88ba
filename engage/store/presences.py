"""Who looks at a flag at this moment, and who must not."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from engage.core.people import FlagId, StaffId
from engage.store.desk_tables import presence
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import staff

_moment = bindparam("moment", type_=presence.c.seen_at.type)
_ADD = InsertUnlessThere(presence)
_SEEN = (
    update(presence)
    .where(
        presence.c.flag_id == bindparam("flag"), presence.c.staff_id == bindparam("who")
    )
    .values(seen_at=_moment)
)
_OTHERS = (
    select(staff.c.called)
    .join_from(presence, staff)
    .where(
        presence.c.flag_id == bindparam("flag"),
        presence.c.staff_id != bindparam("who"),
        presence.c.seen_at >= _moment,
    )
    .order_by(staff.c.called)
)


def seen(db: Connection, flag_id: FlagId, staff_id: StaffId, at: datetime) -> None:
    values = {"flag": flag_id, "who": staff_id, "moment": at}
    if db.execute(_SEEN, values).rowcount == 0:
        row = {"flag_id": flag_id, "staff_id": staff_id, "seen_at": at}
        _ADD.added(db, row)


def others(
    db: Connection, flag_id: FlagId, staff_id: StaffId, since: datetime
) -> tuple[str, ...]:
    """What the others are called who have looked at it since then."""
    values = {"flag": flag_id, "who": staff_id, "moment": since}
    return tuple(db.execute(_OTHERS, values).scalars())
