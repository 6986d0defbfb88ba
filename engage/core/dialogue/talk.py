"""Move a talk on by one answer: `reply(conversation, answers, place, given)`.

Pure: nothing here reads a clock, a file or a database. What must be kept and whom it
must reach come back as a `Reply`; the services carry it out.
"""

from dataclasses import dataclass, replace
from itertools import chain

from engage.core.dialogue import words
from engage.core.dialogue.answers import (
    LONGEST,
    Answer,
    Chosen,
    Given,
    NotAccepted,
    Place,
    Silence,
    Unfit,
    Written,
    fit,
)
from engage.core.dialogue.conversation import Conversation
from engage.core.dialogue.passing_on import followed_up, notes_about, passed_on_before
from engage.core.dialogue.path import Path, Turn, Worry, passes_on, walk, worry_place
from engage.core.dialogue.script import Kind
from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.detector import Detector
from engage.core.safeguarding.interruption import Part
from engage.core.safeguarding.notes import Note
from engage.core.safeguarding.talk_window import Before


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. `answer` is None when the same answer was sent twice."""

    answer: Answer | None = None
    notes: tuple[Note, ...] = ()
    pause: bool = False


class NotOnPath(Exception):
    """The talk does not pass through this place: an old page was sent again."""


def reply(
    conversation: Conversation,
    answers: tuple[Answer, ...],
    place: Place,
    given: Given,
    path: Path | None = None,
) -> Reply:
    """Take one answer. `path`, if it is known already, is that of these answers.

    Raises:
        NotOnPath: the place is not among those reached; nothing changes.
        NotAccepted: the answer does not fit the question; nothing changes.
    """
    path = path or walk(conversation.script, conversation.voice, answers)
    turn = path.places.get(place)
    if turn is None or not (turn.step.asks or turn.worry):
        raise NotOnPath(place)
    given = _fitted(conversation, turn, given)
    if turn.answer and turn.answer.given == given:
        return Reply(pause=_pauses(turn, given))
    number = len(answers) + 1
    if turn.worry:
        return _at_worry(conversation, path, turn, Answer(number, place, given))
    concern = worry_about(conversation, path, turn, given)
    answer = Answer(number, place, given, concern)
    if concern:
        answer = answer._replace(told=_told(conversation, path, turn, concern))
    notes = notes_about(conversation, path, answers, turn, answer)
    if concern and notes:
        answer = _with_promise(conversation, answer, notes[0], concern.level)
    elif notes:
        answer = answer._replace(passed_on=notes[0].text)
    return Reply(answer, notes)


def _at_worry(
    conversation: Conversation, path: Path, turn: Turn, answer: Answer
) -> Reply:
    notes = followed_up(conversation, path, turn, answer)
    before = turn.answer
    if turn.worry is Worry.CHECK_IN and before is not None and before.passed_on:
        # Nothing calls it back; that they say no to it is passed on as well.
        kept = answer._replace(
            told=before.told, promised=before.promised, passed_on=before.passed_on
        )
        return Reply(kept, notes)
    if turn.worry is Worry.CHECK_IN and notes:
        if not passes_on(answer):
            told = conversation.words.told(Part.TO_BE_SURE, Level.CHECK)
            answer = answer._replace(told=told)
        answer = _with_promise(conversation, answer, notes[0], Level.CHECK)
    return Reply(answer, notes, _pauses(turn, answer.given))


def _with_promise(
    conversation: Conversation, answer: Answer, note: Note, level: Level
) -> Answer:
    """The answer with what was passed on because of it, and what was promised."""
    promised = conversation.words.told(Part.TOLD, level)
    return answer._replace(promised=promised, passed_on=note.text)


def _fitted(conversation: Conversation, turn: Turn, given: Given) -> Given:
    if turn.worry is None:
        return fit(turn.step, given, conversation.voice)
    if isinstance(given, Silence):
        return given
    if turn.worry in (Worry.ADD, Worry.REACH):
        return _fitted_words(given)
    _, options = conversation.words.question(Part(turn.worry.value))
    if not isinstance(given, Chosen) or len(given.ids) != 1:
        raise NotAccepted(Unfit.NOT_OFFERED)
    if given.ids[0] not in (id for id, _ in options):
        raise NotAccepted(Unfit.NOT_OFFERED)
    return given


def _fitted_words(given: Given) -> Given:
    """An empty box at a worried moment means skip: no error in their way."""
    if not isinstance(given, Written):
        raise NotAccepted(Unfit.NOT_OFFERED)
    if len(given.text) > LONGEST:
        raise NotAccepted(Unfit.TOO_LONG)
    return given if given.text.strip() else Silence.SKIP


def _pauses(turn: Turn, given: Given) -> bool:
    return turn.worry is Worry.NEXT and given == Chosen(("pause",))


def worry_about(
    conversation: Conversation, path: Path, turn: Turn, given: Given
) -> Concern | None:
    """What an answer gives reason to worry about: marked options, or its words."""
    if isinstance(given, Chosen):
        found = _marked(turn, given)
        check = found is not None and found.level is Level.CHECK
        firm = check and conversation.detector.policy.passes_on(strong=False)
        return replace(found, firm=True) if found is not None and firm else found
    if turn.step.kind in (Kind.WRITE, Kind.PEOPLE) and not isinstance(given, Silence):
        said = words.given_words(turn.step, given, conversation.voice)
        return notice(conversation.detector, path, turn, said)
    return None


def notice(detector: Detector, path: Path, turn: Turn, said: str) -> Concern | None:
    """What a detector sees in words said here: with what was asked, and before."""
    return detector.look(
        said,
        question=words.plain(words.asked(path, turn)),
        anything=turn.step.kind is Kind.WRITE and not turn.step.short,
        before=_before(path, turn),
    )


def _before(path: Path, turn: Turn) -> list[Before]:
    """What was said up to this place, at every one that asks."""
    found = []
    for each in path.turns:
        if each.place == turn.place:
            break
        if each.answer is not None and each.worry is None:
            given, asked = each.answer.given, worry_place(each.place, Worry.CHECK_IN)
            text = given.text if isinstance(given, Written) else ""
            reply = path.latest.get(asked)
            waved_off = reply is not None and reply.given == Chosen(("fine",))
            found.append(Before(text, each.answer.concern, waved_off))
    return found


def _marked(turn: Turn, given: Chosen) -> Concern | None:
    marked = [o for o in turn.step.options if o.id in given.ids and o.safeguard]
    triggers = [(o.safeguard, o.id) for o in marked if o.safeguard]
    if not triggers:
        return None
    worst, id = max(triggers, key=lambda pair: pair[0].level.rank)
    return Concern(
        worst.level,
        tuple(sorted({trigger.category for trigger, _ in triggers})),
        f"{turn.step.id}={id}",
        "They chose an answer that the script marks as a worry.",
    )


def _told(
    conversation: Conversation, path: Path, turn: Turn, concern: Concern
) -> tuple[str, ...]:
    if concern.level is Level.CHECK:
        if _checked_before(path, turn):
            return ()
        parts = (Part.CHECK, Part.IF_LEFT) if concern.firm else (Part.CHECK,)
        told = (conversation.words.told(part, concern.level) for part in parts)
        return tuple(chain.from_iterable(told))
    part = Part.AGAIN if passed_on_before(path, turn.place) else Part.WORRIED
    return conversation.words.told(part, concern.level)


def _checked_before(path: Path, turn: Turn) -> bool:
    """Whether this topic has had its one check-in: nothing is offered without it."""
    for each in path.turns:
        if each.place == turn.place:
            return False
        if each.worry is Worry.CHECK_IN and each.section.id == turn.section.id:
            return True
    return False
