"""Hand a flag over: the form is sealed at each change, and then receipt is confirmed.

Nothing is edited: each save is another part of the flag, with who saved it, when, and
what is different from the one before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engage.core.duty import hand_over
from engage.core.duty.concern_form import FIELDS, RECEIPT_FIELDS, About, Field
from engage.core.duty.hand_over import Form, Problem
from engage.core.duty.journal import Verb
from engage.core.duty.prefilling import prefilled
from engage.core.people import FlagId
from engage.core.safeguarding.flags import FROM, Move, Stage
from engage.core.sealing.keys import Holder
from engage.services import duty_desk, flag_facts, flag_notes, moving
from engage.services.duty_desk import NotThere, Opened
from engage.services.flag_notes import Note
from engage.services.granting import vault_keys
from engage.services.moving import AlreadyMoved as AlreadyMoved
from engage.services.moving import Busy as Busy
from engage.services.signing_in import SignedIn
from engage.store import flags, journal
from engage.store.engine import Store

HAND_OVER, RECEIVED = "hand-over", "receipt"
_TRIES = 8
_HANDED = frozenset({Stage.HANDED_OVER, Stage.RECEIVED, Stage.TOLD, Stage.CLOSED})
"""Stages in which a change of the form is a correction."""


class Sealed(Exception):
    """Nobody has opened the flag yet, or this person does not hold its key."""


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
    last: Note | None
    """The last time it was saved."""
    receipt: Form
    by_staff: bool
    """The detector saw that it may be about somebody who works with the child."""

    @property
    def may_hand_over(self) -> bool:
        return self.opened.flag.stage in FROM[Move.HAND_OVER]

    @property
    def may_confirm(self) -> bool:
        return self.opened.flag.stage in FROM[Move.RECEIPT]

    def shown(self, form: Form) -> Form:
        """The form without what must not be shown: see `hand_over.without_usual`."""
        if not hand_over.withheld(self.by_staff, form.get("about", "")):
            return form
        return hand_over.without_usual(form, flag_facts.local(self.opened))

    def beside(self, form: Form) -> Form:
        """What was saved, for comparing with `form`: no less careful than that is.

        What must not be shown is not told apart from what is in `form`.
        """
        kept = dict(self.shown(self.form))
        if hand_over.withheld(self.by_staff, form.get("about", "")):
            kept = hand_over.without_usual(kept, flag_facts.local(self.opened))
        left_out = self.form.keys() - kept.keys()
        return kept | {name: form.get(name, "") for name in left_out}


def draft(store: Store, me: SignedIn, number: FlagId, now: datetime) -> Draft:
    """The form as it was last saved, or as the flag fills it in.

    Raises:
        NotThere, Sealed: see there.
    """
    opened = duty_desk.read(store, me, number)
    if not opened.holds_key or opened.flag.opened_by is None:
        raise Sealed
    notes = opened.notes or _unopened(store, me, opened)
    saved = [note for note in notes if note.kind == HAND_OVER]
    receipts = [note for note in notes if note.kind == RECEIVED]
    by_staff = any(note.by_staff for note in notes)
    given = {}
    if not saved:
        given = prefilled(flag_facts.facts(opened, me, now, by_staff=by_staff))
    return Draft(
        opened,
        _still(notes, saved[-1]) if saved else given,
        frozenset(given),
        len(saved),
        saved[-1] if saved else None,
        _fields(receipts[-1]) if receipts else {},
        by_staff,
    )


def careful(opened: Opened) -> bool:
    """Whether the usual address is withheld wherever this flag is shown.

    What has not been read yet may be about anybody.
    """
    if not opened.notes:
        return True
    saved = [note for note in opened.notes if note.kind == HAND_OVER]
    about = _still(opened.notes, saved[-1]).get("about", "") if saved else ""
    by_staff = any(note.by_staff for note in opened.notes)
    return hand_over.withheld(by_staff, about)


def save(
    store: Store, me: SignedIn, number: FlagId, form: Form, version: int, now: datetime
) -> None:
    """Keep it for later, or correct it. Raises as `draft`, and `Changed`, `Faulty`."""

    def record(held: Draft) -> Mapping[str, Any] | None:
        new = held.shown(hand_over.tidy(form, FIELDS))
        if _same(held, me, new):
            return None
        _current(held, version)
        _right(hand_over.unkept(new, now))
        handed = held.opened.flag.stage in _HANDED
        return _record(HAND_OVER, held, new, "Corrected." if handed else "Saved.")

    _keep(store, me, number, record, now)


def finish(
    store: Store, me: SignedIn, number: FlagId, form: Form, version: int, now: datetime
) -> None:
    """It has been handed over, as the form says. A second press changes nothing.

    Raises:
        NotThere, Sealed, Changed, Faulty: see there.
        AlreadyMoved: the flag is not at a stage for it.
    """

    def record(held: Draft) -> Mapping[str, Any] | None:
        new = held.shown(hand_over.tidy(form, FIELDS))
        handed = held.opened.flag.stage is Stage.HANDED_OVER
        if handed and held.version != version and _same(held, me, new):
            return None
        _current(held, version)
        careful = hand_over.withheld(held.by_staff, new.get("about", ""))
        _right(hand_over.problems(new, now, careful=careful))
        return _record(HAND_OVER, held, new, f"Handed over to {new['to']}.")

    _keep(store, me, number, record, now, Move.HAND_OVER)


def confirm_receipt(
    store: Store, me: SignedIn, number: FlagId, form: Form, now: datetime
) -> None:
    """Somebody outside has said that they have it.

    Raises:
        NotThere, Sealed, Faulty: see there.
        AlreadyMoved: the flag is not at a stage for it.
    """
    new = hand_over.tidy(form, RECEIPT_FIELDS)

    def record(held: Draft) -> Mapping[str, Any]:
        _right(hand_over.receipt_problems(new, now))
        return _record(RECEIVED, held, new, f"Received by {new['by']}.")

    _keep(store, me, number, record, now, Move.RECEIPT)


def printed(store: Store, me: SignedIn, number: FlagId, now: datetime) -> None:
    """Record that it was printed or downloaded. Raises `NotThere`."""
    moving.record(store, me, number, Verb.PRINTED, now)


_VERBS = {Move.HAND_OVER: Verb.HANDED_OVER, Move.RECEIPT: Verb.RECEIVED}


def _keep(
    store: Store,
    me: SignedIn,
    number: FlagId,
    record: Callable[[Draft], Mapping[str, Any] | None],
    now: datetime,
    move: Move | None = None,
) -> None:
    """Seal what `record` makes of the form as it stands, and make the move with it.

    Whatever is added to the flag between reading and keeping is seen: then again.
    """
    for _ in range(_TRIES):
        with store.read() as db:
            last = flags.last_part(db, number)
        held = draft(store, me, number, now)
        new = record(held)
        if new is None:
            return
        try:
            with store.begin() as db:
                flag = flags.get(db, number, me.id)
                if flag is None:
                    raise NotThere
                made = {**new, "by": me.called, "staff": me.id}
                flag_notes.add(db, flag, made, now, after=last)
                if move is not None:
                    flags.move(db, number, move, by=me.id, at=now)
                journal.write(
                    db,
                    Verb.NOTED if move is None else _VERBS[move],
                    at=now,
                    staff=me.id,
                    inspection=flag.inspection,
                    flag=number,
                    detail={},
                )
        except flags.PartTaken:
            continue
        return
    raise Busy


def _record(kind: str, held: Draft, new: Form, words: str) -> Mapping[str, Any]:
    fields: Mapping[str, Field] = FIELDS if kind == HAND_OVER else RECEIPT_FIELDS
    before = held.form if kind == HAND_OVER else held.receipt
    changes = hand_over.changed(before, new, fields.values()) if held.version else ()
    return {
        "kind": kind,
        "version": held.version + (kind == HAND_OVER),
        "fields": dict(new),
        "changed": list(changes),
        "words": words,
    }


def _current(held: Draft, version: int) -> None:
    if held.version != version:
        raise Changed


def _right(problems: Mapping[str, Problem]) -> None:
    if problems:
        raise Faulty(problems)


def _same(held: Draft, me: SignedIn, new: Form) -> bool:
    """Whether just this was saved last, by the same person: a button pressed twice."""
    mine = held.last is not None and held.last.held.get("staff") == me.id
    return mine and held.form == new


def _fields(note: Note) -> dict[str, str]:
    return dict(note.held.get("fields", {}))


def _still(notes: tuple[Note, ...], saved: Note) -> dict[str, str]:
    """The form as saved, without what more was said since has made doubtful.

    That it is about nobody with a duty to the child was said before this was known:
    whoever has read it must say so again.
    """
    form = _fields(saved)
    newer = any(note.by_staff and note.number > saved.number for note in notes)
    if newer and form.get("about") == About.NOBODY:
        del form["about"]
    return form


def _unopened(store: Store, me: SignedIn, opened: Opened) -> tuple[Note, ...]:
    """What it says although it was raised again, and nobody has opened it since.

    Only to fill in the form: the page shows none of it before it is opened.
    """
    key = vault_keys(store, me, Holder.DUTY).get(opened.flag.vault)
    with store.read() as db:
        parts = flags.parts(db, opened.flag.id)
    return flag_notes.opened(opened.flag, parts, key)
