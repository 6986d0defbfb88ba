"""Two layers decide: the lexicon explains, the learned layer only ever raises."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.safeguarding import learned
from engage.core.safeguarding.concerns import CATEGORIES, Level
from engage.core.safeguarding.features import features
from engage.core.safeguarding.lexicon import Lexicon, Rule, Strength
from engage.core.safeguarding.screening import LEARNED, UNSCREENED, Screen
from tests.cost import fastest
from tests.speaking import BOOKS

SCREEN: Screen = BOOKS.detector
ALONE = Screen(SCREEN.lexicon)
"""The same lexicon with no learned layer."""
OUTRIGHT = Screen(
    replace(
        SCREEN.lexicon,
        rules=[each for each in SCREEN.lexicon.rules if not each.unless_ordinary],
    )
)
"""Only what counts whatever the rest of a message is like."""
CORPORA = Path(__file__).parents[1] / "corpora"
TYPED = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                "he",
                "hits",
                "me",
                "not",
                "safe",
                "home",
                "never",
                ".",
                "lol",
                "he\u2019s",
            ]
        ),
        max_size=40,
    ).map(" ".join),
)


def rank(decision):
    return -1 if decision.level is None else decision.level.rank


@given(TYPED)
def test_the_learned_layer_never_lowers(text):
    assert rank(SCREEN.decide(text)) >= rank(OUTRIGHT.decide(text))
    every = replace(SCREEN, policy=replace(SCREEN.policy, ordinary=0))
    assert rank(every.decide(text)) >= rank(ALONE.decide(text))


def test_what_plain_life_says_too_counts_unless_the_message_is_ordinary():
    weak = replace(HARM, unless_ordinary=True)
    said = "he hits me"
    assert Screen(Lexicon([weak], {})).decide(said).level is Level.CONCERN
    for rule in (HARM, weak):
        likely = Screen(Lexicon([rule], {}), SCREEN.model)
        assert likely.decide(said).level is not None
        lax = replace(SCREEN.policy, ordinary=101)
        found = replace(likely, policy=lax).decide(said)
        ruled = [each.rule for each in found.because if each.rule == rule.id]
        assert ruled == ([] if rule is weak else [rule.id])


def test_no_rule_about_staff_or_about_coded_words_waits_for_another_sign():
    weak = [rule for rule in SCREEN.lexicon.rules if rule.unless_ordinary]
    assert weak
    assert not [rule.id for rule in weak if "harm_by_staff" in rule.categories]
    assert not [rule.id for rule in weak if rule.care or rule.asked or rule.frame]


@pytest.mark.parametrize(
    "text",
    [
        "my friends are always there for me",
        "my gran is coming to my house on sunday",
        "we play football on my street",
        "they're on their way",
        "i want the money for a bike",
        "hiding in a cupboard when we played sardines",
    ],
)
def test_words_of_plain_life_raise_nothing_by_themselves(text):
    assert rank(SCREEN.decide(text)) < Level.CONCERN.rank


@given(TYPED)
def test_every_decision_gives_its_reasons_in_the_childs_own_characters(text):
    found = SCREEN.decide(text)
    assert 0 <= found.priority <= 1
    assert (found.level is None) <= (not found.categories)
    if found.level is not None:
        assert found.because
        assert set(found.categories) <= set(CATEGORIES)
    for reason in found.because:
        assert 0 <= reason.start <= reason.end <= len(text)
        assert reason.because.endswith(".")


def test_a_rule_says_which_words_it_found():
    typed = "it was ok and then ma DA  hits me"
    found = SCREEN.decide(typed)
    assert found.level in (Level.CONCERN, Level.NOW)
    assert "physical" in found.categories
    said = [typed[each.start : each.end] for each in found.because]
    assert any("hits me" in words for words in said)


def test_what_only_the_learned_layer_sees_is_said_to_be_so():
    raised = [
        found
        for text in invented()
        for found in [SCREEN.decide(text)]
        if found.level is not None and ALONE.decide(text).level is None
    ]
    assert raised
    for found in raised:
        assert found.because[0].rule == LEARNED


def invented():
    lines = (CORPORA / "own-1.jsonl").read_text("utf-8").splitlines()[:300]
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "mum will kill me if i fail maths",
        "dying of laughter im dead",
        "we battered them 4-0, skelped the baw in at the end",
        "naebdy skelps me, ma maw is sound",
        "nobody hits me at home",
        "cut my own fringe, disaster. shoot me a text",
        "we played football and had chips after",
    ],
)
def test_figures_of_speech_and_plain_denials_raise_no_flag(text):
    assert SCREEN.decide(text).level in (None, Level.CHECK)
    assert ALONE.decide(text).level is None, "nor does any rule so much as ask"


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("mum doesn't know he hits me", "i dont know if he hits her"),
        ("they dont know ive been cutting", "i dont know anyone who self harms"),
        ("nobody kens ma da hits me", "nobody hits me at home"),
    ],
)
def test_what_nobody_knows_is_so_all_the_same(text, unsure):
    assert ALONE.decide(text).level is Level.CONCERN
    assert ALONE.decide(unsure).level is not Level.CONCERN


def test_most_of_the_red_team_list_is_noticed():
    lines = (CORPORA / "redteam.tsv").read_text("utf-8").splitlines()
    rows = [
        row
        for row in csv.DictReader(lines, delimiter="\t")
        if row["expected_band"] != "none"
    ]
    missed = [r["text"] for r in rows if SCREEN.decide(r["text"]).level is None]
    assert len(missed) <= len(rows) * 0.2, missed


@pytest.mark.parametrize(
    "text",
    [
        "\u4ed6\u6bcf\u5929\u665a\u4e0a\u90fd\u6253\u6211",
        "\u0935\u0939 \u092e\u0941\u091d\u0947 \u092e\u093e\u0930\u0924\u093e",
    ],
)
def test_words_that_nobody_can_screen_are_never_let_pass(text):
    found = SCREEN.decide(text, question="home")
    assert not found.screened
    assert found.level is Level.CHECK
    assert found.because[0].rule == UNSCREENED
    assert SCREEN.decide(text).screened is False


@pytest.mark.parametrize(
    "category", ["lesbian", "trans", "i am a refugee", "i have camhs"]
)
def test_who_a_child_is_raises_nothing(category):
    assert SCREEN.decide(f"i am {category}").level is None


def test_a_message_is_decided_on_at_once():
    text = "my auntie came and we went to the shops and she got me a bag and then we "
    assert fastest(lambda: SCREEN.decide((text * 5)[:300]), rounds=30) < 0.003


NASTY = (
    *("he hits me ", "not ", "a", "\u0430", "k m s ", "1a", "qzx", "x.", "no "),
    *("hurt-me-", "idontwanttobehere", "\u202e a", "\U0001f622", "\x00", "dad mum "),
)


@pytest.mark.parametrize("shape", NASTY)
def test_time_grows_with_the_length_alone(shape):
    """Ten times as long takes about ten times as long; squared it would be 100."""
    text = shape * (50_000 // len(shape))
    short = fastest(lambda: SCREEN.decide(text[:5_000]))
    long = fastest(lambda: SCREEN.decide(text))
    assert long < max(short, 0.01) * 40


def test_words_at_the_end_of_fifty_thousand_characters_are_read():
    told = "We had chips and it was fun. " * 1_600 + "My stepdad punched me last night."
    assert SCREEN.decide(told).level in (Level.CONCERN, Level.NOW)


@pytest.mark.parametrize("shape", ["he hits me ", "not ", "a", "\u0430", "k m s ", "!"])
def test_five_thousand_characters_of_anything_are_decided_on_quickly(shape):
    text = shape * (5_000 // len(shape))
    assert fastest(lambda: SCREEN.decide(text)) < 0.1


def test_the_learned_layer_is_a_small_file_that_reads_back():
    model = SCREEN.model
    file = learned.packed(model)
    again = learned.unpacked(file)
    assert len(file) <= 4 * 1024 * 1024
    looked = SCREEN.lexicon.look("he hits me when mum is out")
    found = features(looked, model.kin)
    assert again.scores(found) == model.scores(found)
    assert again.about(found) == model.about(found)


def test_harm_by_staff_is_never_lowered_by_harmless_words_around_it():
    staffed = [
        (hit.rule.strength.level, text)
        for text in STAFFED
        for hit in SCREEN.lexicon.look(text).hits
        if "harm_by_staff" in hit.rule.categories and hit.framed and not hit.denied
    ]
    for level, text in staffed:
        found = ALONE.decide(text)
        assert level is None or found.level.rank >= level.rank
    rule = replace(HARM, categories=("harm_by_staff",))
    for by, level in ((HARM, Level.CHECK), (rule, Level.CONCERN)):
        framed = Lexicon([by, FRAME], {})
        assert Screen(framed).decide("he hits me in the film").level is level


HARM = Rule(
    "r", Strength.CONCERN, ("physical",), "They say so.", (("he", "hits", "me"),)
)
FRAME = Rule(
    "f", Strength.HINT, (), "A film.", (("me", "in", "the", "film"),), frame=True
)
STAFFED = [
    json.loads(each)["text"]
    for each in (CORPORA / "own-17.jsonl").read_text("utf-8").splitlines()
    if "harm_by_staff" in each
]
