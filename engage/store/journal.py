"""The journal: append only. That nobody changed it, the chain proves (`core.duty`).

There is nothing here that changes or deletes. Whoever can write to the database can;
triggers would only keep out those who do not know how to drop them. So each entry
proves the one before, and the newest is mailed out of reach every day.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from engage.core.duty.chain import GENESIS, Entry, Head, hash_of
from engage.core.duty.journal import Verb
from engage.store.desk_tables import journal, journal_head
from engage.store.inserting import InsertUnlessThere

_ONLY = 1
_AT_ONCE = 500
"""Entries that are held in memory when all are read."""
_APART = timedelta(hours=1)
"""More than the times of two entries, next to each other, are ever in disorder."""
_ALL = select(
    journal.c.number,
    journal.c.at,
    journal.c.verb,
    journal.c.staff_id,
    journal.c.inspection_id,
    journal.c.flag_id,
    journal.c.detail,
    journal.c.previous,
    journal.c.hash,
)
_IN_ORDER = _ALL.order_by(journal.c.number)
_OF_FLAG = _IN_ORDER.where(journal.c.flag_id == bindparam("of"))
_OF_INSPECTION = _IN_ORDER.where(journal.c.inspection_id == bindparam("of"))
_NEWEST = _ALL.order_by(journal.c.number.desc()).limit(1)
# A few at a time, each by its own statement: nothing is held open meanwhile.
_FIRST_ON = _IN_ORDER.limit(_AT_ONCE).where(journal.c.number <= bindparam("last"))
_NEXT_ON = _FIRST_ON.where(journal.c.number > bindparam("after"))
_BACK = (
    _ALL.order_by(journal.c.number.desc())
    .limit(_AT_ONCE)
    .where(journal.c.number < bindparam("before"))
)
_HEAD = select(journal_head.c.number, journal_head.c.hash).where(
    journal_head.c.id == _ONLY
)
# In one statement, so of one moment: somebody may be writing.
_END = select(
    select(journal_head.c.number).where(journal_head.c.id == _ONLY).scalar_subquery(),
    select(journal_head.c.hash).where(journal_head.c.id == _ONLY).scalar_subquery(),
    select(func.max(journal.c.number)).scalar_subquery(),
)
# Held until the transaction ends: two at once would follow one and the same entry.
_HOLD = _HEAD.with_for_update()
_FIRST = InsertUnlessThere(journal_head)
_FOLLOW = insert(journal)
_MOVE = (
    update(journal_head)
    .where(journal_head.c.id == _ONLY)
    .values(number=bindparam("newest"), hash=bindparam("its_hash"))
)


def write(  # noqa: PLR0913 - one name for each thing an entry is about
    db: Connection,
    verb: Verb,
    *,
    at: datetime,
    staff: int | None = None,
    inspection: int | None = None,
    flag: int | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Append one entry, in the caller's transaction. Best as its last statement.

    From here to the end of the transaction everybody else who writes one waits.
    """
    held = _held(db)
    entry = Entry(
        number=held.number + 1,
        at=_moment(at),
        verb=verb.value,
        staff=staff,
        inspection=inspection,
        flag=flag,
        detail=json.dumps(dict(detail or {}), sort_keys=True),
        previous=held.hash,
    )
    entry = replace(entry, hash=hash_of(entry))
    db.execute(_FOLLOW, _row(entry))
    db.execute(_MOVE, {"newest": entry.number, "its_hash": entry.hash})


def whole(db: Connection) -> tuple[Head | None, Iterator[Entry]]:
    """What the journal says is its newest entry, and all entries up to that moment.

    In order, a few at a time. Whatever is written meanwhile is left out of both.
    """
    number, hashed, newest = db.execute(_END).one()
    return (
        None if number is None else Head(number, hashed),
        iter(()) if newest is None else _up_to(db, newest),
    )


def every(db: Connection) -> Iterator[Entry]:
    """All of it, in order, a few at a time."""
    return whole(db)[1]


def of_flag(db: Connection, flag_id: int) -> tuple[Entry, ...]:
    return _read(db, _OF_FLAG, {"of": flag_id})


def of_inspection(db: Connection, inspection_id: int) -> tuple[Entry, ...]:
    return _read(db, _OF_INSPECTION, {"of": inspection_id})


def since(db: Connection, verb: Verb, at: datetime) -> tuple[Entry, ...]:
    """Entries with one verb from a moment on. It reads no further back than needed."""
    first, enough = _moment(at), _moment(at - _APART)
    recent = takewhile(lambda each: each.at >= enough, _newest_first(db))
    found = [each for each in recent if each.verb == verb and each.at >= first]
    return tuple(reversed(found))


def head(db: Connection) -> Head | None:
    """What the journal says is its newest entry."""
    row = db.execute(_HEAD).first()
    return None if row is None else Head(row.number, row.hash)


def _held(db: Connection) -> Head:
    row = db.execute(_HOLD).first()
    if row is None:
        # At the very beginning. Or somebody removed it: what follows must not fail,
        # since a flag must be raised all the same; the mailed heads still prove.
        newest = _read(db, _NEWEST)
        number, hashed = (newest[0].number, newest[0].hash) if newest else (0, GENESIS)
        _FIRST.added(db, {"id": _ONLY, "number": number, "hash": hashed})
        row = db.execute(_HOLD).one()
    return Head(row.number, row.hash)


def _up_to(db: Connection, last: int) -> Iterator[Entry]:
    page = _read(db, _FIRST_ON, {"last": last})
    while page:
        yield from page
        page = _read(db, _NEXT_ON, {"last": last, "after": page[-1].number})


def _newest_first(db: Connection) -> Iterator[Entry]:
    page = _read(db, _NEWEST)
    while page:
        yield from page
        page = _read(db, _BACK, {"before": page[-1].number})


def _read(
    db: Connection, statement: Select[Any], values: Mapping[str, int] | None = None
) -> tuple[Entry, ...]:
    with _any_text(db):
        return tuple(Entry(*row) for row in db.execute(statement, values or {}))


@contextmanager
def _any_text(db: Connection) -> Iterator[None]:
    """A text that SQLite would not read, being none, is found instead of in the way."""
    if db.dialect.name != "sqlite":
        yield
        return
    raw = db.connection.driver_connection
    if raw is None:  # closed: the statement says so better
        yield
        return
    before, raw.text_factory = raw.text_factory, _readable
    try:
        yield
    finally:
        raw.text_factory = before


def _readable(kept: bytes) -> str:
    return kept.decode(errors="replace")


def _moment(at: datetime) -> str:
    """In UTC, and always as long, so that texts are in order as times are."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _row(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at,
        "verb": entry.verb,
        "staff_id": entry.staff,
        "inspection_id": entry.inspection,
        "flag_id": entry.flag,
        "detail": entry.detail,
        "previous": entry.previous,
        "hash": entry.hash,
    }
