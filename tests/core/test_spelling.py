"""A slip of the finger is read as what was meant; what is a word itself is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.safeguarding.spelling import Spelling
from tests.cost import fastest

SPELLING = Spelling(["the", "i", "want", "to", "go", "home", "hurts", "scared", "dad"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hruts", "hurts"),
        ("huurts", "hurts"),
        ("hurs", "hurts"),
        ("jurts", "hurts"),
        ("scard", "scared"),
        ("xyzzy", None),
        ("dsd", None),
        ("домa", None),
    ],
)
def test_one_slip_is_mended(typed, meant):
    assert SPELLING.meant(typed) == meant


def test_the_commoner_of_two_is_meant():
    assert Spelling(["hurts", "hurls"]).meant("hurns") == "hurts"
    assert Spelling(["hurls", "hurts"]).meant("hurns") == "hurls"


def test_words_run_together_are_taken_apart():
    assert SPELLING.broken("iwanttogohome") == ["i", "want", "to", "go", "home"]
    assert SPELLING.broken("iwanttogozzhome")[-1] == "home"
    assert SPELLING.broken("zzzzzzzzzzzz") == []


@given(st.text(max_size=80))
def test_nothing_is_lost_when_words_are_taken_apart(text):
    pieces = SPELLING.broken(text)
    assert not pieces or "".join(pieces) == text


@given(st.text(max_size=20))
def test_what_is_meant_is_a_word(typed):
    meant = SPELLING.meant(typed)
    assert meant is None or SPELLING.known(meant)


def test_time_grows_with_the_length_alone():
    assert fastest(lambda: SPELLING.broken("ab" * 5_000)) < 0.5
