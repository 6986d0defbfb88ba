"""What a flag knows of itself, as far as the concern form asks for it."""

from datetime import datetime

from babel import Locale, UnknownLocaleError

from engage.core.duty.prefilling import Facts
from engage.core.safeguarding.interruption import ASKING, Part
from engage.services import flag_notes
from engage.services.duty_desk import Opened
from engage.services.flag_notes import Note
from engage.services.signing_in import SignedIn


def facts(opened: Opened, me: SignedIn, now: datetime, *, by_staff: bool) -> Facts:
    notes = opened.notes
    return Facts(
        now=now,
        raised_at=opened.flag.raised_at,
        reporter=me.called,
        reporter_role=me.role.value,
        joined=flag_notes.joined(notes),
        # What no rule stands behind is left to who read it.
        categories=tuple(
            kind for note in notes if not note.guessed for kind in note.categories
        ),
        told=tuple(said for note in notes for said in note.told),
        language=_language(next((note.language for note in notes), "")),
        safe=_safe(notes),
        local={} if by_staff else local(opened),
    )


def _language(code: str) -> str:
    try:
        return Locale.parse(code).english_name or code
    except (ValueError, UnknownLocaleError):
        return code


def _safe(notes: tuple[Note, ...]) -> str:
    """Their latest answer when the bot asked whether they are safe, by its place."""
    found = ""
    for note in notes:
        if (
            note.place.endswith(f"/{Part.SAFE_NOW.value}")
            and note.words in note.options
        ):
            ids = ASKING[Part.SAFE_NOW]
            chosen = note.options.index(note.words)
            found = ids[chosen] if chosen < len(ids) else ""
    return found


def local(opened: Opened) -> dict[str, str]:
    """Name and numbers of the local lead."""
    return {name: said for name, said in opened.local.items() if isinstance(said, str)}
