"""What a child's cookie holds: their talk key, how they came in, and the look."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import session

from engage.services.joining import Way, new_key, way_from, way_record
from engage.services.talking import NoTalk, Talk, caught_up, open_talk
from engage.web.access import TALK as TALK
from engage.web.wiring import engage

WAY, KEY, VOICE, LOOK = "way", "key", "voice", "look"
KEY_BYTES = 32


def hold_talk(key: bytes) -> None:
    """From here on the cookie opens this talk. What came before it is forgotten."""
    look = session.get(LOOK)
    session.clear()
    session[TALK] = urlsafe_b64encode(key).decode()
    if look:
        session[LOOK] = look


def talk() -> Talk:
    """The talk of whoever asks. Raises `NoTalk`."""
    wired = engage()
    try:
        key = urlsafe_b64decode(session[TALK])
    except (KeyError, ValueError, TypeError):
        raise NoTalk from None
    if len(key) != KEY_BYTES:
        raise NoTalk
    return caught_up(open_talk(wired.store, wired.library, key, wired.now()))


def hold_way(way: Way) -> None:
    """Keep how somebody came in, and the key that their talk will have.

    So that two presses of one button begin one talk.
    """
    session.pop(VOICE, None)
    session[WAY] = way_record(way)
    session[KEY] = urlsafe_b64encode(new_key()).decode()


def key() -> bytes:
    """The key of the talk that is about to begin."""
    return urlsafe_b64decode(session[KEY])


def way() -> Way | None:
    """How somebody came in who has not begun yet."""
    held = session.get(WAY)
    return way_from(held) if held else None


def forget() -> None:
    """Nothing of the child is left on this device."""
    session.clear()


def forget_talk() -> None:
    """Let go of a key that opens nothing; the look may stay."""
    look = session.get(LOOK)
    session.clear()
    if look:
        session[LOOK] = look
