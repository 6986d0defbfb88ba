"""Whoever goes away in the middle of a check-in is not forgotten, and not deceived."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engage.core.dialogue.answers import Chosen, Place, Silence
from engage.core.dialogue.path import Worry
from engage.core.people import Voice
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Stage
from engage.core.safeguarding.interruption import Findable
from engage.core.safeguarding.policy import LeftOpen, Policy
from engage.core.sealing.keys import flag_tag
from engage.services import (
    asking_for_a_person,
    duty_desk,
    joining,
    left_open,
    moving,
    signing_in,
    talking,
)
from engage.store import flags, held
from engage.store.engine import Store
from tests.databases import postgresql as postgresql
from tests.databases import postgresql_store as postgresql_store
from tests.databases import postgresql_url as postgresql_url
from tests.databases import sqlite as sqlite
from tests.databases import sqlite_template as sqlite_template
from tests.databases import store as store
from tests.factories import NOON, PASSWORD
from tests.speaking import BOOKS

SOON, LATE = NOON + timedelta(minutes=29), NOON + timedelta(minutes=31)
SOMETIMES = Chosen(("sometimes",))


@pytest.fixture
def books():
    return BOOKS


@pytest.fixture
def at_safe_home(store, books, inspection):
    books.keep(store)
    way = joining.Way(inspection.id, Findable.GATHERING, inspection.gathering)
    key = joining.begin(store, books, way, Voice.OLDER, NOON)
    talk = talking.open_talk(store, books, key, NOON)
    while (waiting := talk.path.waiting).place != "safe-home":
        talk, _ = talking.answer(talk, waiting.place, Silence.SKIP)
    return talk


@pytest.fixture
def talk(at_safe_home):
    """A talk that waits for an answer to a check-in."""
    talk, _ = talking.answer(at_safe_home, Place("safe-home"), SOMETIMES)
    assert talk.path.waiting.worry is Worry.CHECK_IN
    return talk


def says(talk, *ids):
    return talking.answer(talk, talk.path.waiting.place, Chosen(ids))[0]


def flag_of(talk):
    with talk.store.read() as db:
        return flags.by_tag(db, flag_tag(talk.key))


def held_of(talk):
    with talk.store.read() as db:
        return held.of_tag(db, flag_tag(talk.key))


def notes(store: Store, talk):
    token = signing_in.sign_in(store, "dee", PASSWORD, now=NOON)
    dee = signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)
    number = flag_of(talk).id
    if flag_of(talk).stage is Stage.RAISED:
        moving.open_(store, dee, number, LATE)
    return duty_desk.read(store, dee, number).notes


def comes_back(talk, at=LATE):
    talk = talking.open_talk(talk.store, talk.library, talk.key, at)
    return talking.caught_up(talk)


def test_who_goes_away_is_passed_on_after_half_an_hour_and_not_before(store, talk):
    assert flag_of(talk) is None
    assert left_open.pass_on(store, SOON) == 0
    assert left_open.pass_on(store, LATE) == 1
    assert left_open.pass_on(store, LATE) == 0
    flag = flag_of(talk)
    assert (flag.stage, flag.level) == (Stage.RAISED, Level.CHECK)
    assert (flag.raised_at, flag.next_at) == (LATE, LATE)
    (note,) = notes(store, talk)
    assert note.words == "Sometimes"
    assert note.said_at == NOON


@pytest.mark.parametrize(("answer", "raised"), [("fine", False), ("pass-on", True)])
def test_an_answer_lets_go_of_what_was_held(store, talk, answer, raised):
    talk = says(talk, answer)
    assert held_of(talk) is None
    assert left_open.pass_on(store, LATE) == 0
    assert (flag_of(talk) is not None) == raised
    if raised:
        assert len(notes(store, talk)) == 1


def test_who_comes_back_before_finds_the_question_as_it_was(store, talk):
    assert comes_back(talk, SOON).path.waiting.place == talk.path.waiting.place


def test_who_comes_back_after_is_told_and_nothing_is_passed_on_twice(store, talk):
    left_open.pass_on(store, LATE)
    back = comes_back(talk)
    assert back.path.waiting.worry is Worry.SAFE_NOW
    assert "real person" in back.answers[-1].told[0]
    assert len(notes(store, talk)) == 1
    assert held_of(talk) is None
    again = comes_back(talk)
    assert again.answers == back.answers


def test_a_no_that_comes_too_late_is_passed_on_too_and_calls_nothing_back(store, talk):
    left_open.pass_on(store, LATE)
    place = talk.path.waiting.place
    back, _ = talking.answer(comes_back(talk), place, Chosen(("fine",)))
    assert [note.words for note in notes(store, talk)] == ["Sometimes", "No, leave it"]
    assert back.path.waiting.worry is Worry.SAFE_NOW


def test_a_flag_that_was_raised_meanwhile_is_joined_and_reads(store, talk):
    asking_for_a_person.ask(talk, "please come", "after school")
    left_open.pass_on(store, LATE)
    said = [note.words for note in notes(store, talk)]
    assert sorted(said) == ["Sometimes", "after school", "please come"]


def test_a_flag_that_stood_before_is_joined_and_reads(store, at_safe_home):
    asking_for_a_person.ask(at_safe_home, "please come", "")
    talk, _ = talking.answer(at_safe_home, Place("safe-home"), SOMETIMES)
    left_open.pass_on(store, LATE)
    said = [note.words for note in notes(store, talk)]
    assert said == ["please come", "Sometimes"]


def test_who_asks_for_a_person_is_not_given_a_reason_that_they_did_not_give(
    store, at_safe_home
):
    said = "Can somebody come? I don’t want to say why on here."
    assert at_safe_home.library.detector.look(said).level is Level.CHECK
    asking_for_a_person.ask(at_safe_home, said, "")
    (note,) = notes(store, at_safe_home)
    assert (note.categories, note.level) == ((), "concern")


def test_a_deleted_talk_leaves_what_is_held(store, talk):
    talking.delete(talk)
    assert left_open.pass_on(store, LATE) == 1
    assert [note.words for note in notes(store, talk)] == ["Sometimes"]


def test_two_dispatchers_pass_on_once(store, talk):
    with store.read() as db:
        (due,) = held.due(db, LATE, 5)
    assert left_open.pass_on(store, LATE) == 1
    with store.begin() as db:
        assert not held.passed_on(db, due.tag, LATE)


def test_where_a_lead_decided_so_nothing_is_held(at_safe_home):
    books = at_safe_home.library
    never = replace(books.detector, policy=Policy(left_open=LeftOpen.NEVER))
    talk = replace(at_safe_home, library=replace(books, detector=never))
    talk, _ = talking.answer(talk, Place("safe-home"), SOMETIMES)
    assert held_of(talk) is None
