"""What safeguarding leads decide is a setting with a reason, not code."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engage import paths
from engage.core.dialogue.problems import Unreadable
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.policy import LeftOpen, Likeness, Thoughts, read_policy
from engage.core.safeguarding.screening import LEARNED
from engage.services.noticing import POLICY
from tests.speaking import BOOKS

TEXT = (paths.CONVERSATIONS / POLICY).read_text("utf-8")
SCREEN = BOOKS.detector
CORPUS = Path(__file__).parents[1] / "corpora" / "own-3.jsonl"
THOUGHT = "i keep thinking id rather be dead"


def changed(old, new):
    assert old in TEXT
    return read_policy(TEXT.replace(old, new, 1), POLICY)


def test_the_policy_that_engage_comes_with_is_what_is_used():
    assert read_policy(TEXT, POLICY) == SCREEN.policy


def test_a_lead_can_make_every_thought_of_suicide_now():
    policy = changed("is: concern", "is: now")
    assert policy.thoughts is Thoughts.NOW
    assert SCREEN.decide(THOUGHT).level is Level.CONCERN
    assert replace(SCREEN, policy=policy).decide(THOUGHT).level is Level.NOW


def test_a_lead_can_have_likeness_alone_asked_about_first():
    policy = changed("is: flag", "is: check")
    assert policy.likeness is Likeness.CHECK
    asks = replace(SCREEN, policy=policy)
    told = [json.loads(each)["text"] for each in CORPUS.read_text("utf-8").splitlines()]
    alone = [
        text
        for text in told[:400]
        for found in [SCREEN.decide(text)]
        if found.level in (Level.CONCERN, Level.NOW)
        and {each.rule for each in found.because} == {LEARNED}
    ]
    assert alone
    assert {asks.decide(text).level for text in alone} == {Level.CHECK}


def test_a_lead_says_from_when_on_a_message_is_an_ordinary_one():
    said = "dad is picking me up tonight from football"
    weak = [hit.rule.unless_ordinary for hit in SCREEN.lexicon.look(said).hits]
    assert any(weak)
    assert SCREEN.decide(said).level is None
    for under, level in ((0, Level.NOW), (100, None)):
        policy = changed("under: 8", f"under: {under}")
        assert replace(SCREEN, policy=policy).decide(said).level is level


@pytest.mark.parametrize(
    ("choice", "weak", "strong"),
    [(LeftOpen.NEVER, 0, 0), (LeftOpen.STRONG, 0, 1), (LeftOpen.ALWAYS, 1, 1)],
)
def test_a_lead_says_when_a_check_left_open_is_passed_on(choice, weak, strong):
    policy = changed("is: always", f"is: {choice}")
    assert policy.passes_on(strong=False) == weak
    assert policy.passes_on(strong=True) == strong


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("is: concern", "is: check", 8, '"check" is not a choice'),
        ("  decided-by: nobody yet\n", "", 8, 'no "decided-by"'),
        ("different: 2", "different: 0", 41, "different cannot be"),
        ("likeness-alone:", "likeness:", 14, '"likeness" means nothing'),
    ],
)
def test_a_broken_policy_is_refused_with_its_line(old, new, line, says):
    with pytest.raises(Unreadable) as refused:
        changed(old, new)
    assert any(
        abs(each.line - line) <= 1 and says in str(each)
        for each in refused.value.problems
    )
