"""Keep somebody from a flag that may be about them, or about somebody they know.

From then on they neither see it nor are called about it (requirement 6). What they
have read before, they have read: the journal says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import FlagId, Role, StaffId
from engage.core.safeguarding.flags import Flag
from engage.services.duty_desk import NotThere
from engage.services.signing_in import SignedIn
from engage.store import barred, clocks, flags, journal, staff
from engage.store.engine import Connection, Store

_READ = frozenset({Role.DUTY, Role.LEAD})


class NobodyLeft(Exception):
    """Nobody else could open it. Let somebody in first, on the rota."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody of the inspection who reads flags, by what they are called."""

    free: Mapping[StaffId, str]
    """Who may open it, as soon as they hold its key."""
    kept: Mapping[StaffId, str]
    """Who is kept from it."""


def readers(store: Store, me: SignedIn, number: FlagId) -> Readers:
    """Who could be kept from it, and who is.

    Raises:
        NotThere: see there.
    """
    with store.read() as db:
        flag = flags.get(db, number, me.id)
        if flag is None:
            raise NotThere
        members = staff.of_inspection(db, flag.inspection)
        away = clocks.barred_from(db, [number]).get(number, set())
    who = {each.id: each.called for each in members if each.role in _READ}
    return Readers(
        {each: called for each, called in who.items() if each not in away},
        {each: called for each, called in who.items() if each in away},
    )


def bar(
    store: Store, me: SignedIn, number: FlagId, who: StaffId, now: datetime
) -> None:
    """Keep `who` from it; it may be `me`. The clock looks again at once.

    Raises:
        NotThere: no such flag, or no such person on its inspection.
        NobodyLeft: see there.
    """
    with store.begin() as db:
        flag = flags.get(db, number, me.id)
        if flag is None or not barred.works_on(db, flag.inspection, who):
            raise NotThere
        if not barred.bar(db, number, who, now):
            return
        _note_down(db, flag, Verb.BARRED, me, who, now)
        # Only now: the journal lets in one at a time, so whoever keeps somebody else
        # from it at this moment is seen, and two cannot lock each other out.
        if not barred.readers_but(db, number, who):
            raise NobodyLeft


def lift(
    store: Store, me: SignedIn, number: FlagId, who: StaffId, now: datetime
) -> None:
    """Let somebody see it again who was kept from it by mistake. Not oneself.

    Raises:
        NotThere: no flag that `me` may see.
    """
    with store.begin() as db:
        flag = flags.get(db, number, me.id)
        if flag is None:
            raise NotThere
        if not barred.lift(db, number, who):
            return
        _note_down(db, flag, Verb.BAR_LIFTED, me, who, now)


def _note_down(
    db: Connection, flag: Flag, verb: Verb, me: SignedIn, who: StaffId, now: datetime
) -> None:
    if flag.next_at is not None:
        clocks.look_again(db, flag.id, now)
    journal.write(
        db,
        verb,
        at=now,
        staff=me.id,
        inspection=flag.inspection,
        flag=flag.id,
        detail={"whom": who},
    )
