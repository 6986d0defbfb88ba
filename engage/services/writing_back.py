"""The desk writes to the child of a flag, and sees what comes back."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from engage.core.dialogue import language
from engage.core.dialogue.language import WordingRule
from engage.core.duty import messages, plain_words
from engage.core.duty.journal import Verb
from engage.core.duty.messages import Ended, Side, Words, first_name
from engage.core.duty.plain_words import Hint
from engage.core.people import FlagId
from engage.core.safeguarding.flags import Flag, Stage
from engage.core.sealing.keys import Holder
from engage.services import threads
from engage.services.duty_desk import NotThere as NotThere
from engage.services.granting import vault_keys
from engage.services.library import Library
from engage.services.shelves import LANGUAGE
from engage.services.signing_in import SignedIn
from engage.services.syllables import syllables_of
from engage.services.threads import Message
from engage.store import flags, journal
from engage.store import threads as kept
from engage.store.engine import Store
from engage.store.threads import NewMessage, NumberTaken, SealedThread

OPENINGS = "safeguarding/writing-back.yaml"
_TRIES = 8
_WORD = re.compile(r"[\w'’]+")


class Why(StrEnum):
    """Why nothing was sent; the page has the words."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    ENDED = "ended"
    """The child closed the messages, or deleted their talk."""
    NO_THREAD = "no thread"
    """It was raised by hand: there is no talk to write into."""
    NO_KEY = "no key"
    NOT_OPENED = "not opened"
    """What was said last, nobody has read: that comes first."""
    BUSY = "busy"


class NotSent(Exception):
    """Nothing was sent. What was typed is in the caller's hands."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Thread:
    """What the desk shows of a thread. `why_not`: why nothing can be written now."""

    flag: Flag
    messages: tuple[Message, ...] = ()
    last: int = 0
    altered: int = 0
    """How many messages would not open: they are not what was sealed."""
    ended: Ended | None = None
    ended_at: datetime | None = None
    why_not: Why | None = None

    @property
    def unread(self) -> bool:
        """Whether there is something of the child's that the desk has not seen."""
        return any(m.sender is Side.CHILD and not m.seen_at for m in self.messages)


@dataclass(frozen=True, slots=True)
class _Open:
    """A thread with its key, for one request."""

    flag: Flag
    thread: SealedThread
    key: bytes


def thread(store: Store, me: SignedIn, flag_id: FlagId) -> Thread:
    """The messages of a flag.

    None are shown of a flag that must be opened first: that is recorded.

    Raises:
        NotThere: see there.
    """
    flag = _flag(store, me, flag_id)
    try:
        found = _open(store, me, flag)
    except NotSent as refused:
        return Thread(flag, why_not=refused.why)
    told = threads.opened(found.key, found.thread)
    by_child = found.thread.ended in (Ended.CHILD, Ended.DELETED)
    return Thread(
        flag,
        told,
        found.thread.last,
        len(found.thread.messages) - len(told),
        found.thread.ended,
        found.thread.ended_at,
        Why.ENDED if by_child else None,
    )


def write(
    store: Store,
    me: SignedIn,
    flag_id: FlagId,
    text: str,
    now: datetime,
    *,
    after: int | None = None,
) -> None:
    """Write to the child. The same words sent twice from one page are sent once.

    `after`: the number of the last message on that page. Writing opens a thread
    again that the desk had closed; what the child closed stays closed.

    Raises:
        NotThere, NotSent: see there.
    """
    text = fit(text)
    flag = _flag(store, me, flag_id)
    for _ in range(_TRIES):
        found = _open(store, me, flag)
        if found.thread.ended in (Ended.CHILD, Ended.DELETED):
            raise NotSent(Why.ENDED)
        sent = threads.opened(found.key, found.thread)
        if after is not None and threads.sent_already(sent, Side.DUTY, text, after):
            return
        try:
            _keep(store, me, found, text, now)
        except NumberTaken:
            continue
        return
    raise NotSent(Why.BUSY)


def fit(text: str) -> str:
    """The words as they would be sent. Raises `NotSent`."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NotSent(Why.EMPTY)
    if len(text) > messages.LONGEST:
        raise NotSent(Why.TOO_LONG)
    return text


def _keep(store: Store, me: SignedIn, found: _Open, text: str, now: datetime) -> None:
    number = found.thread.last + 1
    words = Words(Side.DUTY, text, first_name(me.called))
    new = NewMessage(
        flag=found.flag.id,
        number=number,
        sender=Side.DUTY,
        at=now,
        envelope=threads.sealed(found.key, found.thread, number, words),
        staff=me.id,
    )
    with store.begin() as db:
        kept.add_message(db, new)
        kept.reopen(db, found.flag.id, Ended.DUTY)
        journal.write(
            db,
            Verb.WROTE,
            at=now,
            staff=me.id,
            inspection=found.flag.inspection,
            flag=found.flag.id,
            detail={"message": number},
        )


def saw(store: Store, me: SignedIn, flag_id: FlagId, upto: int, now: datetime) -> None:
    """What the child wrote, up to this number, was on the desk's screen.

    Raises:
        NotThere: see there.
    """
    flag = _flag(store, me, flag_id)
    with store.begin() as db:
        kept.mark_seen(db, flag.id, Side.CHILD, upto, now)


def close(store: Store, me: SignedIn, flag_id: FlagId, now: datetime) -> None:
    """Close the messages. A second time, or after the child did, is no matter.

    Raises:
        NotThere: see there.
    """
    flag = _flag(store, me, flag_id)
    with store.begin() as db:
        if kept.end(db, flag.id, Ended.DUTY, now):
            journal.write(
                db,
                Verb.THREAD_CLOSED,
                at=now,
                staff=me.id,
                inspection=flag.inspection,
                flag=flag.id,
                detail={"by": Side.DUTY.value},
            )


def unread(store: Store, me: SignedIn) -> dict[FlagId, int]:
    """How many messages from children wait to be seen, by flag. For the desk."""
    with store.read() as db:
        return kept.unread(db, me.id)


def hints(books: Library, text: str) -> tuple[Hint, ...]:
    """What whoever writes might think of before they send this."""
    rules = _rules(books.sources[LANGUAGE])
    return plain_words.hints(text, rules, syllables_of(_WORD.findall(text)))


def openings(books: Library, me: SignedIn) -> tuple[str, ...]:
    """Lines to begin with. Never sent by themselves."""
    name = first_name(me.called)
    return tuple(
        line.replace("{name}", name)
        for line in plain_words.openings(books.sources[OPENINGS])
    )


@lru_cache(maxsize=4)
def _rules(text: str) -> tuple[WordingRule, ...]:
    return language.rules(text)


def _flag(store: Store, me: SignedIn, flag_id: FlagId) -> Flag:
    with store.read() as db:
        flag = flags.get(db, flag_id, me.id)
    if flag is None:
        raise NotThere
    return flag


def _open(store: Store, me: SignedIn, flag: Flag) -> _Open:
    with store.read() as db:
        found = kept.of_flag(db, flag.id)
    if found is None:
        raise NotSent(Why.NO_THREAD)
    if flag.stage is Stage.RAISED:
        raise NotSent(Why.NOT_OPENED)
    private = vault_keys(store, me, Holder.DUTY).get(flag.vault)
    if private is None:
        raise NotSent(Why.NO_KEY)
    try:
        return _Open(flag, found, threads.key_for_duty(found, private))
    except threads.NotTheirs:
        raise NotSent(Why.NO_KEY) from None
