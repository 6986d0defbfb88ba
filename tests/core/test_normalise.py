"""However it is typed, the same words come out, each in its own place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.core.safeguarding.normalise import MOST, STOP, words
from engage.core.safeguarding.spelling import Spelling
from tests.cost import fastest

KNOWN = Spelling(
    (
        *("suicidal", "hurt", "kill", "kms", "safe", "home", "dont", "want", "to"),
        *("be", "here", "anymore", "i", "feel", "at", "night", "he", "hits", "me"),
        "cafe",
    )
)


def plain(text):
    return [word.text for word in words(text, KNOWN)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("I feel SAFE", ["i", "feel", "safe"]),
        ("su1c1d@l", ["suicidal"]),
        ("h.u.r.t", ["hurt"]),
        ("k m s", ["kms"]),
        ("i d o n't w a n t t o", ["i", "dont", "want", "to"]),
        ("saaaafe at hooome", ["safe", "at", "home"]),
        ("idontwanttobehere", ["i", "dont", "want", "to", "be", "here"]),
        ("don\u2019t don't dont", ["dont", "dont", "dont"]),
        ("hu\u200brt", ["hurt"]),
        ("\uff48\uff55\uff52\uff54", ["hurt"]),
        ("hits me. He", ["hits", "me", STOP, "he"]),
        ("cafe\u0301 caf\u00e9 si\u0119", ["cafe", "cafe", "sie"]),
        (
            "\u064a\u064e\u0636\u0631\u0628\u0646\u064a",
            ["\u064a\u0636\u0631\u0628\u0646\u064a"],
        ),
        ("\u0431'\u0454 \u0431\u2019\u0454", ["\u0431\u0454", "\u0431\u0454"]),
        ("\u0445\u0443\u0440\u0442", ["\u0445\u0443\u0440\u0442"]),
        ("h\u0443rt", ["hurt"]),
        ("2nite 4-0", ["2nite", "4", "0"]),
        ("", []),
        ("home \U0001f622\U0001f622\U0001f91b", ["home", "\U0001f622", "\U0001f91b"]),
    ],
)
def test_many_ways_of_typing_are_one(typed, expected):
    assert plain(typed) == expected


def test_a_word_knows_where_it_stood():
    typed = "Then he  H1TS   me\u2026 I don\u2019t feel saaaafe"
    found = {w.text: typed[w.start : w.end] for w in words(typed, KNOWN)}
    assert found["safe"] == "saaaafe"
    assert found["dont"] == "don\u2019t"
    assert found["hits"] == "H1TS"


@given(st.text(max_size=300))
def test_any_text_at_all_has_words_within_it(text):
    last = 0
    for word in words(text, KNOWN):
        assert 0 <= word.start <= word.end <= len(text)
        assert word.start >= last
        last = word.start


@pytest.mark.parametrize(
    "shape", ["a", "a ", "1a", "a.", "'", "\u0301", "i", "idont", ".", "\u202e", "hh "]
)
def test_fifty_thousand_characters_of_anything_take_no_time(shape):
    text = shape * (50_000 // len(shape))
    assert fastest(lambda: words(text, KNOWN)) < 0.5
    assert all(word.end <= MOST for word in words(text, KNOWN))
