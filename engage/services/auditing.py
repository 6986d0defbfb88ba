"""The journal, checked and shown: what was done with a flag, by whom, and when."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.chain import Broken, Head, check
from engage.core.people import FlagId, StaffId
from engage.services.signing_in import SignedIn
from engage.store import flags, journal, staff
from engage.store.engine import Store, open_store


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, for people. `called`: who did it; empty for the system itself."""

    number: int
    at: datetime
    verb: str
    called: str
    detail: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Verdict:
    head: Head | None
    broken: tuple[Broken, ...]


def verify(store: Store, known: Iterable[Head] = ()) -> Verdict:
    """Go through the whole chain."""
    with store.read() as db:
        head = journal.head(db)
        return Verdict(head, tuple(check(journal.every(db), head, known)))


def history(store: Store, me: SignedIn, number: FlagId) -> tuple[Line, ...]:
    """All that was done with a flag; empty if this person may not see it."""
    with store.read() as db:
        flag = flags.get(db, number, me.id)
        if flag is None:
            return ()
        entries = journal.of_flag(db, number)
        members = staff.of_inspection(db, flag.inspection)
        names = {each.id: each.called for each in members}
        for entry in entries:
            who = StaffId(entry.staff or 0)
            if entry.staff and who not in names:
                member = staff.get(db, who)
                names[who] = member.called if member else ""
    return tuple(
        Line(
            each.number,
            datetime.fromisoformat(each.at),
            each.verb,
            names.get(StaffId(each.staff or 0), ""),
            json.loads(each.detail),
        )
        for each in entries
    )


def of_reference(store: Store, reference: str) -> tuple[Line, ...]:
    """The same for whoever looks after the system: no names."""
    with store.read() as db:
        number = flags.number_of(db, reference)
        entries = journal.of_flag(db, number) if number else ()
    return tuple(
        Line(
            each.number,
            datetime.fromisoformat(each.at),
            each.verb,
            str(each.staff or ""),
            json.loads(each.detail),
        )
        for each in entries
    )


def opened(url: str) -> Store:
    """The store of an installation, for the command line."""
    return open_store(url)
