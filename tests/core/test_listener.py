"""The listener hears what follows on what, in English and Scots, and costs little."""

import numpy as np
import pytest

from engage.core.safeguarding import listener as listening
from engage.core.safeguarding.features import features
from engage.core.safeguarding.parts import scored
from tests.speaking import BOOKS

SCREEN = BOOKS.detector
MODEL = SCREEN.model
LISTENER = MODEL.listener
CONCERN = 1


def heard(text):
    words = [word.text for word in SCREEN.lexicon.look(text).words]
    return LISTENER.heard(LISTENER.rows(words))[0]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("he hits me when he has been drinking", "me and my brother hit the ball"),
        ("i sleep with a chair against the door", "i sat on a chair near the door"),
        ("i wish i wasnt here anymore", "i wish i was at the beach"),
    ],
)
def test_what_worries_is_heard_louder(worse, better):
    assert heard(worse)[CONCERN] > heard(better)[CONCERN] + 1


def test_the_order_of_words_counts():
    assert not np.allclose(
        heard("he said she hits me"), heard("she hits he said me"), atol=0.01
    )


def test_a_word_that_was_never_met_is_heard_by_its_pieces():
    assert "hittttin" not in LISTENER.words
    rows = LISTENER.rows(["hittttin", "zzq"])
    assert np.isfinite(rows).all()
    assert not np.allclose(rows[0], rows[1])


def test_another_language_is_left_to_the_other_judges():
    looked = SCREEN.lexicon.look("tata mnie bije pasem kiedy wraca do domu wieczorem")
    found = features(looked, MODEL.kin)
    assert MODEL.hears(MODEL.language(found)) is None
    scores, rows = scored(MODEL, looked, found)
    assert scores == MODEL.scores(found)
    assert not len(rows)


def test_what_each_word_adds_is_all_of_the_verdict():
    words = ["he", "locks", "me", "in", "when", "mum", "is", "at", "work"]
    rows = LISTENER.rows(words)
    together = LISTENER.shares(rows, CONCERN).sum() + LISTENER.bias[CONCERN]
    assert together == pytest.approx(LISTENER.heard(rows)[0][CONCERN], abs=1e-3)


def test_a_part_is_heard_as_if_it_stood_alone_in_what_was_heard_of_the_whole():
    words = ["he", "hits", "me", ".", "we", "had", "chips", "."]
    words += ["then", "i", "went", "to", "bed", "and", "read"]
    rows = LISTENER.rows(words)
    whole, *parts = LISTENER.heard(rows, [0, 4, 8])
    assert np.allclose(whole, LISTENER.heard(rows)[0], atol=1e-4)
    for part, (start, end) in zip(parts, [(0, 4), (4, 8), (8, 15)], strict=True):
        assert np.allclose(part, LISTENER.heard(rows[start:end])[0], atol=1e-4)


def test_it_comes_back_from_a_file_as_it_went():
    again = listening.unpacked(listening.packed(LISTENER))
    words = ["my", "da", "shouts", "at", "night", "an", "a", "hide"]
    assert np.allclose(
        again.heard(again.rows(words)),
        LISTENER.heard(LISTENER.rows(words)),
        atol=1e-4,
    )


@pytest.mark.parametrize("words", [["."], ["\ud800"], ["a"], ["\0" * 30], ["x"] * 9000])
def test_any_words_at_all_give_a_verdict(words):
    assert np.isfinite(LISTENER.heard(LISTENER.rows(words))).all()
