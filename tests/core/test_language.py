"""Wording rules find what they should and leave alone what they should."""

import pytest

from engage.core.dialogue.language import (
    Passage,
    passages_in,
    reading_age,
    reading_age_of,
    rules,
    wording,
)
from engage.core.dialogue.problems import Severity
from engage.core.people import Voice
from engage.paths import CONVERSATIONS
from engage.services.syllables import syllables

RULES = rules((CONVERSATIONS / "language.yaml").read_text("utf-8"))


def found(words: str, grave: bool = False) -> set[str]:
    passage = Passage(words, Voice.OLDER, "a.yaml", 1, grave=grave)
    return {p.what.split("(")[1].split(";")[0] for p in wording([passage], RULES)}


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Your LAC review", "looked-after"),
        ("a Looked After child", "looked-after"),
        ("your placements", "placement"),
        ("Contact with your gran", "contact"),
        ("the contact centre", "contact-centre"),
        ("a respite weekend", "respite"),
        ("your siblings", "siblings"),
        ("a residential unit", "unit"),
        ("the residents’ room", "resident"),
        ("if you absconded", "absconding"),
        ("challenging behaviour", "challenging-behaviour"),
        ("were you defiant", "blaming-words"),
        ("any sanctions", "sanctions"),
        ("vulnerable people", "vulnerable"),
        ("your birth parents", "birth-parents"),
        ("your foster carers", "foster-carer"),
        ("a care leaver", "care-leaver"),
        ("your child’s plan", "care-plan"),
        ("your education", "education"),
        ("your peers", "peers"),
        ("participating", "participation"),
        ("your caseworker", "case"),
        ("your case", "case"),
        ("an asylum seeker", "asylum-seeker"),
        ("your disclosure", "disclosure"),
        ("service users", "service-user"),
        ("at risk of harm", "safeguarding"),
        ("a core group", "meetings"),
        ("a compulsory supervision order", "compulsory-supervision"),
        ("the Reporter", "the-reporter"),
        ("your transition", "transition"),
        ("multi-agency work", "agencies"),
        ("the GIRFEC way", "acronym"),
        ("why did you leave", "blame"),
        ("your mum and dad", "one-kind-of-family"),
        ("care experienced people", "care-experienced"),
        ("we promise it will be fine", "promises"),
    ],
)
def test_a_word_to_avoid_is_found_however_it_ends(words: str, rule: str) -> None:
    assert rule in found(words)


@pytest.mark.parametrize(
    "words",
    [
        "Was your work placement good?",
        "You can contact us. Here are our contact details.",
        "Just in case you need it.",
        "There is a lack of time.",
        "We can’t keep it secret.",
        "Is that OK?",
        "It has happened. Peering out. Suitcase.",
        "Your plan (some people call it your child’s plan).",
        "Well done!",
    ],
)
def test_ordinary_words_are_left_alone(words: str) -> None:
    assert found(words) == set()


def test_nobody_shouts_when_it_matters() -> None:
    assert found("You can do it!", grave=True) == {"exclamation"}


def test_one_word_on_a_line_in_both_voices_is_one_problem() -> None:
    both = [Passage("your peers", voice, "a.yaml", 1) for voice in Voice]
    assert len(list(wording(both, RULES))) == 1


def test_what_a_child_typed_is_no_word_of_ours() -> None:
    assert found("Is {home-word|home} OK?") == set()


def test_reading_age_is_the_published_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 × 6 + 11.8 × 1 − 15.59 = −1.45.
    assert reading_age("The cat sat on the mat.", syllables) == pytest.approx(3.55)


def test_long_words_and_long_sentences_need_older_readers() -> None:
    easy = "Do you feel safe? Who helps you?"
    hard = "Considering your circumstances, are professionals communicating adequately?"
    assert reading_age(easy, syllables) < 7 < 14 < reading_age(hard, syllables)


def test_buttons_do_not_make_sentences_seem_short() -> None:
    said = Passage("One two three four five six seven eight.", Voice.OLDER, "a", 1)
    button = Passage("Yes", Voice.OLDER, "a", 2, prose=False)
    with_buttons = reading_age_of([said, *[button] * 50], syllables)
    assert with_buttons == pytest.approx(
        0.39 * 8 + 11.8 * (9 + 50) / 58 - 15.59 + 5, abs=0.01
    )


@pytest.mark.parametrize(
    ("word", "count"),
    [("helped", 1), ("family", 2), ("Gran's", 1), ("999", 3), ("skelping", 2)],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_all_that_is_said_when_we_are_worried_is_found_with_its_line() -> None:
    text = "worried:\n  - text: {younger: 'It is OK', older: 'It is all right'}\n"
    passages = list(passages_in(text, "first.yaml"))
    assert [(p.words, p.voice, p.line) for p in passages] == [
        ("It is OK", Voice.YOUNGER, 2),
        ("It is all right", Voice.OLDER, 2),
    ]
    assert all(p.grave for p in passages)


def test_the_first_response_keeps_to_the_wording_rules() -> None:
    path = CONVERSATIONS / "safeguarding" / "first-response.yaml"
    said = passages_in(path.read_text("utf-8"), path.name)
    assert [p for p in wording(said, RULES) if p.severity is Severity.ERROR] == []
