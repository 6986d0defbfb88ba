"""The child of a talk sees what the duty inspector wrote, and writes back."""

from dataclasses import dataclass
from datetime import datetime

from engage.core.dialogue.answers import LONGEST
from engage.core.duty.journal import Verb
from engage.core.duty.messages import Ended, Side, Words
from engage.core.people import FlagId
from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.flags import Stage
from engage.core.safeguarding.interruption import Part
from engage.core.safeguarding.notes import Note, NoteKind, about
from engage.core.safeguarding.talk_window import Before
from engage.core.sealing.keys import flag_tag
from engage.services import covering, flagging, talking, threads
from engage.services.covering import OnDuty
from engage.services.flagging import Raising
from engage.services.talking import Talk
from engage.services.threads import Message
from engage.services.writing_back import NotSent, Why
from engage.store import flags, journal
from engage.store import threads as kept
from engage.store.engine import Connection
from engage.store.threads import NewMessage, NumberTaken, SealedThread

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Thread:
    """What a child sees of the messages about their flag."""

    flag: FlagId
    messages: tuple[Message, ...]
    last: int
    ended: Ended | None
    ended_at: datetime | None

    def from_desk(self, after: int = 0) -> tuple[Message, ...]:
        return tuple(
            each
            for each in self.messages
            if each.sender is Side.DUTY and each.number > after
        )

    @property
    def unseen(self) -> tuple[Message, ...]:
        """What was written to the child and has not been on their screen."""
        return tuple(each for each in self.from_desk() if each.seen_at is None)


def news(talk: Talk) -> Thread | None:
    """The thread of this talk's flag. One statement, also when there is none."""
    found = _found(talk)
    return None if found is None else _thread(*found)


def reading(talk: Talk) -> OnDuty:
    """Whether anybody is there to read now, and if not, when they should be back."""
    return covering.now_on_duty(talk.store, talk.inspection, talk.now)


def saw(talk: Talk, thread: Thread, upto: int) -> None:
    """What the inspector wrote, up to this number, was on the child's screen."""
    if all(each.number > upto for each in thread.unseen):
        return
    with talk.store.begin() as db:
        if kept.mark_seen(db, thread.flag, Side.DUTY, upto, talk.now):
            _note_down(db, talk, thread.flag, Verb.CHILD_READ, message=upto)


def answer(talk: Talk, text: str, *, after: int | None = None) -> None:
    """What the child writes back: a message, and a part of their flag.

    It is screened like all they say. The clock is set going if there is anything in
    it to worry about, or if nobody has the flag in hand any more: what the child
    was told is kept with their words. Never refused because a thread was closed.

    `after`: the number of the last message on the page that it was sent from.

    Raises:
        NotSent: it is empty or too long, or there is no thread.
        talking.Busy: see there.
    """
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise NotSent(Why.EMPTY)
    if len(text) > LONGEST:
        raise NotSent(Why.TOO_LONG)
    for _ in range(_TRIES):
        found = _found(talk)
        if found is None:
            raise NotSent(Why.NO_THREAD)
        sealed, key = found
        said = threads.opened(key, sealed)
        if after is not None and threads.sent_already(said, Side.CHILD, text, after):
            return
        concern, note = _note(talk, said, sealed.last + 1, text)
        child = talking.child(talk)
        raising = flagging.prepare(talk.store, child, [note], talk.now)
        words = Words(Side.CHILD, text, told=note.told)
        new = _new(talk, sealed, key, words)
        try:
            _keep(talk, sealed, new, raising, worried=concern is not None)
        except (flagging.Overtaken, flags.PartTaken, NumberTaken):
            continue
        return
    raise talking.Busy


def close(talk: Talk) -> None:
    """Close the messages. A second time is no matter."""
    thread = news(talk)
    if thread is None:
        return
    with talk.store.begin() as db:
        if kept.end(db, thread.flag, Ended.CHILD, talk.now):
            _note_down(db, talk, thread.flag, Verb.THREAD_CLOSED, by=Ended.CHILD.value)


def reopen(talk: Talk) -> None:
    """Undo `close`. What the desk closed stays closed."""
    thread = news(talk)
    if thread is not None:
        with talk.store.begin() as db:
            kept.reopen(db, thread.flag, Ended.CHILD)


def _found(talk: Talk) -> tuple[SealedThread, bytes] | None:
    with talk.store.read() as db:
        sealed = kept.by_tag(db, flag_tag(talk.key))
    if sealed is None:
        return None
    try:
        return sealed, threads.key_for_child(sealed, talk.key)
    except threads.NotTheirs:
        # A row that was moved here or altered: there is nothing to show of it.
        return None


def _thread(sealed: SealedThread, key: bytes) -> Thread:
    return Thread(
        sealed.flag,
        threads.opened(key, sealed),
        sealed.last,
        sealed.ended,
        sealed.ended_at,
    )


def _note(
    talk: Talk, said: tuple[Message, ...], number: int, text: str
) -> tuple[Concern | None, Note]:
    """The part of the flag, with what was asked and what the detector sees in it.

    A small worry counts as one here: nobody asks again whether it may be passed on.
    """
    asked = [each.text for each in said if each.sender is Side.DUTY]
    prompt = asked[-1] if asked else ""
    look = talk.library.detector.look
    before = [
        # Worried about already: that it is said once more in pieces is nothing new.
        Before(each.text, look(each.text) if each.told else None)
        for each in said
        if each.sender is Side.CHILD
    ]
    found = look(text, question=prompt, anything=True, before=before)
    note = Note(
        NoteKind.ADDED,
        found.level if found else Level.CHECK,
        "",
        prompt=prompt,
        words=text,
        told=talk.told(Part.AGAIN, found.level) if found else (),
        digest=talk.script.digest,
        voice=talk.voice.value,
        place=f"messages/{number}",
    )
    return found, about(note, found) if found else note


def _new(talk: Talk, sealed: SealedThread, key: bytes, words: Words) -> NewMessage:
    number = sealed.last + 1
    return NewMessage(
        flag=sealed.flag,
        number=number,
        sender=Side.CHILD,
        at=talk.now,
        envelope=threads.sealed(key, sealed, number, words),
    )


def _keep(
    talk: Talk,
    sealed: SealedThread,
    new: NewMessage,
    raising: Raising,
    *,
    worried: bool,
) -> None:
    with talk.store.begin() as db:
        flag = flags.by_tag(db, flag_tag(talk.key))
        alone = sealed.ended is Ended.DUTY or (flag and flag.stage is Stage.CLOSED)
        if worried or alone:
            flagging.carry_out(db, raising)
        else:
            # Somebody has the flag in hand, and is not called again for a "thank you".
            for number, envelope in raising.parts:
                flags.add_part(db, new.flag, number, raising.at, envelope)
        kept.add_message(db, new)
        for side in (Ended.CHILD, Ended.DUTY):
            kept.reopen(db, new.flag, side)
        _note_down(db, talk, new.flag, Verb.CHILD_WROTE, message=new.number)


def _note_down(
    db: Connection, talk: Talk, flag: FlagId, verb: Verb, **detail: str | int
) -> None:
    journal.write(
        db,
        verb,
        at=talk.now,
        staff=None,
        inspection=talk.inspection.id,
        flag=flag,
        detail=detail,
    )
