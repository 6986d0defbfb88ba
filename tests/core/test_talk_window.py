"""What adds up over a talk is seen, and nothing said before is ever cleared."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.policy import Policy
from engage.core.safeguarding.talk_window import ADDED_UP, TAKES_BACK, Before
from tests.speaking import BOOKS

DETECTOR = BOOKS.detector
CHECK = "can u keep a secret"
"""What is a check by itself."""


def check(*categories, waved_off=False):
    return Before("words", Concern(Level.CHECK, categories, "r", "Why."), waved_off)


def rank(concern):
    return -1 if concern is None else concern.level.rank


def test_words_in_pieces_are_read_as_one():
    before = [Before("he hits"), Before("me")]
    alone = DETECTOR.look("when mums out")
    found = DETECTOR.look("when mums out", before=before)
    assert rank(found) > rank(alone)
    assert found.level.rank >= Level.CONCERN.rank
    assert "in pieces" in found.because


def test_long_answers_are_not_joined_to_what_comes_next():
    long = "I live with my mum and my wee brother and he hits the ball far"
    assert DETECTOR.look("me", before=[Before(long)]) is None


def test_taking_back_never_clears():
    earlier = Before("he hits me", Concern(Level.NOW, ("physical",), "r", "Why."))
    alone = DETECTOR.look("forget i said that")
    assert (alone.level, alone.rule) == (Level.CHECK, TAKES_BACK)
    found = DETECTOR.look("forget i said that", before=[earlier])
    assert (found.level, found.categories) == (Level.NOW, ("physical",))
    nothing = DETECTOR.look("forget i said that", before=[Before("I like crisps")])
    assert nothing.level is Level.CHECK


def test_checks_about_different_things_add_up():
    alone = DETECTOR.look(CHECK)
    assert alone.level is Level.CHECK
    found = DETECTOR.look(CHECK, before=[check("neglect")])
    assert (found.level, found.rule) == (Level.CONCERN, ADDED_UP)
    assert alone.because in found.because


def test_checks_about_one_thing_add_up_at_the_third():
    same = DETECTOR.look(CHECK).categories
    assert DETECTOR.look(CHECK, before=[check(*same)]).level is Level.CHECK
    found = DETECTOR.look(CHECK, before=[check(*same), check(*same)])
    assert found.level is Level.CONCERN


def test_a_check_that_the_child_said_no_to_does_not_add_up():
    before = [check("neglect", waved_off=True), check("online", waved_off=True)]
    assert DETECTOR.look(CHECK, before=before).level is Level.CHECK


def test_how_many_checks_add_up_is_for_the_leads_to_say():
    patient = replace(DETECTOR, policy=Policy(different=4, same=9))
    assert patient.look(CHECK, before=[check("neglect")]).level is Level.CHECK


BEFORE = st.lists(
    st.builds(
        Before,
        st.sampled_from(["", "he hits", "me", "ok", "not", "forget i said that"]),
        st.sampled_from([None, check("neglect").concern, check("online").concern]),
        st.booleans(),
    ),
    max_size=6,
)


@given(st.sampled_from([CHECK, "me", "he hits me", "ok", "forget it"]), BEFORE)
def test_what_was_said_before_never_makes_it_less(text, before):
    assert rank(DETECTOR.look(text, before=before)) >= rank(DETECTOR.look(text))


ASKED = [
    ("Is there anyone you are scared of?", "ma stepdad", Level.CONCERN),
    ("Do you feel safe where you live?", "no really", Level.CONCERN),
    ("Do you feel safe where you live?", "sometimes", Level.CHECK),
    ("Has anyone hurt you?", "aye", Level.CONCERN),
    ("Has anyone hurt you?", "no", None),
    ("What scares you?", "spiders n maths", None),
    ("Who makes you laugh?", "ma gran", None),
    ("Do you like school?", "no really", None),
]


@pytest.mark.parametrize(("question", "answer", "level"), ASKED)
def test_a_bare_answer_means_what_the_question_makes_of_it(question, answer, level):
    found = DETECTOR.look(answer, question=question)
    assert (found.level if found else None) == level
