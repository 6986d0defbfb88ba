"""What is learned is the same each time, and raises no more than it may."""

from pathlib import Path

import numpy as np
import pytest

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.features import JUDGES
from engage.core.safeguarding.learned import Scores
from engage.services import bars, messages, training
from tests.speaking import BOOKS

CORPORA = Path(__file__).parents[1] / "corpora"


@pytest.fixture(scope="module")
def read():
    files = [
        CORPORA / name
        for name in (
            "own-1.jsonl",
            "own-2.jsonl",
            "own-3.jsonl",
            "everyday-teens.jsonl",
        )
    ]
    return list(messages.read_messages(files))[::3]


@pytest.fixture(scope="module")
def held(read):
    return read[::2]


KIN = messages.read_kin(CORPORA / "kin.txt")


@pytest.fixture(scope="module")
def trained(held):
    return training.train(held, BOOKS.detector.lexicon, KIN)


def test_learning_twice_gives_the_same(held, trained):
    again = training.train(held, BOOKS.detector.lexicon, KIN)
    assert np.array_equal(again.model.each, trained.model.each)
    assert np.array_equal(again.model.raises, trained.model.raises)


def test_no_more_of_the_harmless_is_raised_than_the_limits_allow(held, trained):
    limits = bars.Limits()
    everyday = np.array([messages.is_everyday(each) for each in held])
    assert (trained.level > 1)[everyday].mean() <= limits.flagged[2]
    assert (trained.level > 0)[everyday].mean() <= limits.checked[2]


def test_a_worry_scores_higher_than_ordinary_life(held, trained):
    levels = np.array([each.level for each in held])
    scores = trained.held_out[:, 1]
    assert np.median(scores[levels > 1]) > np.median(scores[levels == 0]) + 1


def test_a_few_odd_texts_do_not_decide_where_the_bar_stands():
    """Of few real ones the tail is read as a whole, not counted from the top."""
    chance = np.random.default_rng(1)
    usual = -chance.exponential(1, 479).astype(np.float32)
    odd = np.concatenate([usual[5:], np.linspace(3, 4, 5, dtype=np.float32)])
    none = np.zeros(479, bool)

    def bar(said):
        tried = np.arange(5, -5, -0.05)
        over = [bars.expected(said, none, each, 0.0095) <= 0.0095 for each in tried]
        return tried[np.argmin(over) - 1]

    counted = np.sort(odd)[-5]
    assert bar(usual) < bar(odd) < counted


def test_what_rules_raise_counts_as_raised():
    said = np.zeros(100, np.float32)
    ruled = np.arange(100) < 7
    assert bars.expected(said, ruled, 1.0, 0.01) == pytest.approx(0.07)


def test_what_is_surely_now_is_raised_though_no_concern_by_its_score():
    model = BOOKS.detector.model
    *_, sure = model.raises[0].tolist()
    score = Scores(-9, -9, sure, 0)
    assert model.raised(score) is Level.NOW
    assert model.raised(score._replace(now=sure - 0.01)) is None


def test_the_card_says_what_it_was_trained_on(held, trained):
    said = training.card(held, trained, 1234)
    assert f"{len(held):,} messages" in said
    assert "everyday-teens" in said


def test_words_with_odd_spellings_make_no_vocabulary(held):
    known = training.vocabulary(held)
    assert "school" in known


def test_the_commonest_words_come_first(read):
    known = training.vocabulary(read)
    assert known.index("the") < known.index("mum") < known.index("science")


def test_the_listener_counts_by_what_it_says_of_writers_it_never_met():
    files = [CORPORA / f"{name}.jsonl" for name in ("own-3", "own-4", "own-9")]
    files.append(CORPORA / "everyday-teens.jsonl")
    few = list(messages.read_messages(files))[::3]
    listener = BOOKS.detector.model.listener
    by_both = training.train(few, BOOKS.detector.lexicon, KIN, listener)
    sources = {few[n].source for n in np.flatnonzero(by_both.usable)}
    assert sources == {"own-4", "own-9", "everyday-teens"}
    heard = len(JUDGES) + 1
    assert by_both.model.blend[heard, 1] > 0
    assert training.card(few, by_both, 1).count("own-3") == 0
