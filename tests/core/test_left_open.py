"""A check-in that is left open: passed on unless a lead decided otherwise, and told."""

from dataclasses import replace

import pytest

from engage.core.dialogue.answers import (
    Chosen,
    Silence,
    Written,
    from_record,
    to_record,
)
from engage.core.dialogue.passing_on import if_left
from engage.core.dialogue.path import Worry, worry_place
from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.notes import NoteKind
from engage.core.safeguarding.policy import AS_IT_CAME, LeftOpen, Policy
from tests.core.test_talk import CHECK_IN, ONE_CHANGE, SOMETIMES, kinds
from tests.core.test_talk import talk as talk
from tests.core.test_words import skip_to
from tests.speaking import BOOKS, speaking

LEFT_OPEN = [Chosen(("not-sure",)), *Silence]


@pytest.mark.parametrize("given", [Chosen(("fine",)), *LEFT_OPEN])
def test_where_a_lead_decided_so_a_check_without_a_yes_is_not_passed_on(talk, given):
    talk = with_policy(talk, LeftOpen.STRONG).says("safe-home", SOMETIMES)
    assert if_left(talk.conversation, talk.path, talk.answers) == ()
    assert "say no" not in " ".join(talk.answers[-1].told)
    done = talk.says(CHECK_IN, given)
    assert done.notes == ()
    assert done.path.waiting.place == "turn-to"


@pytest.mark.parametrize("given", LEFT_OPEN)
def test_a_check_that_nobody_said_no_to_is_passed_on_and_told_before(talk, given):
    talk = talk.says("safe-home", SOMETIMES)
    assert "don’t say no" in talk.answers[-1].told[-1]
    assert talk.notes == ()
    done = talk.says(CHECK_IN, given)
    assert [note.level for note in done.notes] == [Level.CHECK]
    assert "real person" in done.answers[-1].told[0]


def with_policy(talk, left_open):
    screen = replace(BOOKS.detector, policy=Policy(left_open=left_open))
    return replace(talk, conversation=replace(talk.conversation, detector=screen))


class Firm:
    """A detector for which everything is a check by a strong rule."""

    policy = AS_IT_CAME

    def look(self, text, **_):
        return Concern(Level.CHECK, ("physical",), "rule", "Because.", firm=True)


FIRM_CHECK_IN = worry_place(ONE_CHANGE, Worry.CHECK_IN)


def before_a_firm_check():
    talk = skip_to(speaking(), "one-change")
    conversation = replace(talk.conversation, detector=Firm())
    return replace(talk, conversation=conversation).says(ONE_CHANGE, Written("words"))


def at_a_firm_check(answer):
    return before_a_firm_check().says(FIRM_CHECK_IN, answer)


@pytest.mark.parametrize("left_open", [Silence.SKIP, Chosen(("not-sure",))])
def test_strong_words_are_passed_on_when_the_check_in_is_left_open_and_told(left_open):
    talk = at_a_firm_check(left_open)
    assert kinds(talk) == [NoteKind.RAISED]
    assert talk.answers[-1].told
    assert "real person" in talk.answers[-1].told[0]
    assert talk.path.waiting.worry is Worry.SAFE_NOW
    again = from_record(talk.answers[-1].number, to_record(talk.answers[-1]))
    assert again == talk.answers[-1]
    before = talk.answers[-2]
    assert from_record(before.number, to_record(before)) == before


def test_whoever_leaves_a_check_in_has_the_same_passed_on_as_who_skips_it():
    talk = before_a_firm_check()
    (note,) = if_left(talk.conversation, talk.path, talk.answers)
    assert note == at_a_firm_check(Silence.SKIP).notes[-1]


def test_a_no_after_it_was_passed_on_calls_nothing_back_and_is_passed_on_too():
    talk = at_a_firm_check(Silence.SKIP)
    passed_on = talk.answers[-1].passed_on
    talk = talk.says(FIRM_CHECK_IN, Chosen(("fine",)))
    assert kinds(talk) == [NoteKind.RAISED, NoteKind.ADDED]
    assert talk.notes[-1].level is Level.CHECK
    assert talk.answers[-1].passed_on == passed_on
    assert talk.path.waiting.worry is Worry.SAFE_NOW


def test_whoever_says_no_at_a_check_in_decides():
    talk = at_a_firm_check(Chosen(("fine",)))
    assert kinds(talk) == []
    assert talk.path.waiting.worry is None
