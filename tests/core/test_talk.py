"""One answer moves a talk on: what is kept, what interrupts, what is passed on."""

import pytest

from engage.core.dialogue.answers import (
    LONGEST,
    Chosen,
    Named,
    NotAccepted,
    Person,
    Place,
    Silence,
    Sorted,
    Unfit,
    Written,
    from_record,
    to_record,
)
from engage.core.dialogue.path import Worry
from engage.core.dialogue.script import Kind
from engage.core.dialogue.talk import NotOnPath, reply, worry_about
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Part
from engage.core.safeguarding.notes import NoteKind
from tests.core.test_words import skip_to
from tests.speaking import speaking

NEVER, SOMETIMES, ALWAYS = (
    Chosen(("never",)),
    Chosen(("sometimes",)),
    Chosen(("always",)),
)
CHECK_IN = "worried/safe-home/check-in"
SAFE_NOW = "worried/safe-home/safe-now"
NEXT = "worried/safe-home/next"


@pytest.fixture
def talk():
    """A talk at the question whether home is safe."""
    return skip_to(speaking(), "safe-home")


def through(talk, **answers):
    """Answer an interruption; what is not given is skipped."""
    while talk.path.waiting and (worry := talk.path.waiting.worry):
        given = answers.get(worry.value.replace("-", "_"), Silence.SKIP)
        talk = talk.says(talk.path.waiting.place, given)
    return talk


def worries(talk):
    return [turn.place for turn in talk.path.turns if turn.worry]


def kinds(talk):
    return [note.kind for note in talk.notes]


def test_the_same_answer_twice_is_kept_once(talk):
    once = talk.says("safe-home", NEVER)
    again = reply(once.conversation, once.answers, "safe-home", NEVER)
    assert again.answer is None
    assert again.notes == ()


@pytest.mark.parametrize("place", ["turn-to", "hello", SAFE_NOW, "no-such-place"])
def test_a_place_that_was_not_reached_takes_no_answer(talk, place):
    with pytest.raises(NotOnPath):
        talk.says(place, NEVER)


@pytest.mark.parametrize(
    ("place", "given", "unfit"),
    [
        ("safe-home", Chosen(("nope",)), Unfit.NOT_OFFERED),
        ("safe-home", Chosen(("always", "never")), Unfit.NOT_OFFERED),
        ("safe-home", Chosen(()), Unfit.NOTHING),
        ("safe-home", Written("x"), Unfit.NOT_OFFERED),
        ("life-cards", Sorted((("friends", "nope"),)), Unfit.NOT_OFFERED),
        ("life-cards", Sorted(()), Unfit.NOTHING),
    ],
)
def test_what_does_not_fit_the_question_changes_nothing(talk, place, given, unfit):
    with pytest.raises(NotAccepted) as refused:
        talk.says(place, given)
    assert refused.value.unfit is unfit


def test_a_concern_interrupts_passes_on_at_once_and_comes_back(talk):
    worried = talk.says("safe-home", NEVER)
    assert kinds(worried) == [NoteKind.RAISED]
    assert worried.answers[-1].told == talk.conversation.words.told(
        Part.WORRIED, Level.CONCERN
    )
    done = through(worried)
    asked = [place.rsplit("/", 1)[1] for place in worries(done)]
    assert asked == ["safe-now", "add", "reach", "next"]
    assert done.path.waiting.place == "turn-to"
    assert done.notes == worried.notes  # silence adds nothing


def test_a_check_asks_first_and_passes_nothing_on_before_a_yes(talk):
    asked = talk.says("safe-home", SOMETIMES)
    assert asked.notes == ()
    assert asked.path.waiting.worry is Worry.CHECK_IN
    passed = asked.says(CHECK_IN, Chosen(("pass-on",)))
    assert kinds(passed) == [NoteKind.RAISED]
    assert passed.path.waiting.place == SAFE_NOW


def test_there_is_one_check_in_a_topic_and_no_offer_without_its_question():
    talk = skip_to(speaking(), "what-i-need").says(
        "what-i-need", Chosen(("not-often",))
    )
    talk = talk.says(talk.path.waiting.place, Chosen(("fine",)))
    again = talk.says("safe-home", SOMETIMES)
    assert CHECK_IN not in worries(again)
    assert again.answers[-1].concern.level is Level.CHECK
    assert again.answers[-1].told == ()


def test_a_second_concern_is_said_again_and_asks_less(talk):
    talk = through(talk.says("safe-home", NEVER))
    talk = skip_to(talk, "one-change").says("one-change", Written("he hits me"))
    assert talk.answers[-1].told == talk.conversation.words.told(
        Part.AGAIN, Level.CONCERN
    )
    assert kinds(talk) == [NoteKind.RAISED, NoteKind.AGAIN]
    done = through(talk)
    mine = [place for place in worries(done) if "one-change" in place]
    assert mine == ["worried/one-change/safe-now", "worried/one-change/add"]


