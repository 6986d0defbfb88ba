"""The word list sees what is plain, lets figures of speech be, and is never slow."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.dialogue.problems import Unreadable
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.detector import Detector, plain_words, read_words

FILE = "conversations/safeguarding/words.yaml"
SOURCE = (Path(__file__).parents[2] / FILE).read_text("utf-8")
WORDS = read_words(SOURCE, FILE)
LOOKED: Detector = WORDS


def level(text):
    found = LOOKED.look(text)
    return None if found is None else found.level


@pytest.mark.parametrize(
    ("text", "expected", "category"),
    [
        ("he hits me", Level.CONCERN, "physical"),
        ("MY DA SKELPS  ME!!!", Level.CONCERN, "physical"),
        ("im feart tae go hame", Level.NOW, "physical"),
        ("I\u2019m scared to go home", Level.NOW, "physical"),
        ("took all my tablets", Level.NOW, "suicide"),
        ("i dinnae want tae be here", Level.CONCERN, "suicide"),
        ("i don\u2019t want to live", Level.CONCERN, "suicide"),
        ("sometimes i cut myself", Level.CONCERN, "self_harm"),
        ("he made me do stuff", Level.CONCERN, "sexual"),
        ("someone online asked fur nudes", Level.CONCERN, "online"),
        ("i haud it fur them", Level.CONCERN, "criminal_exploitation"),
        ("theres nae food in", Level.CONCERN, "neglect"),
        ("when hes been drinking he shouts", Level.CONCERN, "substance"),
        ("he hits mum", Level.CONCERN, "domestic_abuse"),
        ("im getting bullied", Level.CHECK, "bullying"),
    ],
)
def test_plain_words_are_seen_and_say_why(text, expected, category):
    found = LOOKED.look(text)
    assert found is not None
    assert found.level is expected
    assert category in found.categories
    assert found.rule
    assert found.because.startswith("They write")


@pytest.mark.parametrize(
    "text",
    [
        "I was killing myself laughing",
        "it was dead good",
        "pure dead brilliant",
        "got a bath bomb for ma birthday",
        "I'd die for a chippy",
        "had a battered sausage",
        "took off my belt and shoes",
        "ma da's mad for fitbaw",
        "I never get hit",
        "my auld hoose",
        "hit me up later",
        "the ball hit me",
        "my brother beats me at chess",
        "we went to see suicide squad",
        "",
        "     ",
        "\u0643\u0644 \u0634\u064a\u0621",
    ],
)
def test_figures_of_speech_and_plain_life_are_let_be(text):
    assert level(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "he never hits me",
        "he does not hit me",
        "mum doesn\u2019t ever hit me",
        "naebody skelps me",
        "he didnae batter me, he never hit me",
    ],
)
def test_what_is_plainly_denied_is_not_a_worry(text):
    assert level(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "not today. he hits me",
        "he is not nice, he hits me",
        "i do not like it when my uncle hits me",
        "I don\u2019t want to live",
        "not safe at home",
    ],
)
def test_a_not_elsewhere_or_in_the_worry_itself_denies_nothing(text):
    assert level(text) is not None


def test_the_worst_of_several_is_given():
    found = LOOKED.look("im getting bullied and he hits me. im scared to go home")
    assert found is not None
    assert (found.level, found.rule) == (Level.NOW, "afraid-to-go-home")


def test_part_of_a_word_is_not_a_word():
    assert level("he whits mea") is None
    assert level("skilled at kmsx") is None


def test_a_figure_of_speech_does_not_hide_a_worry_beside_it():
    assert level("i was killing myself laughing but he hits me") is Level.CONCERN


@pytest.mark.parametrize(
    "text",
    ["hit " * 50_000, "not " * 50_000, "a" * 200_000, "'" * 200_000, "a'" * 99_999],
)
def test_it_is_never_slow(text):
    began = time.perf_counter()
    LOOKED.look(text)
    assert time.perf_counter() - began < 2


@given(st.text())
def test_nothing_anybody_can_write_breaks_it(text):
    LOOKED.look(text)
    assert plain_words(text) == plain_words(text.replace("\u2019", "'"))


def test_the_list_is_small_and_every_rule_gives_a_reason():
    assert 60 <= len(WORDS.phrases) <= 400
    assert all(phrase.because.endswith(".") for phrase in WORDS.phrases)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("level: now", "level: soon", '"soon" is not'),
        ("category: suicide", "category: sad", "category sad"),
        ("    because: ", "    becos: ", '"becos" means nothing'),
    ],
)
def test_mistakes_are_told_by_line(old, new, what):
    at = SOURCE.index("\nrules:")
    with pytest.raises(Unreadable) as caught:
        read_words(SOURCE[:at] + SOURCE[at:].replace(old, new, 1), FILE)
    assert any(what in each.what for each in caught.value.problems)
