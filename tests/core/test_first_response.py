"""What the bot says when worried: help first, the truth, and no interviewing."""

import itertools
import re
from pathlib import Path

import pytest

from engage.core.dialogue.problems import Unreadable
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.first_response import (
    ASKING,
    Findable,
    FirstResponse,
    Part,
    Situation,
    bubbles,
    question,
    read_first_response,
)
from engage.services.syllables import syllables

FILE = "conversations/safeguarding/first-response.yaml"
SOURCE = (Path(__file__).parents[2] / FILE).read_text("utf-8")
FR: FirstResponse = read_first_response(SOURCE, FILE)
HEAD, BODY = SOURCE[: SOURCE.index("\nfirst-")], SOURCE[SOURCE.index("\nfirst-") :]
NUMBER = "01632 960 123"
SITUATIONS = [
    Situation(level, covered, "4:30 today", findable, adult, NUMBER)
    for level, covered, findable, adult in itertools.product(
        Level, (True, False), Findable, (True, False)
    )
]
EVERY = list(itertools.product(SITUATIONS, Voice))


def situation(**changes: object) -> Situation:
    plain = {
        "level": Level.CONCERN,
        "covered": True,
        "by": "4:30 today",
        "findable": Findable.CARD,
        "adult": False,
        "out_of_hours": NUMBER,
    }
    return Situation(**(plain | changes))  # type: ignore[arg-type]


def everything_said(where: Situation, voice: Voice) -> list[str]:
    said = [text for part in Part for text in bubbles(FR, part, where, voice)]
    return said + [question(FR, part, where, voice)[0] for part in ASKING]


def worried(voice: Voice = Voice.YOUNGER, **changes: object) -> str:
    return " ".join(bubbles(FR, Part.WORRIED, situation(**changes), voice))


@pytest.mark.parametrize(("where", "voice"), EVERY)
def test_the_first_worry_says_all_that_a_child_is_owed(where, voice):
    said = " ".join(bubbles(FR, Part.WORRIED, where, voice))
    assert said.startswith("Thank you for telling me. I’m glad you did.")
    for owed in (
        "It’s not your fault",
        "can’t keep this one private",
        "I’m a computer, so I can’t come to you",
        "real person",
        "*duty inspector*",
        "before *4:30 today*",
        "*999*",
    ):
        assert owed in said


@pytest.mark.parametrize(("where", "voice"), EVERY)
def test_the_bot_never_interviews_promises_or_shouts(where, voice):
    for text in everything_said(where, voice):
        for sentence in re.split(r"(?<=[.?])\s+", text):
            if sentence.endswith("?"):
                assert not re.match(r"(who|what|where|when|why|how)\b", sentence, re.I)
        assert not re.search(r"keep (it|this) secret|will stop|promise", text, re.I)
        assert "!" not in text
        assert not re.search(r"[{}]", text)


@pytest.mark.parametrize(("where", "voice"), EVERY)
def test_the_adult_here_is_only_spoken_of_at_a_gathering(where, voice):
    said = " ".join(everything_said(where, voice))
    assert ("adult who is here" in said) is (where.findable is Findable.GATHERING)


@pytest.mark.parametrize(("where", "voice"), EVERY)
def test_a_number_for_the_night_is_given_when_nobody_is_reading(where, voice):
    said = bubbles(FR, Part.WORRIED, where, voice)
    assert (NUMBER in said[1]) is not where.covered
    words = " ".join(said)
    assert ("reading" in words and "right now" in words) is not where.covered


@pytest.mark.parametrize("voice", Voice)
def test_children_are_told_the_truth_about_being_found(voice):
    card = worried(voice, findable=Findable.CARD)
    assert "gave you your card" in card
    assert "can tell the inspector who you are" in card
    gathering = worried(voice, findable=Findable.GATHERING)
    assert "which get-together" in gathering
    open_ = worried(voice, findable=Findable.OPEN)
    assert "We can’t tell who you are. If you want help from us, leave a" in open_
    assert "card" not in gathering + open_


@pytest.mark.parametrize(("where", "voice"), EVERY)
def test_over_sixteens_are_told_of_adult_protection(where, voice):
    for part in (Part.WORRIED, Part.CHECK, Part.TOLD):
        said = " ".join(bubbles(FR, part, where, voice))
        assert ("adults safe" in said) is where.adult


def test_danger_now_puts_999_near_the_top():
    assert (
        "*999*"
        in bubbles(FR, Part.WORRIED, situation(level=Level.NOW), Voice.YOUNGER)[1]
    )


def test_only_999_is_a_number_in_the_words():
    assert set(re.findall(r"\d[\d ]{2,}", re.sub(r"#.*", "", SOURCE))) == {"999"}


def test_words_are_left_out_rather_than_printed_with_a_gap():
    said = worried(covered=False, out_of_hours="")
    assert "at night" not in said
    assert "  " not in said


def test_questions_have_their_buttons_in_order():
    ask, options = question(FR, Part.SAFE_NOW, situation(), Voice.YOUNGER)
    assert ask == "Are you safe right now?"
    assert options == (("yes", "Yes"), ("no", "No"), ("not-sure", "Not sure"))
    assert question(FR, Part.ADD, situation(), Voice.OLDER)[1] == ()


def reading_age(text: str) -> float:
    """Flesch-Kincaid grade and five years."""
    sentences = len(re.findall(r"[.?:]+", text)) or 1
    words = re.findall(r"[A-Za-z’-]+", re.sub(r"\{[a-z-]+\}", "four", text))
    heard = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * heard / len(words) - 15.59 + 5


@pytest.mark.parametrize(("voice", "most"), [(Voice.YOUNGER, 8), (Voice.OLDER, 11)])
def test_the_words_can_be_read_at_the_age_of_their_voice(voice, most):
    hard = {}
    for part in FR.parts.values():
        for words in (*part.bubbles, *part.ask):
            age = reading_age(words.text[voice])
            if age > most:
                hard[words.text[voice]] = round(age, 1)
    assert hard == {}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("before *{by}*", "before *{name}*", "{name} stands for nothing"),
        ("{level: now}", "{level: soon}", 'level "soon"'),
        ("findable: open", "findable: opne", 'findable "opne"'),
        ("  not-safe:", "  notsafe:", '"notsafe" means nothing'),
        ('{id: "no", text', "{id: nope, text", "wrong options"),
    ],
)
def test_mistakes_are_told_by_line(old, new, what):
    mistaken = HEAD + BODY.replace(old, new, 1)
    with pytest.raises(Unreadable) as caught:
        read_first_response(mistaken, FILE)
    problem = next(p for p in caught.value.problems if what in p.what)
    assert problem.file == FILE
    body = mistaken.splitlines()
    assert any(new in line for line in body[problem.line - 2 : problem.line + 5])


def test_a_situation_with_nothing_to_say_is_a_mistake():
    silent = re.sub(r"\{findable: \[card, open\]\}", "{findable: card}", SOURCE)
    silent = silent.replace("{findable: open}", "{findable: card}")
    with pytest.raises(Unreadable) as caught:
        read_first_response(silent, FILE)
    assert any("reach has no words" in p.what for p in caught.value.problems)
