"""Tell a person now: a flag that the child raises by their own hand."""

from engage.core.dialogue.answers import LONGEST
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Part
from engage.core.safeguarding.notes import Note, NoteKind, passed_on
from engage.services import flagging, talking
from engage.services.talking import Talk

LONGEST_REACH = 500
_TRIES = 8


class TooLong(Exception):
    """More than one message can hold. Nothing was sent."""


def ask(talk: Talk, text: str, reach: str) -> None:
    """Raise a flag, or join the one that stands.

    An empty message is one too: somebody wants a person.

    Raises:
        TooLong: see there.
        talking.Busy: see there.
    """
    if len(text) > LONGEST or len(reach) > LONGEST_REACH:
        raise TooLong
    notes = [_note(talk, text)]
    if reach.strip():
        notes.append(_reach(talk, reach))
    for _ in range(_TRIES):
        child = talking.child(talk)
        raising = flagging.prepare(talk.store, child, notes, talk.now)
        try:
            with talk.store.begin() as db:
                flagging.carry_out(db, raising)
        except flagging.Overtaken:
            continue
        return
    raise talking.Busy


def _note(talk: Talk, text: str) -> Note:
    prompt, _options = talk.question(Part.PERSON)
    found = talk.library.detector.look(text, question=prompt) if text else None
    if found is not None and found.level is Level.CHECK:
        # They ask for somebody anyway: a guess at why would only mislead.
        found = None
    level = Level.CONCERN
    if found and found.level.rank > level.rank:
        level = found.level
    return Note(
        NoteKind.PERSON,
        level,
        passed_on(prompt, text),
        prompt=prompt,
        words=text,
        categories=found.categories if found else (),
        rule=found.rule if found else "person",
        because="They asked for a person.",
        told=talk.told(Part.PERSON_FIRST, level),
        digest=talk.script.digest,
        voice=talk.voice.value,
        place="person",
    )


def _reach(talk: Talk, reach: str) -> Note:
    prompt, _options = talk.question(Part.REACH)
    return Note(
        NoteKind.ADDED,
        Level.CONCERN,
        passed_on(prompt, reach),
        prompt=prompt,
        words=reach,
        digest=talk.script.digest,
        voice=talk.voice.value,
        place="person/reach",
    )
