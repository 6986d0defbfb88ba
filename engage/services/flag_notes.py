"""What a flag says: its sealed parts, opened for whoever holds its key."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engage.core.safeguarding.concerns import BY_STAFF
from engage.core.safeguarding.flags import Flag
from engage.core.safeguarding.screening import LEARNED
from engage.core.sealing.envelope import Context, WontOpen, open_with, seal_to
from engage.core.sealing.keys import Sealed
from engage.store import flags, inspections
from engage.store.engine import Connection
from engage.store.flags import SealedPart

OF_STAFF = frozenset(
    {"note", "correction", "told", "closed", "reopened", "hand-over", "receipt"}
)
"""Kinds of parts that an inspector adds; all others come from the talk."""


class Gone(Exception):
    """The vault of a flag is not there any more."""


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
    by: str = ""
    """Which member of staff added it."""
    held: Mapping[str, Any] = field(default_factory=dict)
    """All of it, for kinds that have fields of their own."""

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
    def guessed(self) -> bool:
        """Whether no rule spoke: what it is about is then no more than likely."""
        return self.rule == LEARNED

    @property
    def of_staff(self) -> bool:
        return self.kind in OF_STAFF

    @property
    def reaches(self) -> bool:
        """Whether it says how the child can be found safely."""
        return self.place.endswith("/reach")


def part_context(flag: Flag, number: int) -> Context:
    """Where part `number` of this flag belongs."""
    return Context(Sealed.FLAG, flag.inspection, talk=flag.reference, number=number)


def add(
    db: Connection,
    flag: Flag,
    record: Mapping[str, Any],
    now: datetime,
    *,
    after: int | None = None,
) -> int:
    """Append to what a flag says, sealed to whoever can open it. Nothing is edited.

    `after`: only if this is still its last part.

    Raises:
        Gone: see there.
        flags.PartTaken: somebody else added something meanwhile; try again.
    """
    vault = inspections.vault_of(db, flag.vault)
    if vault is None:
        raise Gone
    number = (flags.last_part(db, flag.id) if after is None else after) + 1
    said = {"said_at": now.isoformat(), **record}
    plain = json.dumps(said, ensure_ascii=False).encode()
    envelope = seal_to(vault.public, plain, part_context(flag, number))
    flags.add_part(db, flag.id, number, now, envelope)
    return number


def opened(
    flag: Flag, parts: Sequence[SealedPart], key: bytes | None
) -> tuple[Note, ...]:
    """Every part that opens, in order; none without the key."""
    if key is None:
        return ()
    notes = []
    for part in parts:
        context = part_context(flag, part.number)
        # One altered row must not hide the others, nor the rest of the desk.
        with suppress(WontOpen):
            notes.append(_note(part, open_with(key, part.envelope, context)))
    return tuple(notes)


def joined(notes: tuple[Note, ...]) -> Mapping[str, str]:
    """How the child came, if that was passed on."""
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
        by=_text(held.get("by")),
        held=held,
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