@pytest.mark.parametrize(
    ("given", "level"),
    [("no", Level.NOW), ("not-sure", Level.CONCERN), ("yes", Level.CONCERN)],
)
def test_not_being_safe_now_makes_it_urgent(talk, given, level):
    talk = talk.says("safe-home", NEVER).says(SAFE_NOW, Chosen((given,)))
    assert talk.notes[-1].kind is NoteKind.ADDED
    assert talk.notes[-1].level is level


def test_what_is_added_is_passed_on_in_their_words_and_may_make_it_worse(talk):
    talk = talk.says("safe-home", NEVER).says(SAFE_NOW, Silence.SKIP)
    added = talk.says("worried/safe-home/add", Written("He’s going to hit me\n🙂"))
    assert added.notes[-1].words == "He’s going to hit me\n🙂"
    assert added.notes[-1].level is Level.NOW
    assert "He’s going to hit me\n🙂" in added.notes[-1].text


def test_an_empty_box_at_a_worried_moment_is_a_skip_and_too_much_is_refused(talk):
    talk = talk.says("safe-home", NEVER).says(SAFE_NOW, Silence.SKIP)
    add = "worried/safe-home/add"
    assert talk.says(add, Written(" \n")).answers[-1].given is Silence.SKIP
    with pytest.raises(NotAccepted):
        talk.says(add, Written("x" * (LONGEST + 1)))


def test_a_changed_answer_is_told_to_whoever_got_the_first(talk):
    talk = through(talk.says("safe-home", NEVER)).says("safe-home", ALWAYS)
    assert kinds(talk) == [NoteKind.RAISED, NoteKind.CHANGED]
    assert talk.notes[-1].words == "Always"
    assert worries(talk) == []


def test_a_second_change_is_told_as_the_first_was(talk):
    talk = through(talk.says("safe-home", NEVER)).says("safe-home", ALWAYS)
    talk = talk.says("safe-home", Silence.SKIP)
    assert kinds(talk) == [NoteKind.RAISED, NoteKind.CHANGED, NoteKind.CHANGED]
    assert [each.passed_on for each in talk.answers if each.passed_on] == [
        note.text for note in talk.notes
    ], "what the child is shown as passed on is all that was"


def test_a_change_from_a_check_that_was_not_passed_on_is_told_to_nobody(talk):
    talk = talk.says("safe-home", SOMETIMES).says(CHECK_IN, Chosen(("fine",)))
    assert talk.says("safe-home", ALWAYS).notes == ()


def test_whoever_stops_has_ended_and_may_think_again(talk):
    talk = through(talk.says("safe-home", NEVER), next=Chosen(("stop",)))
    assert talk.path.ended
    assert talk.path.stopped
    on = talk.says(NEXT, Chosen(("carry-on",)))
    assert on.path.waiting.place == "turn-to"


def test_a_break_is_a_break_each_time_it_is_asked_for(talk):
    talk = through(talk.says("safe-home", NEVER), next=Chosen(("pause",)))
    assert not talk.path.stopped
    again = reply(talk.conversation, talk.answers, NEXT, Chosen(("pause",)))
    assert again.pause


def test_choosing_several_worrying_things_counts_the_worst(talk):
    talk = skip_to(talk, "not-safe-places")
    both = Chosen(("at-school", "with-worker"))
    concern = talk.says("not-safe-places", both).answers[-1].concern
    assert concern.level is Level.CONCERN
    assert concern.categories == ("bullying", "harm_by_staff")


UNREAD = "\u0935\u0939 \u092e\u0941\u091d\u0947 \u092e\u093e\u0930\u0924\u093e"


def test_words_that_cannot_be_read_are_asked_about_in_an_open_box(
    talk,
):
    (step,) = [s for _, s in talk.conversation.script.steps() if s.id == "one-change"]
    turn = talk.path.turns[0]._replace(step=step)
    found = worry_about(talk.conversation, talk.path, turn, Written(UNREAD))
    assert found.level is Level.CHECK
    (people,) = [
        s for _, s in talk.conversation.script.steps() if s.kind is Kind.PEOPLE
    ]
    named = Named((Person("p1", people.options[0].id, UNREAD),))
    turn = turn._replace(step=people)
    assert worry_about(talk.conversation, talk.path, turn, named) is None


ONE_CHANGE = Place("one-change")


def test_what_a_talk_said_before_counts_for_what_it_says_next(talk):
    talk = through(skip_to(talk, "safe-home").says("safe-home", NEVER))
    talk = skip_to(talk, "one-change")
    back = "forget what i said before please"
    assert talk.conversation.detector.look(back).level is Level.CHECK
    talk = talk.says(ONE_CHANGE, Written(back))
    assert talk.answers[-1].concern.level is Level.CONCERN
    assert kinds(talk)[-1] is NoteKind.AGAIN


def test_the_note_marks_the_words_that_gave_the_reason(talk):
    said = "It is fine mostly. My stepdad hits me."
    talk = skip_to(talk, "one-change").says(ONE_CHANGE, Written(said))
    note = talk.notes[-1]
    assert any("hits me" in note.words[start:end] for start, end in note.marks)
    answer = talk.answers[-1]
    assert from_record(answer.number, to_record(answer)) == answer
