"""One sentence in a long message is seen, and the rest of it does not drown it."""

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.features import features
from engage.core.safeguarding.parts import scored, starts_of
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


def test_a_sentence_counts_for_as_much_among_others_as_by_itself():
    model = SCREEN.model

    def concern(text):
        looked = SCREEN.lexicon.look(text)
        scores, _ = scored(model, looked, features(looked, model.kin))
        return scores.concern

    among = concern(CHEERFUL + TOLD + CHEERFUL)
    assert among > concern(CHEERFUL + CHEERFUL) + 2
    assert abs(among - concern(TOLD)) < 4


def test_parts_follow_sentences_and_none_is_endless():
    words = (["word"] * 14 + ["."]) * 3
    assert starts_of(words) == [0, 15, 30]
    assert starts_of(["word"] * 100) == [0, 40, 80]
    assert starts_of([]) == [0]
