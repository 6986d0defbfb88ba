"""Raise a flag, or join the one that a talk has: sealed first, then in one go."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import FlagId, GatheringId, InspectionId, VaultId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Findable
from engage.core.safeguarding.notes import Note, NoteKind
from engage.core.sealing.envelope import Context, seal_to
from engage.core.sealing.keys import OPENED_BY, Holder, Sealed, flag_tag
from engage.services import covering, threads
from engage.store import flags, gatherings, held, inspections, journal
from engage.store.engine import Connection, Store
from engage.store.flags import NewFlag
from engage.store.inspections import Inspection, Vault
from engage.store.threads import NewThread

_LETTERS = "ACDEFGHJKLMNPRTUVWXY"
"""Without those that are mistaken for digits or for each other when read out."""


class Overtaken(Exception):
    """Another turn raised or joined the flag first. Prepare again."""


@dataclass(frozen=True, slots=True)
class Child:
    """Whose flag it is, as far as anybody here may know."""

    inspection: Inspection
    key: bytes
    """Their talk key."""
    joined: Mapping[str, str]
    """How they came in (see `joined`)."""


@dataclass(frozen=True, slots=True)
class Raising:
    """A flag ready to be kept: everything sealed, nothing written yet."""

    new: NewFlag | None
    joins: FlagId | None
    level: Level
    due: datetime | None
    at: datetime
    parts: tuple[tuple[int, bytes], ...]
    thread: NewThread | None = None
    """For words back to the child. It is there before anybody needs it."""
    verb: Verb = Verb.RAISED
    inspection: InspectionId | None = None
    tag: str = ""
    vault: VaultId | None = None
    reference: str = ""


def prepare(
    store: Store,
    child: Child,
    notes: Sequence[Note],
    now: datetime,
    ahead: Raising | None = None,
) -> Raising:
    """Seal the notes to whoever the table of keys says opens flags.

    `ahead`: what is raised in the same transaction before this.
    """
    inspection, tag = child.inspection, flag_tag(child.key)
    level = max((note.level for note in notes), key=lambda each: each.rank)
    place = _place(store, inspection, tag, ahead)
    promised = covering.promised(store, inspection, level, now)
    parts = tuple(
        (number, _sealed(place, number, note, child.joined, now))
        for number, note in enumerate(notes, place.before + 1)
    )
    new = None
    if place.joins is None:
        new = NewFlag(
            inspection=inspection.id,
            reference=place.reference,
            level=level,
            raised_at=now,
            due_at=promised.by,
            vault=place.vault.id,
            tag=tag,
        )
    thread = threads.prepare(place.vault, place.reference, child.key) if new else None
    verb = Verb.RAISED if new else _verb(notes)
    return Raising(
        new,
        place.joins,
        level,
        promised.by,
        now,
        parts,
        thread,
        verb,
        inspection.id,
        tag,
        place.vault.id,
        place.reference,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in which flag the next part stands: bound into what is sealed."""

    joins: FlagId | None
    vault: Vault
    reference: str
    before: int


def _place(
    store: Store, inspection: Inspection, tag: str, ahead: Raising | None
) -> _Place:
    """In the flag that stands, or that one which is held ready would become."""
    with store.read() as db:
        standing, waits = flags.by_tag(db, tag), held.of_tag(db, tag)
        before = flags.last_part(db, standing.id) if standing else 0
        known = standing or ahead or waits
        vault = _vault(db, inspection, known.vault if known else None)
        reference = known.reference if known else _free_reference(db)
    numbers = [before, waits.number if waits else 0]
    numbers += [number for number, _ in ahead.parts] if ahead else []
    joins = standing.id if standing else None
    return _Place(joins, vault, reference, max(numbers))


def _verb(notes: Sequence[Note]) -> Verb:
    only_more = all(note.kind is NoteKind.ADDED for note in notes)
    return Verb.ADDED if only_more else Verb.RAISED_AGAIN


def carry_out(db: Connection, raising: Raising) -> None:
    """Keep it, in the transaction of the answer that raised it.

    Raises:
        Overtaken: see there; the transaction must not be kept.
    """
    try:
        if raising.new is not None:
            number = flags.add(db, raising.new)
            if raising.thread is not None:
                threads.keep(db, number, raising.thread)
        else:
            assert raising.joins is not None  # noqa: S101 - one of the two is there
            number = raising.joins
        for count, envelope in raising.parts:
            flags.add_part(db, number, count, raising.at, envelope)
        if raising.new is None:
            flags.raise_level(db, number, raising.level, raising.due, raising.at)
        journal.write(
            db,
            raising.verb,
            at=raising.at,
            inspection=raising.inspection,
            flag=number,
            detail={"level": raising.level.value},
        )
    except (flags.AlreadyRaised, flags.ReferenceTaken, flags.PartTaken):
        raise Overtaken from None


def _vault(db: Connection, inspection: Inspection, standing: object) -> Vault:
    (holder,) = [each for each in OPENED_BY[Sealed.FLAG] if each is not Holder.CHILD]
    vaults = inspections.vaults(db, inspection.id)
    theirs = [each for each in vaults if each.holder is holder]
    return next((each for each in theirs if each.id == standing), theirs[-1])


def _sealed(
    place: _Place, number: int, note: Note, joined: Mapping[str, str], now: datetime
) -> bytes:
    record = note.sealed_at(now.isoformat(), joined).record()
    flag, vault = place.reference, place.vault
    context = Context(Sealed.FLAG, vault.inspection, talk=flag, number=number)
    return seal_to(vault.public, json.dumps(record).encode(), context)


def _free_reference(db: Connection) -> str:
    while True:
        found = new_reference()
        if not held.has_reference(db, found) and flags.number_of(db, found) is None:
            return found


def new_reference() -> str:
    """Short enough to say on the phone; chosen again if it is taken: K7-42."""
    letter = secrets.choice(_LETTERS)
    return f"{letter}{secrets.randbelow(10)}-{secrets.randbelow(10_000):04}"


def joined(
    store: Store, findable: Findable, card: str, gathering_id: GatheringId | None
) -> dict[str, str]:
    """How a child came in, as the duty inspector needs it to find them."""
    found = {"how": findable.value}
    if card:
        found["card"] = card
    if gathering_id is not None:
        with store.read() as db:
            gathering = gatherings.get(db, gathering_id)
        if gathering is not None:
            found |= {
                "place": gathering.place,
                "adult": gathering.adult,
                "phone": gathering.phone,
            }
    return found
