"""The words at a place: earlier answers in them, and what an answer reads as."""

import pytest

from engage.core.dialogue import words
from engage.core.dialogue.answers import Chosen, Silence, Sorted, Written
from engage.core.dialogue.words import given_words, listed, plain
from engage.core.people import Voice
from tests.core.test_path import JO, SAM, people, small
from tests.speaking import speaking


def asked(talk):
    return plain(words.asked(talk.path, talk.path.waiting))


def skip_to(talk, place, **answers):
    while (waiting := talk.path.waiting).place != place:
        talk = talk.says(waiting.place, answers.get(waiting.step.id, Silence.SKIP))
    return talk


def test_an_earlier_choice_comes_back_in_small_letters():
    talk = skip_to(small(), "words", practice=Chosen(("yes",)))
    assert asked(talk) == "You like yes. Anything else?"


def test_a_word_that_is_always_a_capital_stays_one():
    talk = skip_to(small(), "words", practice=Chosen(("off",)))
    assert asked(talk) == "You like I went off it. Anything else?"


@pytest.mark.parametrize("silence", list(Silence))
def test_without_an_answer_there_are_other_words(silence):
    talk = skip_to(small().says("practice", silence), "words")
    assert asked(talk) == "You like something. Anything else?"


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("Jo", "Jo"),
        ("", "your nurse"),
        ("*Jo* {person}", "*Jo* {person}"),
        ("<b>", "<b>"),
    ],
)
def test_somebody_is_called_what_the_child_calls_them(called, said):
    yes, who = Chosen(("yes",)), people(("nurse", called))
    talk = skip_to(small(), "like@p1", practice=yes, helpers=who)
    assert asked(talk) == f"What is {said} like?"


def test_what_a_child_typed_is_marked_as_theirs_and_never_read_as_markup():
    yes, who = Chosen(("yes",)), people(("nurse", "*Jo*"))
    talk = skip_to(small(), "like@p1", practice=yes, helpers=who)
    bits = words.asked(talk.path, talk.path.waiting)
    assert [bit.text for bit in bits if bit.theirs] == ["*Jo*"]


def test_an_answer_reads_as_what_was_on_the_buttons():
    talk = speaking(voice=Voice.OLDER)
    script = talk.conversation.script
    need, cards = script.step("what-i-need"), script.step("life-cards")
    older = Voice.OLDER
    assert given_words(need, Chosen(("never",)), older) == "Never"
    assert given_words(need, Chosen(("never",)), Voice.YOUNGER) == "No"
    sort = Sorted((("friends", "well"), ("fun", "so-so")))
    piled = "Friends: going well; Sport, hobbies and fun: so-so"
    assert given_words(cards, sort, older) == piled
    assert given_words(need, Silence.RATHER_NOT_SAY, older) == "Rather not say"
    assert given_words(need, Written(" as\nit is "), older) == " as\nit is "
    helpers = small().conversation.script.step("helpers")
    assert given_words(helpers, people(SAM, JO, SAM), older) == "Sam, Jo and Sam"


def test_names_in_a_row():
    assert listed([]) == ""
    assert listed(["Sam"]) == "Sam"
    assert listed(["Sam", "Gran"]) == "Sam and Gran"
