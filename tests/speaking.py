"""A talk in memory, for tests of words and paths: the real engine, no database."""

from dataclasses import dataclass, replace

from engage.core.dialogue import words
from engage.core.dialogue.answers import (
    Answer,
    Chosen,
    Named,
    Place,
    Silence,
    Sorted,
    Written,
    name_people,
)
from engage.core.dialogue.conversation import Conversation
from engage.core.dialogue.passing_on import passed_on_at
from engage.core.dialogue.path import Path, Turn, Worry, latest, passes_on, walk
from engage.core.dialogue.script import Kind
from engage.core.dialogue.talk import reply
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import (
    Findable,
    Part,
    Situation,
    bubbles,
    question,
)
from engage.services import library
from engage.services.talking import GROWN

BOOKS = library.load()
SCRIPTS = sorted(BOOKS.published)


@dataclass(frozen=True)
class Words:
    """The bot's words when worried, for one made-up situation."""

    voice: Voice
    covered: bool = True
    findable: Findable = Findable.GATHERING
    adult: bool = False

    def told(self, part, level):
        return bubbles(BOOKS.first_response, part, self._now(level), self.voice)

    def question(self, part):
        now = self._now(Level.CONCERN)
        return question(BOOKS.first_response, part, now, self.voice)

    def _now(self, level):
        by = "4:30 today" if self.covered else "9:30am tomorrow"
        return Situation(
            level, self.covered, by, self.findable, self.adult, "01632 960999"
        )


@dataclass(frozen=True)
class Speaking:
    conversation: Conversation
    answers: tuple[Answer, ...] = ()
    notes: tuple = ()

    @property
    def path(self) -> Path:
        c = self.conversation
        return walk(c.script, c.voice, self.answers)

    def says(self, place, given) -> "Speaking":
        came = reply(self.conversation, self.answers, place, given)
        if came.answer is None:
            return self
        answers = (*self.answers, came.answer)
        told = replace(self.conversation.words, adult=is_adult(answers))
        return Speaking(
            replace(self.conversation, words=told), answers, self.notes + came.notes
        )


def is_adult(answers) -> bool:
    """As `Talk.adult` has it: from what they said about their age, if they did."""
    answer = latest(answers).get(Place("age-band"))
    given = answer.given if answer else None
    return isinstance(given, Chosen) and given.ids[0] in GROWN


def speaking(script="living-at-home", voice=Voice.OLDER, **situation) -> Speaking:
    told = Words(voice, **situation)
    read = BOOKS.published[script]
    return Speaking(Conversation(read, voice, BOOKS.detector, told))


def options(conversation: Conversation, turn: Turn) -> list[tuple[str, str]]:
    """What can be tapped at this turn, as (id, words)."""
    if turn.worry:
        return list(conversation.words.question(Part(turn.worry.value))[1])
    return [
        (o.id, o.text.for_voice(conversation.voice))
        for o in turn.step.options_for(conversation.voice)
    ]


def ask(talk: Speaking, turn: Turn) -> str:
    if turn.worry:
        return talk.conversation.words.question(Part(turn.worry.value))[0]
    return words.plain(words.asked(talk.path, turn))


def bot_lines(talk: Speaking, turn: Turn) -> list[str]:
    """Everything that the bot says at this turn before it waits."""
    said = [words.plain(line) for line in words.said(talk.path, turn)]
    told = talk.conversation.words.told
    source = turn.place.removeprefix("worried/").rsplit("/", 1)[0]
    if turn.worry is Worry.ADD:
        note = passed_on_at(talk.path, source).passed_on
        said = [*told(Part.PASSING_ON, Level.CONCERN), *note.split("\n")]
    elif turn.worry is Worry.NEXT:
        said = list(passed_on_at(talk.path, source).promised)
    elif turn.worry is not None:
        said = []
    asks = [ask(talk, turn)] if turn.step.asks or turn.worry else []
    return [line.replace("*", "") for line in said] + asks


def after_lines(talk: Speaking, turn: Turn) -> list[str]:
    """What the bot says to the answer itself."""
    answer = turn.answer
    told = talk.conversation.words.told
    said = list(answer.told)
    if turn.worry is Worry.CHECK_IN and not passes_on(answer):
        said += told(Part.NOT_PASSED_ON, Level.CHECK)
    if turn.worry is Worry.SAFE_NOW and answer.given in (
        Chosen(("no",)),
        Chosen(("not-sure",)),
    ):
        said += told(Part.NOT_SAFE, Level.NOW)
    return [line.replace("*", "") for line in said]


def given_from_words(talk: Speaking, turn: Turn, typed: str):
    """An answer as a transcript has it: the words on the buttons, or what is typed."""
    silences = {words.SILENCE_WORDS[s]: s for s in Silence}
    known = {label: id for id, label in options(talk.conversation, turn)}
    if typed in silences and typed not in known:
        return silences[typed]
    kind = turn.step.kind if turn.worry is None else None
    writes = kind is Kind.WRITE or turn.worry in (Worry.ADD, Worry.REACH)
    if writes:
        return Written(typed)
    if kind in (Kind.PEOPLE, Kind.SORT):
        pairs = [tuple(each.split(": ")) for each in typed.split(" + ")]
        return _named(known, pairs) if kind is Kind.PEOPLE else _sorted(turn, pairs)
    return Chosen(tuple(known[each] for each in typed.split(" + ")))


def _named(known, pairs):
    return Named(name_people([(known[kind], called) for kind, called in pairs], ()))


def _sorted(turn, pairs):
    words_of = {o.text.for_voice(v): o.id for o in turn.step.options for v in o.voices}
    piles = {p.text.for_voice(v): p.id for p in turn.step.piles for v in p.voices}
    return Sorted(tuple((words_of[card], piles[pile]) for card, pile in pairs))
