"""The journal: append only. That nobody changed it, the chain proves (`core.duty`).

There is nothing here that changes or deletes. Whoever can write to the database can;
triggers would only keep out those who do not know how to drop them. So each entry
proves the one before, and the newest is mailed out of reach every day.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from engage.core.duty.chain import GENESIS, Entry, Head, hash_of
from engage.core.duty.journal import Verb
from engage.store.desk_tables import journal, journal_head
from engage.store.inserting import InsertUnlessThere

_ONLY = 1
_COLUMNS = (
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
_ALL = select(*_COLUMNS)
_EVERY = _ALL.order_by(journal.c.number)
_OF_FLAG = _EVERY.where(journal.c.flag_id == bindparam("of"))
_OF_VERB = _EVERY.where(
    journal.c.verb == bindparam("which"), journal.c.at >= bindparam("since")
)
_HEAD = select(journal_head.c.number, journal_head.c.hash).where(
    journal_head.c.id == _ONLY
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
    """Append one entry, in the caller's transaction. Best as its last statement."""
    held = _held(db)
    entry = Entry(
        number=held.number + 1,
        at=at.astimezone(UTC).isoformat(),
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


def every(db: Connection) -> Iterator[Entry]:
    """All of it, in order, a few at a time."""
    for row in db.execution_options(yield_per=500).execute(_EVERY):
        yield _entry(row)


def of_flag(db: Connection, flag_id: int) -> tuple[Entry, ...]:
    return tuple(_entry(row) for row in db.execute(_OF_FLAG, {"of": flag_id}))


def since(db: Connection, verb: Verb, at: datetime) -> tuple[Entry, ...]:
    """Entries with one verb from a moment on."""
    values = {"which": verb.value, "since": at.astimezone(UTC).isoformat()}
    return tuple(_entry(row) for row in db.execute(_OF_VERB, values))


def head(db: Connection) -> Head | None:
    """What the journal says is its newest entry."""
    row = db.execute(_HEAD).first()
    return None if row is None else Head(row.number, row.hash)


def _held(db: Connection) -> Head:
    row = db.execute(_HOLD).first()
    if row is None:
        _FIRST.added(db, {"id": _ONLY, "number": 0, "hash": GENESIS})
        row = db.execute(_HOLD).one()
    return Head(row.number, row.hash)


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


def _entry(
    row: Row[int, str, str, int | None, int | None, int | None, str, str, str],
) -> Entry:
    return Entry(*row)
