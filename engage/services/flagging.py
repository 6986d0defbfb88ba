"""Raise a flag, or join the one that a talk has: sealed first, then in one go."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import FlagId, GatheringId, InspectionId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Findable
from engage.core.safeguarding.notes import Note, NoteKind
from engage.core.sealing.envelope import Context, seal_to
from engage.core.sealing.keys import OPENED_BY, Holder, Sealed, flag_tag
from engage.services import covering, threads
from engage.store import flags, gatherings, inspections, journal
from engage.store.engine import Connection, Store
from engage.store.flags import NewFlag
from engage.store.inspections import Inspection, Vault
from engage.store.threads import NewThread

_LETTERS = "ACDEFGHJKLMNPRTUVWXY"
"""Without those that are mistaken for digits or for each other when read out."""


class Overtaken(Exception):
    """Another turn raised or joined the flag first. Prepare again."""


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


def prepare(
    store: Store,
    inspection: Inspection,
    key: bytes,
    joined: dict[str, str],
    notes: Sequence[Note],
    now: datetime,
) -> Raising:
    """Seal the notes to whoever the table of keys says opens flags."""
    tag = flag_tag(key)
    level = max((note.level for note in notes), key=lambda each: each.rank)
    with store.read() as db:
        standing = flags.by_tag(db, tag)
        before = flags.last_part(db, standing.id) if standing else 0
        vault = _vault(db, inspection, None if standing is None else standing.vault)
    promised = covering.promised(store, inspection, level, now)
    reference = standing.reference if standing else new_reference()
    parts = tuple(
        (number, _sealed(vault, reference, number, note, joined, now))
        for number, note in enumerate(notes, before + 1)
    )
    new = None
    if standing is None:
        new = NewFlag(
            inspection=inspection.id,
            reference=reference,
            level=level,
            raised_at=now,
            due_at=promised.by,
            vault=vault.id,
            tag=tag,
        )
    joins = standing.id if standing else None
    thread = threads.prepare(vault, reference, key) if new else None
    verb = Verb.RAISED if new else _verb(notes)
    return Raising(
        new, joins, level, promised.by, now, parts, thread, verb, inspection.id
    )


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
    vault: Vault,
    reference: str,
    number: int,
    note: Note,
    joined: dict[str, str],
    now: datetime,
) -> bytes:
    record = note.sealed_at(now.isoformat(), joined).record()
    context = Context(Sealed.FLAG, vault.inspection, talk=reference, number=number)
    return seal_to(vault.public, json.dumps(record).encode(), context)


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
