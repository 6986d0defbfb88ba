"""The journal, checked and shown: what was done with a flag, by whom, and when."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engage.core.duty.chain import Broken, Entry, Head, check
from engage.core.duty.journal import Verb
from engage.core.people import FlagId, StaffId
from engage.services.signing_in import SignedIn
from engage.store import flags, journal, staff
from engage.store.engine import Connection, Store

_TO_SOMEBODY = frozenset({Verb.SENT, Verb.NOT_SENT})
"""The person in these entries is who was told, not who did it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, for people. `called`: who did it; empty for the system itself.

    `at` is `None`, and `detail` empty, if somebody made something of them that is none.
    `altered`: it is not what was written; shown all the same.
    """

    number: int
    at: datetime | None
    verb: str
    called: str
    detail: Mapping[str, Any]
    altered: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    head: Head | None
    broken: tuple[Broken, ...]


def verify(store: Store, known: Iterable[Head] = ()) -> Verdict:
    """Go through the whole chain. Others may go on writing meanwhile."""
    with store.read() as db:
        head, entries = journal.whole(db)
        return Verdict(head, tuple(check(entries, head, known)))


def head(store: Store) -> Head | None:
    """The newest entry, if there is one. It checks nothing."""
    with store.read() as db:
        return journal.head(db)


def history(store: Store, me: SignedIn, number: FlagId) -> tuple[Line, ...]:
    """All that was done with a flag; empty if this person may not see it.

    Who reads it once more, with nothing new since, is not shown again.
    """
    with store.read() as db:
        flag = flags.get(db, number, me.id)
        if flag is None:
            return ()
        entries = journal.of_flag(db, number)
        members = staff.of_inspection(db, flag.inspection)
        names = {each.id: each.called for each in members}
        names |= _others(db, entries, names)
    return tuple(
        _line(each, names.get(StaffId(each.staff or 0), ""))
        for each in _without_rereading(entries)
    )


def listed(store: Store, reference: str | None = None) -> Iterator[Line]:
    """For whoever looks after the system: numbers, and no names.

    All of it, or what was done with one flag. Nothing if no flag is called that.
    """
    with store.read() as db:
        if reference is None:
            entries: Iterable[Entry] = journal.every(db)
        else:
            number = flags.number_of(db, reference)
            entries = () if number is None else journal.of_flag(db, number)
        for each in entries:
            yield _line(each, str(each.staff or ""))


def _others(
    db: Connection, entries: Iterable[Entry], known: Mapping[StaffId, str]
) -> dict[StaffId, str]:
    """Who has left the inspection since they did what is written."""
    wanted = {StaffId(each.staff) for each in entries if each.staff} - known.keys()
    found = {each: staff.get(db, each) for each in wanted}
    return {number: who.called for number, who in found.items() if who is not None}


def _without_rereading(entries: Iterable[Entry]) -> Iterator[Entry]:
    know: set[int | None] = set()
    """Whoever has read it, or done something, since the last news."""
    for each in entries:
        if each.verb != Verb.READ:
            know = set() if each.verb in _TO_SOMEBODY else {each.staff}
            yield each
        elif each.staff not in know:
            know.add(each.staff)
            yield each


def _line(entry: Entry, called: str) -> Line:
    return Line(
        entry.number,
        _time(entry.at),
        entry.verb,
        called,
        _detail(entry.detail),
        entry.altered,
    )


def _time(kept: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(kept)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo else None


def _detail(kept: str) -> Mapping[str, Any]:
    try:
        found = json.loads(kept)
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
