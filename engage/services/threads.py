"""The key of a flag's thread, once for the desk and once for the child, and its use.

The child's copy is locked under their talk key and lies with the flag, which they find
by `flag_tag`; so neither a talk nor a flag says which of the other it belongs to.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from engage.core.duty.messages import Side, Words, words_from
from engage.core.sealing.envelope import (
    KEY_BYTES,
    NONCE_BYTES,
    Context,
    Locker,
    WontOpen,
    lock,
    open_with,
    seal_to,
    unlock,
)
from engage.core.sealing.keys import (
    OPENED_BY,
    Carried,
    Holder,
    Sealed,
    derive,
    flag_tag,
)
from engage.store import threads
from engage.store.engine import Connection
from engage.store.inspections import Vault
from engage.store.threads import NewThread, SealedThread

_PURPOSE = "thread"
keep = threads.add
"""In the transaction that raises the flag."""


class NotTheirs(Exception):
    """This key opens no thread: it is of another flag, or was altered."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, opened. `seen_at`: when the other side had it on their screen."""

    number: int
    sender: Side
    text: str
    called: str
    told: tuple[str, ...]
    at: datetime
    seen_at: datetime | None


def prepare(vault: Vault, reference: str, talk_key: bytes) -> NewThread:
    """A new thread's key, sealed to whoever the table of keys says opens messages."""
    key = secrets.token_bytes(KEY_BYTES)
    place = Context(Carried.THREAD, vault.inspection, talk=reference)
    nonce = secrets.token_bytes(NONCE_BYTES)
    readers = OPENED_BY[Sealed.MESSAGE]
    duty = seal_to(vault.public, key, place) if vault.holder in readers else b""
    own = derive(talk_key, _PURPOSE)
    child = lock(own, key, place, nonce) if Holder.CHILD in readers else b""
    return NewThread(duty, child)


def key_for_duty(thread: SealedThread, private: bytes) -> bytes:
    """By the private half of the flag's vault. Raises `NotTheirs`."""
    try:
        return open_with(private, thread.for_duty, _place(thread))
    except WontOpen:
        raise NotTheirs from None


def key_for_child(thread: SealedThread, talk_key: bytes) -> bytes:
    """By the key of the talk that the flag came from. Raises `NotTheirs`."""
    try:
        return unlock(derive(talk_key, _PURPOSE), thread.for_child, _place(thread))
    except WontOpen:
        raise NotTheirs from None


def sealed(key: bytes, thread: SealedThread, number: int, words: Words) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return lock(key, words.encoded(), _message_place(thread, number), nonce)


def opened(key: bytes, thread: SealedThread) -> tuple[Message, ...]:
    """Every message that opens. One that was altered or moved does not, by itself."""
    locker = Locker(key)
    found = []
    for each in thread.messages:
        with suppress(WontOpen):
            plain = locker.unlock(each.envelope, _message_place(thread, each.number))
            words = words_from(plain)
            found.append(
                Message(
                    each.number,
                    words.sender,
                    words.text,
                    words.called,
                    words.told,
                    each.at,
                    each.seen_at,
                )
            )
    return tuple(found)


def sent_already(
    messages: tuple[Message, ...], sender: Side, text: str, after: int
) -> bool:
    """Whether these words came since the page with this last number: a double click."""
    return any(
        each.number > after and each.sender is sender and each.text == text
        for each in messages
    )


def talk_deleted(db: Connection, talk_key: bytes, now: datetime) -> None:
    """In the transaction that deletes a talk: whoever writes to it is told so.

    It says no more than the flag could know, and nothing of which talk it was.
    """
    threads.end_of_talk(db, flag_tag(talk_key), now)


def _place(thread: SealedThread) -> Context:
    return Context(Carried.THREAD, thread.inspection, talk=thread.reference)


def _message_place(thread: SealedThread, number: int) -> Context:
    return Context(Sealed.MESSAGE, thread.inspection, thread.reference, number)
