"""A flag that a person raises by hand: something heard aloud, or a drill."""

import json
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.journal import Verb
from engage.core.people import FlagId, InspectionId
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Origin
from engage.core.safeguarding.notes import Note, NoteKind
from engage.core.sealing.envelope import Context, seal_to
from engage.core.sealing.keys import Holder, Sealed, flag_tag
from engage.services import covering, flagging
from engage.services.signing_in import SignedIn
from engage.store import flags, inspections, journal
from engage.store.engine import Store
from engage.store.flags import NewFlag
from engage.store.inspections import Inspection, Vault

LONGEST = 5000
_TRIES = 8
DRILL = "This is a drill. Nobody is in danger. Open it and acknowledge it as always."


class NoInspection(Exception):
    """No such inspection, or this person does not work on it."""


class NothingSaid(Exception):
    """What was heard is missing, or longer than can be kept."""


class Busy(Exception):
    """No free reference was found. Nothing was raised; try again."""


def mine(store: Store, me: SignedIn) -> tuple[Inspection, ...]:
    """The inspections in which this person may raise a flag."""
    with store.read() as db:
        return inspections.of_staff(db, me.id)


def by_hand(
    store: Store,
    me: SignedIn,
    inspection: InspectionId,
    level: Level,
    heard: dict[str, str],
    now: datetime,
) -> str:
    """Raise it. Its reference.

    `heard`: `words` as they were said, `where`, `who` could find the child, `reach`.

    Raises:
        NoInspection, NothingSaid, Busy: see there.
    """
    if not heard.get("words", "").strip() or max(map(len, heard.values())) > LONGEST:
        raise NothingSaid
    theirs = {each.id: each for each in mine(store, me)}
    if inspection not in theirs:
        raise NoInspection
    joined = {"how": "hand", "place": heard.get("where", "").strip()}
    if heard.get("who", "").strip():
        joined["adult"] = heard["who"].strip()
    notes = [
        Note(
            NoteKind.RAISED,
            level,
            text="",
            words=heard["words"].strip(),
            because=f"Heard aloud and written down by {me.called}.",
            place="hand",
        )
    ]
    if heard.get("reach", "").strip():
        notes.append(
            Note(
                NoteKind.ADDED,
                level,
                text="",
                words=heard["reach"].strip(),
                place="hand/reach",
            )
        )
    made = _Made(Origin.HAND, notes, joined, heard.get("once", ""))
    return _raise(store, theirs[inspection], made, now, me)[1]


def drill(
    store: Store, inspection: Inspection, level: Level, now: datetime
) -> tuple[FlagId, str]:
    """A flag that is none, through all that a real one goes through."""
    note = Note(NoteKind.RAISED, level, text="", words=DRILL, place="drill")
    made = _Made(Origin.DRILL, [note], {"how": "drill"})
    return _raise(store, inspection, made, now, None)


@dataclass(frozen=True, slots=True)
class _Made:
    origin: Origin
    notes: list[Note]
    joined: dict[str, str]
    once: str = ""

    @property
    def tag(self) -> str | None:
        return flag_tag(self.once.encode()) if self.once else None

    def sealed(
        self, vault: Vault, reference: str, now: datetime
    ) -> list[tuple[int, bytes]]:
        parts = []
        for number, note in enumerate(self.notes, 1):
            said = note.sealed_at(now.isoformat(), self.joined).record()
            place = Context(
                Sealed.FLAG, vault.inspection, talk=reference, number=number
            )
            envelope = seal_to(vault.public, json.dumps(said).encode(), place)
            parts.append((number, envelope))
        return parts


def _raise(
    store: Store,
    inspection: Inspection,
    made: _Made,
    now: datetime,
    me: SignedIn | None,
) -> tuple[FlagId, str]:
    with store.read() as db:
        vault = inspections.current_vaults(db, inspection.id)[Holder.DUTY]
    level = made.notes[0].level
    promised = covering.promised(store, inspection, level, now)
    for _ in range(_TRIES):
        new = NewFlag(
            inspection=inspection.id,
            reference=flagging.new_reference(),
            level=level,
            raised_at=now,
            due_at=promised.by,
            vault=vault.id,
            origin=made.origin,
            tag=made.tag,
        )
        parts = [
            (
                number,
                seal_to(
                    vault.public,
                    json.dumps(
                        note.sealed_at(now.isoformat(), made.joined).record()
                    ).encode(),
                    Context(
                        Sealed.FLAG, inspection.id, talk=new.reference, number=number
                    ),
                ),
            )
            for number, note in enumerate(made.notes, 1)
        ]
        try:
            with store.begin() as db:
                number = flags.add(db, new)
                for count, envelope in parts:
                    flags.add_part(db, number, count, now, envelope)
                journal.write(
                    db,
                    Verb.DRILL if made.origin is Origin.DRILL else Verb.RAISED,
                    at=now,
                    staff=me.id if me else None,
                    inspection=inspection.id,
                    flag=number,
                    detail={"level": level.value, "origin": made.origin.value},
                )
        except flags.ReferenceTaken:
            continue
        except flags.AlreadyRaised:
            return _standing(store, made)
        return number, new.reference
    raise Busy


def _standing(store: Store, made: _Made) -> tuple[FlagId, str]:
    """The flag that the first press raised."""
    with store.read() as db:
        flag = flags.by_tag(db, made.tag or "")
    if flag is None:
        raise Busy
    return flag.id, flag.reference
