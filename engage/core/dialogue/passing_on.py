"""What is passed on to the duty inspector because of an answer, and what was before."""

from engage.core.dialogue import words
from engage.core.dialogue.answers import Answer, Chosen, Place, Silence, Written
from engage.core.dialogue.conversation import Conversation
from engage.core.dialogue.path import Path, Turn, Worry, passes_on, worry_place
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Part
from engage.core.safeguarding.notes import Note, NoteKind, about, passed_on


def passed_on_before(path: Path, place: Place) -> bool:
    """Whether something else said in this talk has been passed on already."""
    return any(
        t.place != place and t.worry in (Worry.SAFE_NOW, Worry.ADD) for t in path.turns
    )


def notes_about(
    conversation: Conversation,
    path: Path,
    answers: tuple[Answer, ...],
    turn: Turn,
    answer: Answer,
) -> tuple[Note, ...]:
    """What the duty inspector is told because of an answer."""
    if answer.concern and answer.concern.level is not Level.CHECK:
        again = passed_on_before(path, turn.place)
        kind = NoteKind.AGAIN if again else NoteKind.RAISED
        return (note(conversation, path, turn, answer, kind),)
    if was_passed_on(answers, turn.place):
        changed = note(conversation, path, turn, answer, NoteKind.CHANGED)
        return (changed,)
    return ()


def was_passed_on(answers: tuple[Answer, ...], place: Place) -> bool:
    """Whether any answer given here has gone to the duty inspector.

    Whoever has read that is told of every change of it, and the child knows.
    """
    places = (place, worry_place(place, Worry.CHECK_IN))
    return any(each.passed_on for each in answers if each.place in places)


def passed_on_at(path: Path, place: Place) -> Answer | None:
    """The answer that holds what was passed on about this place, if anything was.

    That is the answer itself, or for a check the yes to its check-in.
    """
    turn = path.places[place]
    if turn.answer is None or turn.answer.concern is None:
        return None
    if turn.answer.passed_on:
        return turn.answer
    asking = path.places.get(worry_place(place, Worry.CHECK_IN))
    answer = asking.answer if asking else None
    return answer if answer and answer.passed_on else None


def followed_up(
    conversation: Conversation, path: Path, turn: Turn, answer: Answer
) -> tuple[Note, ...]:
    """What they are told because of an answer at a worried moment."""
    about_place = Place(turn.place.removeprefix("worried/").rsplit("/", 1)[0])
    source = path.places[about_place]
    if turn.worry is Worry.CHECK_IN:
        if turn.answer is not None and turn.answer.passed_on:
            return (_added(conversation, turn, answer, Level.CHECK),)
        if source.answer is None or not passes_on_at(source.answer, answer):
            return ()
        again = passed_on_before(path, about_place)
        kind = NoteKind.AGAIN if again else NoteKind.RAISED
        return (note(conversation, path, source, source.answer, kind),)
    if turn.worry is Worry.NEXT or isinstance(answer.given, Silence):
        return ()
    # What is added tells more, and only a new worry in it makes it more urgent.
    concern = source.answer.concern if source.answer else None
    level = concern.level if concern else Level.CHECK
    return (_added(conversation, turn, answer, level),)


def if_left(
    conversation: Conversation, path: Path, answers: tuple[Answer, ...]
) -> tuple[Note, ...]:
    """What is passed on if the check-in that waits is never answered: as if skipped."""
    turn = path.waiting
    if turn is None or turn.worry is not Worry.CHECK_IN:
        return ()
    left = Answer(len(answers) + 1, turn.place, Silence.SKIP)
    return followed_up(conversation, path, turn, left)


def passes_on_at(source: Answer, answer: Answer) -> bool:
    """Whether this answer to a check-in about that one is passed on.

    Whoever says no decides; left open, a firm one is (policy.yaml).
    """
    firm = source.concern is not None and source.concern.firm
    return passes_on(answer) or (firm and answer.given != Chosen(("fine",)))


def _added(
    conversation: Conversation, turn: Turn, answer: Answer, level: Level
) -> Note:
    """What they said when asked whether they are safe, or wrote in the box."""
    assert turn.worry is not None  # noqa: S101
    ask, options = conversation.words.question(Part(turn.worry.value))
    if isinstance(answer.given, Chosen):
        said = dict(options)[answer.given.ids[0]]
        if answer.given == Chosen(("no",)):
            level = Level.NOW
    else:
        said = answer.given.text if isinstance(answer.given, Written) else ""
        found = conversation.detector.look(said, question=ask)
        level = found.level if found and found.level.rank > level.rank else level
    return Note(
        NoteKind.ADDED,
        level,
        passed_on(ask, said),
        prompt=ask,
        options=tuple(w for _, w in options),
        words=said,
        place=turn.place,
        digest=conversation.script.digest,
        voice=conversation.voice.value,
    )


def note(
    conversation: Conversation, path: Path, turn: Turn, answer: Answer, kind: NoteKind
) -> Note:
    """The note about one answer: exact prompt and options, and their own words."""
    prompt = words.plain(words.asked(path, turn))
    said = words.answer_words(turn, answer, conversation.voice)
    made = Note(
        kind,
        answer.concern.level if answer.concern else Level.CHECK,
        passed_on(prompt, said),
        prompt=prompt,
        options=tuple(
            o.text.for_voice(conversation.voice)
            for o in turn.step.options_for(conversation.voice)
        ),
        words=said,
        told=answer.told,
        digest=conversation.script.digest,
        voice=conversation.voice.value,
        place=turn.place,
    )
    # Why it was raised belongs to what was said, not to what it was changed into.
    if answer.concern and kind is not NoteKind.CHANGED:
        made = about(made, answer.concern)
    return made
