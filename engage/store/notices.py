"""The outbox: who must be told of which step of a flag, and every try at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update

from engage.core.people import FlagId, StaffId
from engage.store.desk_tables import contact, notice, notice_try
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag, staff

ContactId = int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    flag: FlagId
    turn: int
    step: str
    staff: StaffId | None
    contact: ContactId
    channel: str
    created_at: datetime
    try_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A notice that this dispatcher may try now, with all that it needs to say it."""

    id: int
    flag: FlagId
    turn: int
    step: str
    staff: StaffId | None
    contact: ContactId | None
    channel: str
    address: str
    keys: str
    tries: int
    created_at: datetime
    reference: str
    level: str
    origin: str
    stage: str
    raised_at: datetime
    since: datetime
    """When what was called about began."""
    inspection: int


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what was sent, for the time line of a flag."""

    turn: int
    step: str
    called: str
    channel: str
    created_at: datetime
    sent_at: datetime | None
    tries: int
    try_at: datetime | None


_moment = notice.c.try_at.type
_now = bindparam("now", type_=_moment)
_ADD = InsertUnlessThere(notice)
_DUE = (
    select(notice.c.id)
    .where(notice.c.try_at <= _now, notice.c.channel == bindparam("of_channel"))
    .order_by(notice.c.try_at, notice.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CHANNELS = select(notice.c.channel).where(notice.c.try_at <= _now).distinct()
_LEASE = (
    update(notice)
    .where(notice.c.id.in_(bindparam("ids", expanding=True)))
    .values(try_at=bindparam("until", type_=_moment), tries=notice.c.tries + 1)
)
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    notice.c.id,
    notice.c.flag_id,
    notice.c.turn,
    notice.c.step,
    notice.c.staff_id,
    notice.c.contact_id,
    notice.c.channel,
    notice.c.tries,
    notice.c.created_at,
    contact.c.address,
    contact.c["keys"].label("subscription"),
    flag.c.reference,
    flag.c.level,
    flag.c.origin,
    flag.c.stage,
    flag.c.raised_at,
    flag.c.since,
    flag.c.inspection_id,
)
_CLAIMED = (
    select(*_COLUMNS)
    .join_from(notice, flag)
    .outerjoin(contact, contact.c.id == notice.c.contact_id)
    .where(notice.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(notice.c.id)
)
_SENT = (
    update(notice)
    .where(notice.c.id == bindparam("of"), notice.c.sent_at.is_(None))
    .values(sent_at=_now, try_at=None)
)
_LATER = (
    update(notice)
    .where(notice.c.id == bindparam("of"), notice.c.sent_at.is_(None))
    .values(try_at=bindparam("later", type_=_moment))
)
_POSTPONE = (
    update(notice)
    .where(
        notice.c.id.in_(bindparam("ids", expanding=True)), notice.c.sent_at.is_(None)
    )
    .values(try_at=bindparam("later", type_=_moment), tries=notice.c.tries - 1)
)
_OTHERS = update(notice).where(
    notice.c.flag_id == bindparam("flag"),
    notice.c.turn == bindparam("of_turn"),
    notice.c.staff_id == bindparam("who"),
    notice.c.sent_at.is_(None),
    notice.c.try_at.is_not(None),
    notice.c.tries == 0,
)
_NOT_NEEDED = _OTHERS.values(try_at=None)
_SOONER = _OTHERS.values(try_at=_now)
_SUPERSEDE = (
    update(notice)
    .where(
        notice.c.flag_id == bindparam("flag"),
        notice.c.turn < bindparam("before_turn"),
        notice.c.contact_id.in_(bindparam("contacts", expanding=True)),
        notice.c.sent_at.is_(None),
    )
    .values(try_at=None)
)
_TRY = InsertUnlessThere(notice_try)
_TOLD = (
    select(
        notice.c.turn,
        notice.c.step,
        staff.c.called,
        notice.c.channel,
        notice.c.created_at,
        notice.c.sent_at,
        notice.c.tries,
        notice.c.try_at,
    )
    .outerjoin_from(notice, staff, staff.c.id == notice.c.staff_id)
    .where(notice.c.flag_id == bindparam("flag"))
    .order_by(notice.c.turn, notice.c.id)
)
_STUCK = (
    select(notice.c.channel, func.min(notice.c.created_at), func.count())
    .where(
        notice.c.sent_at.is_(None),
        notice.c.try_at.is_not(None),
        notice.c.tries > 0,
        notice.c.created_at <= bindparam("before", type_=_moment),
    )
    .group_by(notice.c.channel)
    .order_by(notice.c.channel)
)


def add(db: Connection, new: Sequence[NewNotice]) -> None:
    """Put the calls of one step into the outbox.

    What an earlier step could not send to the same addresses is not sent any more:
    after an outage nobody gets the whole past at once.
    """
    rows = [
        {
            "flag_id": each.flag,
            "turn": each.turn,
            "step": each.step,
            "staff_id": each.staff,
            "contact_id": each.contact,
            "channel": each.channel,
            "created_at": each.created_at,
            "tries": 0,
            "try_at": each.try_at,
        }
        for each in new
    ]
    _ADD.many(db, rows)
    if new:
        contacts = [each.contact for each in new]
        values = {"flag": new[0].flag, "before_turn": new[0].turn}
        db.execute(_SUPERSEDE, {**values, "contacts": contacts})


def channels(db: Connection, now: datetime) -> tuple[str, ...]:
    """Channels by which something is due."""
    return tuple(db.execute(_CHANNELS, {"now": now}).scalars())


def claim(
    db: Connection, channel: str, now: datetime, until: datetime, most: int
) -> tuple[Claimed, ...]:
    """Take what is due. Whoever dies with it leaves it to others after `until`."""
    values = {"of_channel": channel, "now": now, "most": most}
    ids = list(db.execute(_DUE, values).scalars())
    if not ids:
        return ()
    db.execute(_LEASE, {"ids": ids, "until": until})
    return tuple(_claimed(row) for row in db.execute(_CLAIMED, {"ids": ids}))


def sent(db: Connection, claimed: Claimed, now: datetime) -> bool:
    """A server has taken it over. False if another try was first."""
    return db.execute(_SENT, {"of": claimed.id, "now": now}).rowcount == 1


def later(db: Connection, claimed: Claimed, at: datetime | None) -> None:
    """Try again then; `None`: never."""
    db.execute(_LATER, {"of": claimed.id, "later": at})


def postpone(db: Connection, claimed: Iterable[Claimed], at: datetime) -> None:
    """Not tried after all: its channel does not answer just now."""
    ids = [each.id for each in claimed]
    if ids:
        db.execute(_POSTPONE, {"ids": ids, "later": at})


def not_needed(db: Connection, claimed: Claimed) -> None:
    """They have been told: their other addresses need not be tried for this step."""
    db.execute(_NOT_NEEDED, _of(claimed))


def sooner(db: Connection, claimed: Claimed, now: datetime) -> None:
    """This address refuses: try their others at once."""
    db.execute(_SOONER, _of(claimed) | {"now": now})


def tried(
    db: Connection, claimed: Claimed, at: datetime, outcome: str, why: str
) -> None:
    row = {
        "notice_id": claimed.id,
        "number": claimed.tries,
        "at": at,
        "outcome": outcome,
        "why": why[:200],
    }
    _TRY.added(db, row)


def told(db: Connection, flag_id: FlagId) -> tuple[Told, ...]:
    """Everybody who was called about a flag, and whether it reached a server."""
    return tuple(Told(*row) for row in db.execute(_TOLD, {"flag": flag_id}))


def stuck(db: Connection, before: datetime) -> dict[str, tuple[datetime, int]]:
    """Channels that have not delivered since before then: since when, and how many."""
    rows = db.execute(_STUCK, {"before": before})
    return {channel: (since, count) for channel, since, count in rows}


def _of(claimed: Claimed) -> dict[str, Any]:
    return {"flag": claimed.flag, "of_turn": claimed.turn, "who": claimed.staff}


def _claimed(row: Row[*tuple[Any, ...]]) -> Claimed:
    return Claimed(
        id=row.id,
        flag=FlagId(row.flag_id),
        turn=row.turn,
        step=row.step,
        staff=row.staff_id,
        contact=row.contact_id,
        channel=row.channel,
        address=row.address or "",
        keys=row.subscription or "{}",
        tries=row.tries,
        created_at=row.created_at,
        reference=row.reference,
        level=row.level,
        origin=row.origin,
        stage=row.stage,
        raised_at=row.raised_at,
        since=row.since or row.raised_at,
        inspection=row.inspection_id,
    )
