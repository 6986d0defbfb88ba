"""Hints for whoever writes to a child: what they find, and what they leave alone."""

import pytest

from engage.core.dialogue import language
from engage.core.duty.plain_words import Hint, Kind, hints, openings
from engage.services import shelves
from engage.services.syllables import syllables_of

SOURCES = shelves.sources()
RULES = language.rules(SOURCES[shelves.LANGUAGE])
OPENINGS = openings(SOURCES["safeguarding/writing-back.yaml"])


def found(text):
    return hints(text, RULES, syllables_of(text.replace(".", " ").split()))


def kinds(text):
    return {each.kind for each in found(text)}


@pytest.mark.parametrize("line", OPENINGS)
def test_the_lines_to_begin_with_need_no_hint(line):
    assert found(line.replace("{name}", "Dee")) == ()


def test_each_line_to_begin_with_fits_into_a_message():
    assert 0 < max(map(len, OPENINGS)) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I promise you are safe.", "I promise"),
        ("It will be fine.", "will be fine"),
        ("Everything will be OK.", "will be OK"),
        ("You won’t have to move.", "won’t have to"),
        ("You will not have to see him.", "will not have to"),
        ("We will make sure of it.", "will make sure"),
        ("It won't happen again.", "won't happen again"),
        ("You won’t get into trouble.", "won’t get into trouble"),
    ],
)
def test_what_is_not_sure_is_not_promised(text, said):
    assert Hint(Kind.PROMISE, said) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Keep this secret.",
        "I will keep what you told me secret.",
        "This is our secret.",
        "Don’t tell anyone.",
        "We won't tell anybody.",
        "Nobody else will know.",
        "It stays just between us.",
    ],
)
def test_nothing_is_kept_secret(text):
    assert kinds(text) == {Kind.SECRECY}


@pytest.mark.parametrize(
    "text",
    [
        "I can’t promise how it will turn out.",
        "I cannot promise you that it will stop.",
        "I can’t keep this secret.",
        "We can't promise to keep this secret.",
        "I will not promise you anything.",
    ],
)
def test_to_say_that_it_cannot_be_promised_is_right(text):
    assert found(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Who did that?",
        "What happened next?",
        "Where were you then?",
        "When was it?",
        "Why is that?",
        "I’m sorry to hear that. And where was your gran?",
        "Tell me more.",
        "Can you tell me exactly what he said",
    ],
)
def test_a_question_that_interviews_is_named(text):
    assert Kind.INTERVIEW in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Are you safe right now?",
        "Is it OK if I tell the people who help?",
        "Is there a time when you are on your own?",
        "I will write when I know more.",
    ],
)
def test_a_question_that_does_not_interview_is_let_be(text):
    assert found(text) == ()


def test_a_word_that_is_not_for_children_comes_with_what_to_say():
    (hint,) = found("Do you like your placement?")
    assert (hint.kind, hint.found) == (Kind.WORD, "placement")
    assert "where you live" in hint.instead


def test_capitals_and_exclamation_marks_are_loud():
    assert kinds("PLEASE write back.") == {Kind.SHOUTING}
    assert kinds("Write NOW.") == {Kind.SHOUTING}
    assert kinds("Well done!") == {Kind.EXCLAMATION}
    assert kinds("Is the TV on? OK.") == set()


def test_long_sentences_and_long_words_are_hard():
    long = "I am a real person and I read what you said and I want you to know that."
    assert kinds(long) == {Kind.LONG_SENTENCE}
    assert found(long)[0].found == "I am a real person and…"
    hard = "Representatives of appropriate organisations are undertaking preparations."
    hint = next(h for h in found(hard + " They are there.") if "age" in h.kind)
    assert int(hint.found) > 9


def test_a_few_words_have_no_reading_age():
    assert found("Unfortunately unavailable.") == ()


def test_the_gravest_comes_first_and_each_only_once():
    text = "Great! I promise. I promise! Keep this secret between us. Who was it?"
    order = [each.kind for each in found(text)]
    assert order == [
        Kind.SECRECY,
        Kind.PROMISE,
        Kind.INTERVIEW,
        Kind.EXCLAMATION,
    ]


def test_empty_words_need_no_hint():
    assert found("") == ()
