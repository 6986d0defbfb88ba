"""Open a child's talk, take an answer, and keep it with the flag that it raises."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Given,
    Place,
    Silence,
    from_record,
    to_record,
)
from engage.core.dialogue.conversation import Conversation
from engage.core.dialogue.passing_on import if_left
from engage.core.dialogue.path import Path, further, latest, walk
from engage.core.dialogue.script import Script
from engage.core.dialogue.talk import Reply, reply
from engage.core.people import Voice
from engage.core.safeguarding.clock import said as said_by
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import (
    Findable,
    Part,
    Situation,
    bubbles,
    question,
)
from engage.core.safeguarding.notes import Note
from engage.core.sealing.envelope import NONCE_BYTES, Context, Locker, WontOpen
from engage.core.sealing.keys import Sealed, flag_tag, token_hash
from engage.services import covering, flagging, left_open, threads
from engage.services.flagging import Child, Raising
from engage.services.library import Library
from engage.store import inspections, talks
from engage.store.engine import Store
from engage.store.held import HeldNote
from engage.store.inspections import Inspection
from engage.store.talks import SealedTalk, TurnTaken

_TRIES = 8
"""Simultaneous turns of one talk that are sorted out before giving up."""
GROWN = frozenset({"16-17", "18-plus"})
"""Answers to `age-band` for whom adult protection may be the road (domain 4.1)."""


class NoTalk(Exception):
    """No talk opens with this key: left, deleted, or altered."""


class Busy(Exception):
    """Too many turns of one talk at one moment. What was said before is kept."""


@dataclass(eq=False)
class Talk:
    """A talk, opened by its key for one request. Nobody changes it."""

    store: Store
    library: Library
    key: bytes
    sealed: SealedTalk
    script: Script
    voice: Voice
    findable: Findable
    card: str
    answers: tuple[Answer, ...]
    now: datetime

    @cached_property
    def path(self) -> Path:
        return walk(self.script, self.voice, self.answers)

    @cached_property
    def inspection(self) -> Inspection:
        with self.store.read() as db:
            found = inspections.get(db, self.sealed.inspection)
        if found is None:
            raise NoTalk
        return found

    @cached_property
    def if_left(self) -> tuple[Note, ...]:
        """What is passed on if the check-in that waits is never answered."""
        return if_left(self.conversation, self.path, self.answers)

    @property
    def adult(self) -> bool:
        answer = latest(self.answers).get(Place("age-band"))
        given = answer.given if answer else None
        return isinstance(given, Chosen) and given.ids[0] in GROWN

    # The words of an interruption (`dialogue.talk.Words`).
    def told(self, part: Part, level: Level) -> tuple[str, ...]:
        fr = self.library.first_response
        return bubbles(fr, part, self._situation(level), self.voice)

    def question(self, part: Part) -> tuple[str, tuple[tuple[str, str], ...]]:
        fr = self.library.first_response
        return question(fr, part, self._situation(Level.CONCERN), self.voice)

    def _situation(self, level: Level) -> Situation:
        promised = covering.promised(self.store, self.inspection, level, self.now)
        return Situation(
            level,
            promised.covered,
            said_by(promised.by, self.now) if promised.by else "",
            self.findable,
            self.adult,
            str(self.inspection.local.get("out_of_hours", "")),
        )

    @property
    def conversation(self) -> Conversation:
        return Conversation(self.script, self.voice, self.library.detector, self)


def open_talk(store: Store, library: Library, key: bytes, now: datetime) -> Talk:
    """The talk of whoever holds this key: one read of the database.

    Raises:
        NoTalk: see there.
    """
    try:
        with store.look() as db:
            sealed = talks.load(db, token_hash(key))
        if sealed is None:
            raise NoTalk
        locker = Locker(key)
        head = json.loads(locker.unlock(sealed.head, head_context(sealed)))
        answers = _opened(locker, sealed)
    except WontOpen:
        raise NoTalk from None
    return Talk(
        store,
        library,
        key,
        sealed,
        library.script(store, sealed.digest),
        Voice(head["voice"]),
        Findable(head["how"]),
        head["card"],
        answers,
        now,
    )


def _opened(locker: Locker, sealed: SealedTalk) -> tuple[Answer, ...]:
    opened = locker.unlock_all(sealed.answers, _context(sealed, 0))
    # Read at one go: a call for each costs more than its few words.
    records = json.loads(b"[" + b",".join(opened) + b"]")
    numbers = (each.number for each in sealed.answers)
    return tuple(map(from_record, numbers, records))


def head_context(sealed: SealedTalk) -> Context:
    return Context(Sealed.HEAD, sealed.inspection, sealed.id, 0, sealed.digest)


def _context(sealed: SealedTalk, number: int) -> Context:
    return Context(Sealed.ANSWER, sealed.inspection, sealed.id, number, sealed.digest)


def answer(talk: Talk, place: Place, given: Given) -> tuple[Talk, Reply]:
    """Take one answer and keep it, with its flag if it raises one.

    The same turn sent twice, at once or later, leaves one answer.

    Raises:
        NotOnPath, NotAccepted: see `dialogue.talk.reply`.
        NoTalk: it was deleted meanwhile.
        Busy: see there.
    """
    for _ in range(_TRIES):
        outcome = reply(talk.conversation, talk.answers, place, given, talk.path)
        if outcome.answer is None:
            return talk, outcome
        try:
            later = _with(talk, outcome.answer)
            _keep(talk, later, outcome)
        except (TurnTaken, flagging.Overtaken):
            talk = open_talk(talk.store, talk.library, talk.key, talk.now)
            continue
        except talks.TalkGone:
            raise NoTalk from None
        return later, outcome
    raise Busy


def _keep(talk: Talk, later: Talk, outcome: Reply) -> None:
    """One transaction for answer and flag. All sealing is done before it begins."""
    kept, envelope = later.answers[-1], _sealed(talk, later.answers[-1])
    if not (outcome.notes or talk.if_left or later.if_left):
        with talk.store.write() as db:
            talks.append(db, talk.sealed.id, kept.number, envelope)
        return
    raising = _raising(talk, outcome.notes) if outcome.notes else None
    ready = _ready(later, raising) if later.if_left else None
    with talk.store.begin() as db:
        talks.append(db, talk.sealed.id, kept.number, envelope)
        if raising is not None:
            flagging.carry_out(db, raising)
        if ready is not None:
            left_open.hold(db, ready)
        elif talk.if_left:
            left_open.let_go(db, flag_tag(talk.key))


def _sealed(talk: Talk, kept: Answer) -> bytes:
    return Locker(talk.key).lock(
        json.dumps(to_record(kept), ensure_ascii=False).encode(),
        _context(talk.sealed, kept.number),
        secrets.token_bytes(NONCE_BYTES),
    )


def _raising(talk: Talk, notes: tuple[Note, ...]) -> Raising:
    return flagging.prepare(talk.store, child(talk), notes, talk.now)


def _ready(talk: Talk, ahead: Raising | None) -> HeldNote:
    """What is passed on if the check-in that now waits is never answered."""
    (note,) = talk.if_left
    wait = timedelta(minutes=talk.library.detector.policy.wait)
    return left_open.prepare(talk.store, child(talk), note, talk.now, wait, ahead)


def caught_up(talk: Talk) -> Talk:
    """The talk, with a check-in skipped that was passed on while they were away.

    Raises:
        NoTalk, Busy: see there.
    """
    for _ in range(_TRIES):
        tag = flag_tag(talk.key)
        waiting = talk.path.waiting
        if waiting is None or not talk.if_left:
            return talk
        if not left_open.was_passed_on(talk.store, tag):
            return talk
        place = waiting.place
        outcome = reply(talk.conversation, talk.answers, place, Silence.SKIP, talk.path)
        assert outcome.answer is not None  # noqa: S101 - it waits, so it has none
        try:
            with talk.store.begin() as db:
                envelope = _sealed(talk, outcome.answer)
                talks.append(db, talk.sealed.id, outcome.answer.number, envelope)
                left_open.let_go(db, tag)
        except TurnTaken:
            talk = open_talk(talk.store, talk.library, talk.key, talk.now)
            continue
        except talks.TalkGone:
            raise NoTalk from None
        return _with(talk, outcome.answer)
    raise Busy


def _with(talk: Talk, kept: Answer) -> Talk:
    later = Talk(
        talk.store,
        talk.library,
        talk.key,
        talk.sealed,
        talk.script,
        talk.voice,
        talk.findable,
        talk.card,
        (*talk.answers, kept),
        talk.now,
    )
    # As `Talk.path` would find it by itself, after a longer walk.
    later.__dict__["path"] = further(talk.path, kept)
    return later


def child(talk: Talk) -> Child:
    """Whose flag it is. How they came: card, or place and phone of the adult there."""
    place = talk.sealed.gathering
    came = flagging.joined(talk.store, talk.findable, talk.card, place)
    return Child(talk.inspection, talk.key, came)


def delete(talk: Talk) -> None:
    """Delete answers and keys. Flags stay, as the child was told."""
    with talk.store.begin() as db:
        talks.delete(db, talk.sealed.id)
        threads.talk_deleted(db, talk.key, talk.now)
