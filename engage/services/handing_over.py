"""Hand a flag over: the form is sealed at each change, and then receipt is confirmed.

Nothing is edited: each save is another part of the flag, with who saved it and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engage.core.duty import hand_over
from engage.core.duty.hand_over import FIELDS, RECEIPT, Form, Problem, as_typed
from engage.core.duty.journal import Verb
from engage.core.people import FlagId
from engage.core.safeguarding.flags import FROM, Move
from engage.services import duty_desk, flag_notes, moving
from engage.services.duty_desk import Opened
from engage.services.flag_notes import Note
from engage.services.moving import AlreadyMoved as AlreadyMoved
from engage.services.signing_in import SignedIn
from engage.store.engine import Store

HAND_OVER, RECEIVED = "hand-over", "receipt"


class Sealed(Exception):
    """This person does not hold the key of the flag."""


class Changed(Exception):
    """Somebody else saved the form meanwhile. Nothing was kept."""


class Faulty(Exception):
    """Something is missing or wrong: `problems`, by field. Nothing was kept."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Draft:
    opened: Opened
    form: Form
    prefilled: frozenset[str]
    """Fields that were filled in from the flag, and not yet saved by anybody."""
    version: int
    """How often it was saved; 0 if never."""
    receipt: Form
    careful: bool
    """The usual address is withheld."""

    @property
    def may_hand_over(self) -> bool:
        return self.opened.flag.stage in FROM[Move.HAND_OVER]

    @property
    def may_confirm(self) -> bool:
        return self.opened.flag.stage in FROM[Move.RECEIPT]


def draft(store: Store, me: SignedIn, number: FlagId, now: datetime) -> Draft:
    """The form as it was last saved, or as the flag fills it in.

    Raises:
        NotThere, Sealed: see there.
    """
    opened = duty_desk.read(store, me, number)
    if not opened.holds_key:
        raise Sealed
    saved = _parts(opened, HAND_OVER)
    by_staff = any(note.by_staff for note in opened.notes)
    given: dict[str, str] = {}
    if saved:
        form = dict(saved[-1].held.get("fields", {}))
    else:
        given = _prefilled(opened, me, now, by_staff=by_staff)
        form = dict(given)
    receipts = _parts(opened, RECEIVED)
    return Draft(
        opened,
        form,
        frozenset(given),
        len(saved),
        dict(receipts[-1].held.get("fields", {})) if receipts else {},
        hand_over.withheld(by_staff, form.get("about", "")),
    )


def save(
    store: Store, me: SignedIn, number: FlagId, form: Form, version: int, now: datetime
) -> None:
    """Keep it for later. Raises as `draft`, and `Changed`."""
    _current(store, me, number, version, now)
    record = _record(HAND_OVER, form, "Saved for later.")
    moving.add(store, me, number, record, Verb.NOTED, now)


def finish(
    store: Store, me: SignedIn, number: FlagId, form: Form, version: int, now: datetime
) -> None:
    """It has been handed over, as the form says.

    Raises:
        NotThere, Sealed, Changed, Faulty: see there.
        AlreadyMoved: the flag is not at a stage for it.
    """
    held = _current(store, me, number, version, now)
    by_staff = any(note.by_staff for note in held.opened.notes)
    careful = hand_over.withheld(by_staff, form.get("about", ""))
    wrong = hand_over.problems(form, now, careful=careful)
    if wrong:
        raise Faulty(wrong)
    said = f"Handed over to {form['to'].strip()}."
    moving.make(store, me, number, Move.HAND_OVER, now, _record(HAND_OVER, form, said))


def confirm_receipt(
    store: Store, me: SignedIn, number: FlagId, form: Form, now: datetime
) -> None:
    """Somebody outside has said that they have it.

    Raises:
        NotThere, Sealed, Faulty: see there.
        AlreadyMoved: the flag is not at a stage for it.
    """
    draft(store, me, number, now)
    wrong = hand_over.receipt_problems(form, now)
    if wrong:
        raise Faulty(wrong)
    said = f"Received by {form['by'].strip()}."
    moving.make(store, me, number, Move.RECEIPT, now, _record(RECEIVED, form, said))


def printed(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Record that it was printed or downloaded. Raises `NotThere`."""
    moving.record(store, me, number, Verb.PRINTED, now)


def _current(
    store: Store, me: SignedIn, number: FlagId, version: int, now: datetime
) -> Draft:
    held = draft(store, me, number, now)
    if held.version != version:
        raise Changed
    return held


def _record(kind: str, form: Form, said: str) -> dict[str, Any]:
    known = {field.id for field in RECEIPT} if kind == RECEIVED else set(FIELDS)
    kept = {
        name: value.replace("\r\n", "\n").strip()[: hand_over.LONGEST]
        for name, value in form.items()
        if name in known and value.strip()
    }
    return {"kind": kind, "fields": kept, "words": said}


def _parts(opened: Opened, kind: str) -> list[Note]:
    return [note for note in opened.notes if note.kind == kind]


def _prefilled(
    opened: Opened, me: SignedIn, now: datetime, *, by_staff: bool
) -> dict[str, str]:
    """What the flag gives. Nothing is made up; what is not known stays empty."""
    joined = flag_notes.joined(opened.notes)
    local = opened.local
    told = [said for note in opened.notes for said in note.told]
    reach = [note.words for note in opened.notes if note.reaches and note.words]
    found = {
        "at": as_typed(now),
        "reporter": me.called,
        "reporter-role": me.role.value,
        "arose": _arose(joined),
        "category": ", ".join(
            dict.fromkeys(kind for note in opened.notes for kind in note.categories)
        ).replace("_", " "),
        "where": "\n".join([joined.get("place", ""), *reach]).strip(),
        "told": "\n".join(dict.fromkeys(told)),
        "workers": joined.get("adult", ""),
    }
    if not by_staff:
        found |= {
            "to": str(local.get("name", "")),
            "role": "local-lead",
            "contact": str(local.get("phone", "")),
        }
    return {name: value for name, value in found.items() if value}


def _arose(joined: Mapping[str, str]) -> str:
    match joined.get("how", ""):
        case "card":
            return f"In a talk, by card {joined.get('card', '')}".strip()
        case "gathering":
            return f"In a talk at a gathering: {joined.get('place', '')}"
        case "open":
            return "In a talk, by an open link: we do not know who they are"
        case "hand":
            return "Heard aloud and written down"
        case how:
            return how
