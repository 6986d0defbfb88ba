"""What the duty inspector does with flags: see what waits, open one, take it on."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engage.core.people import FlagId, StaffId
from engage.core.safeguarding.concerns import BY_STAFF
from engage.core.safeguarding.flags import Flag, Move, Stage
from engage.core.sealing.envelope import Context, WontOpen, open_with
from engage.core.sealing.keys import Holder, Sealed
from engage.services.granting import vault_keys
from engage.services.signing_in import SignedIn
from engage.store import flags, inspections, staff
from engage.store.engine import Store
from engage.store.flags import AlreadyMoved, SealedPart


class NotThere(Exception):
    """No such flag, or not in an inspection that this person works on."""


@dataclass(frozen=True, slots=True)
class Note:
    """One part of a flag, as it was sealed. What a part does not have stays empty."""

    number: int
    at: datetime
    kind: str
    level: str
    categories: tuple[str, ...]
    rule: str
    because: str
    prompt: str
    options: tuple[str, ...]
    words: str
    said_at: datetime
    language: str
    voice: str
    digest: str
    place: str
    joined: Mapping[str, str]
    told: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def marked(self) -> Iterator[tuple[str, bool]]:
        """The child's words in pieces, and whether each gave a reason."""
        at = 0
        for start, end in self.marks:
            if at <= start < end <= len(self.words):
                yield self.words[at:start], False
                yield self.words[start:end], True
                at = end
        yield self.words[at:], False

    @property
    def by_staff(self) -> bool:
        """Whether it may be about somebody who works with the child."""
        return BY_STAFF in self.categories

    @property
    def reaches(self) -> bool:
        """Whether it says how the child can be found safely."""
        return self.place.endswith("/reach")


@dataclass(frozen=True, slots=True)
class Waiting:
    flag: Flag
    area: str
    joined: Mapping[str, str]
    """How the child came, if this person holds the key. No word of theirs."""


@dataclass(frozen=True, slots=True)
class Opened:
    flag: Flag
    area: str
    local: Mapping[str, Any]
    notes: tuple[Note, ...]
    """Empty while nobody has opened it, and for who does not hold its key."""
    holds_key: bool
    altered: int
    """How many parts would not open: they are not what was sealed."""
    opened_by: str
    acknowledged_by: str


class Moving(Protocol):
    def __call__(
        self, store: Store, me: SignedIn, number: FlagId, *, now: datetime
    ) -> None: ...


def waiting(store: Store, me: SignedIn) -> list[Waiting]:
    """What nobody has taken on yet: worst first, then newest."""
    keys = vault_keys(store, me, Holder.DUTY)
    with store.read() as db:
        areas = {each.id: each.area for each in inspections.of_staff(db, me.id)}
        found = [(each, flags.parts(db, each.id)) for each in flags.waiting(db, me.id)]
    return [
        Waiting(
            flag,
            areas.get(flag.inspection, ""),
            _joined(_notes(flag, parts[:1], keys.get(flag.vault))),
        )
        for flag, parts in found
    ]


def read(store: Store, me: SignedIn, number: FlagId) -> Opened:
    """A flag, with its words once somebody has opened it.

    Raises:
        NotThere: see there.
    """
    keys = vault_keys(store, me, Holder.DUTY)
    flag = _flag(store, me, number)
    key = keys.get(flag.vault)
    with store.read() as db:
        parts = () if flag.stage is Stage.RAISED else flags.parts(db, flag.id)
        inspection = inspections.get(db, flag.inspection)
        people = {
            each: staff.get(db, each)
            for each in (flag.opened_by, flag.acknowledged_by)
            if each is not None
        }

    notes = _notes(flag, parts, key)

    def called(who: StaffId | None) -> str:
        member = None if who is None else people.get(who)
        return member.called if member else ""

    return Opened(
        flag,
        inspection.area if inspection else "",
        inspection.local if inspection else {},
        notes,
        key is not None,
        0 if key is None else len(parts) - len(notes),
        called(flag.opened_by),
        called(flag.acknowledged_by),
    )


def open_(store: Store, me: SignedIn, number: FlagId, *, now: datetime) -> None:
    """Record that somebody looks. A second time, or a second person, is no matter.

    Raises:
        NotThere: see there.
    """
    _flag(store, me, number)
    try:
        with store.begin() as db:
            flags.move(db, number, Move.OPEN, by=me.id, at=now)
    except AlreadyMoved:
        return


def acknowledge(store: Store, me: SignedIn, number: FlagId, *, now: datetime) -> None:
    """Take it on. Somebody who was first stays the one who did.

    Raises:
        NotThere: see there.
    """
    _flag(store, me, number)
    try:
        with store.begin() as db:
            flags.move(db, number, Move.ACKNOWLEDGE, by=me.id, at=now)
    except AlreadyMoved:
        return


def part_context(flag: Flag, number: int) -> Context:
    """Where part `number` of this flag belongs."""
    return Context(Sealed.FLAG, flag.inspection, talk=flag.reference, number=number)


def _flag(store: Store, me: SignedIn, number: FlagId) -> Flag:
    with store.read() as db:
        flag = flags.get(db, number, me.id)
    if flag is None:
        raise NotThere
    return flag


def _notes(
    flag: Flag, parts: tuple[SealedPart, ...], key: bytes | None
) -> tuple[Note, ...]:
    if key is None:
        return ()
    notes = []
    for part in parts:
        context = part_context(flag, part.number)
        # One altered row must not hide the others, nor the rest of the desk.
        with suppress(WontOpen):
            notes.append(_note(part, open_with(key, part.envelope, context)))
    return tuple(notes)


def _joined(notes: tuple[Note, ...]) -> Mapping[str, str]:
    return next((note.joined for note in notes if note.joined), {})


def _note(part: SealedPart, plain: bytes) -> Note:
    held = json.loads(plain)
    said = held.get("said_at")
    return Note(
        number=part.number,
        at=part.at,
        kind=_text(held.get("kind")),
        level=_text(held.get("level")),
        categories=_texts(held.get("categories")),
        rule=_text(held.get("rule")),
        because=_text(held.get("because")),
        prompt=_text(held.get("prompt")),
        options=_texts(held.get("options")),
        words=_text(held.get("words")),
        said_at=datetime.fromisoformat(said) if said else part.at,
        language=_text(held.get("language")),
        voice=_text(held.get("voice")),
        digest=_text(held.get("digest")),
        place=_text(held.get("place")),
        joined=_flat(held.get("joined") or {}),
        told=_texts(held.get("told")),
        text=_text(held.get("text")),
        marks=tuple((int(a), int(b)) for a, b in held.get("marks") or ()),
    )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "\n".join(map(_text, value))
        case _:
            return str(value)


def _texts(value: object) -> tuple[str, ...]:
    match value:
        case None | "":
            return ()
        case list():
            return tuple(map(_text, value))
        case _:
            return (_text(value),)


def _flat(value: Mapping[str, object]) -> dict[str, str]:
    """One level of names: a gathering's place, adult and phone beside the rest."""
    flat: dict[str, str] = {}
    for name, held in value.items():
        if isinstance(held, Mapping):
            flat |= _flat(held)
        elif held is not None:
            flat[name] = _text(held)
    return flat
