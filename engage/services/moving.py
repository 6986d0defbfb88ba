"""What the duty inspector does with a flag, one verb each, in order.

Each move is made by whoever comes first, is written into the journal in the same
transaction, and what is said with it is sealed into the flag. Nothing is edited.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engage.core.duty.journal import Verb
from engage.core.people import FlagId
from engage.core.safeguarding.flags import (
    Flag,
    Move,
    Outcome,
    closing,
)
from engage.services import flag_notes
from engage.services.duty_desk import NotThere
from engage.services.signing_in import SignedIn
from engage.store import flags, journal
from engage.store.engine import Connection, Store
from engage.store.flags import AlreadyMoved as AlreadyMoved

_TRIES = 8
LONGEST = 5000


Keep = Callable[[Connection, Flag], None]


class Busy(Exception):
    """Too many changes of one flag at one moment. Nothing was kept; try again."""


class NothingSaid(Exception):
    """What needs words has none, or more than can be kept."""


_VERBS: Mapping[Move, Verb] = {
    Move.OPEN: Verb.OPENED,
    Move.ACKNOWLEDGE: Verb.ACKNOWLEDGED,
    Move.TAKE: Verb.TAKEN,
    Move.HAND_OVER: Verb.HANDED_OVER,
    Move.RECEIPT: Verb.RECEIVED,
    Move.TELL: Verb.TOLD,
    Move.CLOSE: Verb.CLOSED,
    Move.REOPEN: Verb.REOPENED,
}


def open_(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Record that somebody looks.

    Raises:
        NotThere: see there.
        AlreadyMoved: somebody did before; the words can be read.
    """
    make(store, me, number, Move.OPEN, now)


def acknowledge(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Somebody has read it and answers for it. Raises as `open_`."""
    make(store, me, number, Move.ACKNOWLEDGE, now)


def take(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Take it in hand, also out of another's. Raises as `open_`."""
    make(store, me, number, Move.TAKE, now)


def read(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Record that somebody read the words of an opened flag. Once a visit is enough."""
    record(store, me, number, Verb.READ, now)


def note(
    store: Store,
    me: SignedIn,
    number: FlagId,
    text: str,
    now: datetime,
    *,
    corrects: int = 0,
) -> None:
    """Append a note, or a correction of an earlier one.

    Raises:
        NotThere: see there.
        NothingSaid: see there.
    """
    said = _said(text)
    kind = "correction" if corrects else "note"
    written = {"kind": kind, "words": said, "corrects": corrects}
    add(store, me, number, written, Verb.NOTED, now)


def tell(
    store: Store, me: SignedIn, number: FlagId, how: str, text: str, now: datetime
) -> None:
    """The child has been told what happens, or why they cannot be.

    Raises:
        NotThere, AlreadyMoved, NothingSaid: see there.
    """
    told = {"kind": "told", "how": how, "words": _said(text)}
    make(store, me, number, Move.TELL, now, told)


def close(
    store: Store,
    me: SignedIn,
    number: FlagId,
    outcome: Outcome,
    reason: str,
    now: datetime,
) -> None:
    """End it.

    Raises:
        NotThere, AlreadyMoved: see there.
        IllegalMove: not with this outcome, or not without a reason.
    """
    with store.read() as db:
        closing(_find(db, me, number), outcome, reason)
    ended = {"kind": "closed", "outcome": outcome.value, "words": reason.strip()}
    make(store, me, number, Move.CLOSE, now, ended)


def reopen(
    store: Store, me: SignedIn, number: FlagId, reason: str, now: datetime
) -> None:
    """It was closed too soon. Raises as `tell`."""
    said = {"kind": "reopened", "words": _said(reason)}
    make(store, me, number, Move.REOPEN, now, said)


def make(
    store: Store,
    me: SignedIn,
    number: FlagId,
    move: Move,
    now: datetime,
    record: Mapping[str, Any] | None = None,
) -> None:
    """One move, with what is said about it sealed into the flag.

    Raises:
        NotThere, AlreadyMoved, Busy: see there.
    """
    given = record or {}
    said = {name: given[name] for name in ("how", "outcome") if name in given}

    def keep(db: Connection, flag: Flag) -> None:
        flags.move(db, flag.id, move, by=me.id, at=now)
        if record is not None:
            flag_notes.add(db, flag, {**record, "by": me.called}, now)
        _journal(db, me, flag, _VERBS[move], now, said)

    _carefully(store, me, number, keep)


def add(
    store: Store,
    me: SignedIn,
    number: FlagId,
    record: Mapping[str, Any],
    verb: Verb,
    now: datetime,
) -> None:
    """Append something to a flag that moves nothing. Raises `NotThere`, `Busy`."""

    def keep(db: Connection, flag: Flag) -> None:
        flag_notes.add(db, flag, {**record, "by": me.called}, now)
        _journal(db, me, flag, verb, now)

    _carefully(store, me, number, keep)


def record(
    store: Store, me: SignedIn, number: FlagId, verb: Verb, now: datetime
) -> None:
    """Write down what was done with a flag. Raises `NotThere`."""
    with store.begin() as db:
        _journal(db, me, _find(db, me, number), verb, now)


def _carefully(store: Store, me: SignedIn, number: FlagId, keep: Keep) -> None:
    """One transaction; again if somebody added a part at the same moment."""
    for _ in range(_TRIES):
        try:
            with store.begin() as db:
                keep(db, _find(db, me, number))
        except flags.PartTaken:
            continue
        return
    raise Busy


def _journal(
    db: Connection,
    me: SignedIn,
    flag: Flag,
    verb: Verb,
    now: datetime,
    said: Mapping[str, str | int] | None = None,
) -> None:
    journal.write(
        db,
        verb,
        at=now,
        staff=me.id,
        inspection=flag.inspection,
        flag=flag.id,
        detail=dict(said or {}),
    )


def _find(db: Connection, me: SignedIn, number: FlagId) -> Flag:
    flag = flags.get(db, number, me.id)
    if flag is None:
        raise NotThere
    return flag


def _said(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise NothingSaid
    return said
