"""One sentence in a long message is seen, and the rest of it does not drown it."""

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.features import features
from engage.core.safeguarding.parts import highest, starts_of
from tests.speaking import BOOKS

SCREEN = BOOKS.detector
CHEERFUL = (
    "School is fine and I like art. We had football on Tuesday and I scored. My dog is "
    "called Biscuit and he eats everything. Gran makes soup on Sundays and it is nice. "
)
TOLD = "My stepdad punched me last night and my lip is burst. "


def test_a_disclosure_in_the_middle_of_a_long_message_is_seen():
    alone = SCREEN.decide(TOLD).level
    assert alone in (Level.CONCERN, Level.NOW)
    assert SCREEN.decide(CHEERFUL * 3).level is None
    buried = SCREEN.decide(CHEERFUL * 3 + TOLD + CHEERFUL * 3)
    assert buried.level in (Level.CONCERN, Level.NOW)


def test_a_part_scores_as_it_does_by_itself():
    model = SCREEN.model
    looked = SCREEN.lexicon.look(CHEERFUL + TOLD + CHEERFUL)
    best = highest(model, looked, features(looked, model.kin))
    whole = model.scores(features(looked, model.kin))
    assert best[1] > whole.concern
    alone = SCREEN.lexicon.look(TOLD)
    assert abs(best[1] - model.scores(features(alone, model.kin)).concern) < 4


def test_short_messages_have_one_part():
    looked = SCREEN.lexicon.look("I like art. He is nice.")
    model = SCREEN.model
    assert highest(model, looked, features(looked, model.kin)) is None


def test_parts_follow_sentences_and_none_is_endless():
    words = (["word"] * 14 + ["."]) * 3
    assert starts_of(words) == [0, 15, 30]
    assert starts_of(["word"] * 100) == [0, 40, 80]
    assert starts_of([]) == [0]
