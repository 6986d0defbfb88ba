"""Handing over: each version is kept, nothing is lost, and nobody is overwritten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engage.core.duty.hand_over import Problem
from engage.core.duty.journal import Verb
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Move, Stage
from engage.services import (
    duty_desk,
    flag_notes,
    handing_over,
    moving,
    signing_in,
)
from engage.store import flags, journal
from tests.databases import postgresql as postgresql
from tests.databases import postgresql_store as postgresql_store
from tests.databases import postgresql_url as postgresql_url
from tests.databases import sqlite as sqlite
from tests.databases import sqlite_template as sqlite_template
from tests.databases import store as store
from tests.factories import NOON, PASSWORD, make_flag

TO_HAND = (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE)
WHOM = {
    "to": "Morag Local",
    "role": "local-lead",
    "means": "phone",
    "at": "2026-11-25T11:55",
}
RECEIVED = {
    "by": "Morag Local",
    "by-role": "Local lead",
    "received-at": "2026-11-25T11:58",
    "decision": "accepted",
    "feedback": "Morag tells them on Friday.",
}


def signed_in(store, name):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


@pytest.fixture
def dee(store, inspection):
    return signed_in(store, "dee")


@pytest.fixture
def lena(store, inspection):
    return signed_in(store, "lena")


@pytest.fixture
def number(store, inspection):
    return in_hand(store, inspection)


def in_hand(store, inspection, **made):
    number = make_flag(store, inspection, **made)
    with store.begin() as db:
        for move in TO_HAND:
            flags.move(db, number, move, by=inspection.staff["dee"], at=NOON)
    return number


def stage(store, me, number):
    with store.read() as db:
        return flags.get(db, number, me.id).stage


def kinds(store, me, number):
    return [note.kind for note in duty_desk.read(store, me, number).notes]


def test_what_was_saved_is_there_again_with_who_saved_it_and_what_changed(
    store, dee, lena, number
):
    handing_over.save(store, dee, number, {"name": "Jo", "age": "16-17"}, 0, NOON)
    later = NOON + timedelta(minutes=3)
    handing_over.save(store, lena, number, {"name": "Jo", "pattern": "Once"}, 1, later)
    draft = handing_over.draft(store, dee, number, NOON)
    assert draft.form == {"name": "Jo", "pattern": "Once"}
    assert draft.version == 2
    assert draft.prefilled == frozenset()
    assert draft.last.by == "Lena Lead"
    assert draft.last.at == later
    assert draft.last.held["version"] == 2
    assert draft.last.held["changed"] == [
        "How old is the child?",
        "Once, or again and again?",
    ]
    notes = duty_desk.read(store, dee, number).notes
    first = next(note for note in notes if note.kind == "hand-over")
    assert first.held["fields"] == {"name": "Jo", "age": "16-17"}


def test_whoever_saves_second_is_told_and_overwrites_nothing(store, dee, lena, number):
    handing_over.save(store, dee, number, {"name": "Jo"}, 0, NOON)
    for act in (handing_over.save, handing_over.finish):
        with pytest.raises(handing_over.Changed):
            act(store, lena, number, WHOM, 0, NOON)
    draft = handing_over.draft(store, lena, number, NOON)
    assert (draft.form, draft.version) == ({"name": "Jo"}, 1)
    assert stage(store, lena, number) is Stage.IN_HAND


def test_of_two_who_save_at_the_same_moment_one_is_told(store, dee, lena, number):
    def save(me):
        try:
            handing_over.save(store, me, number, {"name": me.called}, 0, NOON)
        except handing_over.Changed:
            return "told"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(save, (dee, lena)))
    assert said == ["kept", "told"]
    assert handing_over.draft(store, dee, number, NOON).version == 1


def test_what_the_child_adds_meanwhile_stands_in_nobodys_way(
    store, inspection, dee, number
):
    with store.begin() as db:
        flag = flags.get(db, number, dee.id)
        flag_notes.add(db, flag, {"kind": "added", "words": "And my wee brother"}, NOON)
    handing_over.finish(store, dee, number, WHOM, 0, NOON)
    assert kinds(store, dee, number) == ["raised", "added", "hand-over"]


def test_a_button_pressed_twice_hands_over_once(store, dee, number):
    for _ in range(2):
        handing_over.finish(store, dee, number, WHOM, 0, NOON)
    assert kinds(store, dee, number).count("hand-over") == 1
    with store.read() as db:
        assert len(journal.since(db, Verb.HANDED_OVER, NOON)) == 1
    for _ in range(2):
        handing_over.save(store, dee, number, WHOM | {"name": "Jo"}, 1, NOON)
    assert handing_over.draft(store, dee, number, NOON).version == 2


def test_nothing_is_kept_of_what_cannot_be_kept_whole(store, dee, number):
    for act in (handing_over.save, handing_over.finish):
        with pytest.raises(handing_over.Faulty) as faulty:
            act(store, dee, number, WHOM | {"wants": "x" * 5001}, 0, NOON)
        assert faulty.value.problems == {"wants": Problem.TOO_LONG}
    assert kinds(store, dee, number) == ["raised"]


def test_words_and_move_are_kept_together_or_not_at_all(store, inspection, dee):
    number = make_flag(store, inspection)
    moving.open_(store, dee, number, NOON)
    with pytest.raises(handing_over.AlreadyMoved):
        handing_over.finish(store, dee, number, WHOM, 0, NOON)
    with pytest.raises(handing_over.AlreadyMoved):
        handing_over.confirm_receipt(store, dee, number, RECEIVED, NOON)
    assert kinds(store, dee, number) == ["raised"]
    with store.read() as db:
        assert journal.since(db, Verb.HANDED_OVER, NOON) == ()


def test_receipt_is_kept_with_what_the_child_will_be_told(store, dee, number):
    handing_over.finish(store, dee, number, WHOM, 0, NOON)
    handing_over.confirm_receipt(store, dee, number, RECEIVED, NOON)
    draft = handing_over.draft(store, dee, number, NOON)
    assert draft.receipt == RECEIVED
    assert draft.opened.flag.stage is Stage.RECEIVED
    assert draft.opened.flag.next_at is None
    handing_over.save(store, dee, number, WHOM | {"contact": "101"}, 1, NOON)
    draft = handing_over.draft(store, dee, number, NOON)
    assert draft.last.words == "Corrected."
    assert draft.last.held["changed"] == ["Their phone or address"]


def test_no_word_and_no_name_stands_in_the_journal(store, dee, number):
    form = WHOM | {"name": "Jo Marked", "address": "1 Marked Street"}
    handing_over.save(store, dee, number, form, 0, NOON)
    handing_over.finish(store, dee, number, form, 1, NOON)
    handing_over.confirm_receipt(store, dee, number, RECEIVED, NOON)
    handing_over.printed(store, dee, number, NOON)
    with store.read() as db:
        entries = journal.of_flag(db, number)
    assert [entry.verb for entry in entries] == [
        Verb.NOTED,
        Verb.HANDED_OVER,
        Verb.RECEIVED,
        Verb.PRINTED,
    ]
    assert {entry.detail for entry in entries} == {"{}"}


def test_before_it_is_opened_there_is_no_form(store, inspection, dee):
    number = make_flag(store, inspection)
    with pytest.raises(handing_over.Sealed):
        handing_over.draft(store, dee, number, NOON)
    with pytest.raises(handing_over.Sealed):
        handing_over.save(store, dee, number, WHOM, 0, NOON)


def test_a_flag_that_is_raised_again_while_somebody_types_loses_nothing(
    store, inspection, dee, number
):
    handing_over.save(store, dee, number, {"name": "Jo"}, 0, NOON)
    part = {"kind": "again", "words": "More", "categories": ["harm_by_staff"]}
    with store.begin() as db:
        flag_notes.add(db, flags.get(db, number, dee.id), part, NOON)
        flags.raise_level(db, number, Level.NOW, NOON, NOON)
    draft = handing_over.draft(store, dee, number, NOON)
    assert draft.form == {"name": "Jo"}
    assert draft.opened.notes == ()
    assert draft.by_staff
    handing_over.save(store, dee, number, {"name": "Jo B"}, 1, NOON)
    assert handing_over.draft(store, dee, number, NOON).form == {"name": "Jo B"}


def test_the_answer_whether_they_are_safe_is_read_by_its_place(store, inspection, dee):
    asked = {
        "kind": "added",
        "prompt": "Are you safe right now?",
        "options": ["Yes", "No", "I’m not sure"],
        "place": "worried/feel-safe-home/safe-now",
    }
    parts = [{}, asked | {"words": "Yes"}, asked | {"words": "I’m not sure"}]
    number = in_hand(store, inspection, parts=parts)
    form = handing_over.draft(store, dee, number, NOON).form
    assert form["safe"] == "not-known"
    assert form["language"] == "The talk was in English"
    assert "No, and" not in "".join(form.values())
