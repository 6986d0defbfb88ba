"""Talks, their answers and their keys: all of it sealed but where it belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy import delete as delete_from

from engage.core.people import GatheringId, InspectionId, TalkId, VaultId
from engage.store.direct import Database, Direct, Values, broken_rule
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import answer, talk, talk_key


class AlreadyBegun(Exception):
    """There is a talk with this key. The transaction stands."""


class TurnTaken(Exception):
    """This talk already has an answer with this number: the same turn came twice."""


class TalkGone(Exception):
    """The talk was withdrawn meanwhile."""


class SealedAnswer(NamedTuple):
    number: int
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTalk:
    """A talk that begins. `keys`: its key, sealed to each vault that may open it."""

    id: TalkId
    inspection: InspectionId
    day: date
    digest: str
    key_hash: str
    head: bytes
    keys: Mapping[VaultId, bytes]
    gathering: GatheringId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTalk:
    """A talk as it is stored. Answers are in the order of their numbers."""

    id: TalkId
    inspection: InspectionId
    day: date
    digest: str
    gathering: GatheringId | None
    head: bytes
    answers: tuple[SealedAnswer, ...]


_ADD = InsertUnlessThere(talk)
_ADD_KEYS = insert(talk_key)
_APPEND = InsertUnlessThere(answer).direct("talk_id", "number", "envelope")
_WHOLE = (
    select(
        answer.c.number,
        answer.c.envelope,
        talk.c.id,
        talk.c.inspection_id,
        talk.c.day,
        talk.c.digest,
        talk.c.gathering_id,
        talk.c.head,
    )
    .select_from(talk.outerjoin(answer))
    .order_by(answer.c.number)
)
_BY_KEY = _WHOLE.where(talk.c.key_hash == bindparam("key_hash"))
_OPEN = Direct("key_hash", sqlite=_BY_KEY, postgresql=_BY_KEY)
_BY_ID = _WHOLE.where(talk.c.id == bindparam("id"))
_DELETE = delete_from(talk).where(talk.c.id == bindparam("gone"))
_COUNT = select(func.count()).where(talk.c.inspection_id == bindparam("inspection"))
_KEYS = (
    select(talk_key.c.talk_id, talk_key.c.envelope)
    .where(talk_key.c.vault_id == bindparam("vault"))
    .order_by(talk_key.c.talk_id)
)


def add(db: Connection, new: NewTalk) -> None:
    """Begin a talk.

    Raises:
        AlreadyBegun: see there.
    """
    row = {
        "id": new.id,
        "inspection_id": new.inspection,
        "day": new.day,
        "digest": new.digest,
        "gathering_id": new.gathering,
        "key_hash": new.key_hash,
        "head": new.head,
    }
    if not _ADD.added(db, row):
        raise AlreadyBegun
    if new.keys:
        db.execute(
            _ADD_KEYS,
            [
                {"talk_id": new.id, "vault_id": vault, "envelope": envelope}
                for vault, envelope in new.keys.items()
            ],
        )


def load(db: Database, key_hash: str) -> SealedTalk | None:
    """The talk of whoever holds the key with this `token_hash`: one statement."""
    return _whole(_OPEN.rows(db, {"key_hash": key_hash}))


def by_id(db: Connection, talk_id: TalkId) -> SealedTalk | None:
    """The talk, for who comes with a vault's key: one statement."""
    return _whole(db.execute(_BY_ID, {"id": talk_id}).all())


def keys(db: Connection, vault_id: VaultId) -> dict[TalkId, bytes]:
    """The keys of every talk that was sealed to this vault."""
    rows = db.execute(_KEYS, {"vault": vault_id})
    return {TalkId(talk_id): envelope for talk_id, envelope in rows}


def append(db: Database, talk_id: TalkId, number: int, envelope: bytes) -> None:
    """Add one answer: one statement.

    Raises:
        TurnTaken: there is an answer with this number; the transaction stands.
        TalkGone: there is no such talk; the transaction is over.
    """
    row: Values = {"talk_id": talk_id, "number": number, "envelope": envelope}
    try:
        added = _APPEND.changed(db, row)
    except broken_rule(db):
        # Without its cause: that would carry the envelope into a log.
        raise TalkGone from None
    if not added:
        raise TurnTaken


def delete(db: Connection, talk_id: TalkId) -> bool:
    """Withdraw a talk: its row, its answers and its keys go. False: it had gone."""
    return db.execute(_DELETE, {"gone": talk_id}).rowcount == 1


def count(db: Connection, inspection_id: InspectionId) -> int:
    return db.execute(_COUNT, {"inspection": inspection_id}).scalar_one()


def _whole(
    rows: Sequence[tuple[Any, ...]],
) -> SealedTalk | None:
    if not rows:
        return None
    _, _, talk_id, inspection_id, day, digest, gathering_id, head = rows[0]
    return SealedTalk(
        id=TalkId(talk_id),
        inspection=InspectionId(inspection_id),
        # As SQLite keeps it: nothing has been converted on the way.
        day=date.fromisoformat(day) if isinstance(day, str) else day,
        digest=digest,
        gathering=None if gathering_id is None else GatheringId(gathering_id),
        head=head,
        answers=tuple(
            SealedAnswer(number, envelope)
            for number, envelope, *_ in rows
            if number is not None
        ),
    )
