"""The path is worked out afresh from the script and the answers, each time."""

import pytest

from engage.core.dialogue import reading
from engage.core.dialogue.answers import Chosen, Named, Silence, name_people
from engage.core.dialogue.conversation import Conversation
from engage.core.people import Voice
from tests.core.talk_sources import SOURCES, TALK
from tests.speaking import BOOKS, Speaking, Words

SAM, JO = ("teacher", "Sam"), ("nurse", "Jo")


def small(voice=Voice.OLDER):
    """A talk through the small script that has every kind of step."""
    script = reading.read(SOURCES, TALK)
    return Speaking(Conversation(script, voice, BOOKS.detector, Words(voice)))


def people(*wanted, before=()):
    return Named(name_people(list(wanted), before))


def places(talk):
    return [turn.place for turn in talk.path.turns]


@pytest.fixture
def named():
    """A talk in which two people were named and nobody feels unsafe."""
    talk = small().says("practice", Chosen(("yes",)))
    talk = talk.says("helpers", people(SAM, JO))
    return talk.says("safe", Chosen(("a-lot",)))


def test_the_path_stops_at_the_first_question_without_an_answer():
    talk = small()
    assert places(talk) == ["hello", "practice"]
    assert talk.path.waiting.place == "practice"
    assert not talk.path.ended


def test_a_section_is_asked_again_for_every_person_who_fits(named):
    assert named.path.waiting.place == "like@p2"
    assert named.path.waiting.person.called == "Jo"
    assert "like@p1" not in places(named)  # a teacher, and they feel safe


@pytest.mark.parametrize("voice", list(Voice))
def test_each_voice_has_its_own_steps(voice):
    talk = small(voice)
    while talk.path.waiting:
        talk = talk.says(talk.path.waiting.place, Silence.SKIP)
    assert ("words" in places(talk)) == (voice is Voice.OLDER)


def test_answers_off_the_path_are_kept_for_when_it_comes_back(named):
    talk = named.says("like@p2", Chosen(("kind",)))
    off = talk.says("practice", Chosen(("no",)))
    assert "like@p2" not in places(off)
    assert len(off.answers) == len(talk.answers) + 1
    back = off.says("practice", Chosen(("off",)))
    assert back.path.places["like@p2"].answer.given == Chosen(("kind",))


def test_what_was_said_of_somebody_stays_theirs_when_the_list_changes(named):
    talk = named.says("like@p2", Chosen(("kind",)))
    before = talk.path.latest["helpers"].given.people
    other = ("nurse", "Max")
    changed = talk.says("helpers", people(other, JO, before=before))
    assert [p.id for p in changed.path.latest["helpers"].given.people] == ["p3", "p2"]
    assert changed.path.waiting.place == "like@p3"
    done = changed.says("like@p3", Silence.SKIP)
    assert done.path.places["like@p2"].answer.given == Chosen(("kind",))


def test_whoever_is_taken_off_the_list_is_asked_about_no_more(named):
    before = named.path.latest["helpers"].given.people
    talk = named.says("helpers", people(SAM, before=before))
    assert not [place for place in places(talk) if place.startswith("like")]


@pytest.mark.parametrize("silence", list(Silence))
def test_not_answering_is_an_answer_and_leads_on(silence):
    talk = small().says("practice", silence)
    assert talk.path.waiting.place == "helpers"
    assert talk.path.places["practice"].answer.given is silence


def test_the_same_answers_give_the_same_path(named):
    again = small()
    for answer in named.answers:
        again = again.says(answer.place, answer.given)
    assert places(again) == places(named)
    assert again.answers == named.answers
