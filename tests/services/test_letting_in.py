"""Whoever waits to be let in is named, and opens what waited once they are."""

import json

import pytest

from engage.core.duty.journal import Verb
from engage.core.people import Role
from engage.core.safeguarding.flags import Outcome
from engage.core.sealing.keys import Holder
from engage.services import barring, duty_desk, letting_in, moving, rota
from engage.services.granting import vault_keys
from engage.services.letting_in import NotTheirs
from engage.store import inspections
from tests.factories import NOON, make_flag, make_staff
from tests.services.rota_people import SLUG, shift, written
from tests.services.rota_people import dee as dee
from tests.services.rota_people import lena as lena
from tests.services.rota_people import sam as sam
from tests.services.rota_people import who as who


@pytest.fixture
def waiting(store, inspection, sam, who):
    """A flag that waits, and Sam, who came afterwards by himself."""
    number = make_flag(store, inspection)
    rota.add(store, who("sam"), SLUG, shift(sam), NOON)
    return number


def outside(store, me):
    return letting_in.outside(store, me, SLUG, NOON)


def test_who_cannot_open_what_waits_is_named_with_who_can_let_them_in(
    store, waiting, dee, sam, who
):
    (found,) = outside(store, dee)
    assert (found.who, found.called, found.flags) == (sam, "Sam Second", 1)
    assert found.by_me
    assert found.others == ("Lena Lead",)
    (same,) = outside(store, who("sam"))
    assert not same.by_me
    assert same.others == ("Dee Duty", "Lena Lead")


def test_who_is_let_in_opens_it_and_is_not_named_any_more(
    store, inspection, waiting, dee, sam, who
):
    before = len(written(store, inspection, Verb.GRANTED))
    assert letting_in.let_in(store, dee, SLUG, sam, NOON) == 1
    moving.open_(store, who("sam"), waiting, NOON)
    opened = duty_desk.read(store, who("sam"), waiting)
    assert "nothing helps" in str(opened.notes)
    assert outside(store, dee) == ()
    granted = written(store, inspection, Verb.GRANTED)[before:]
    assert [(each.staff, json.loads(each.detail)["to"]) for each in granted] == [
        (dee.id, sam)
    ]


def test_a_second_time_gives_nothing_more(store, inspection, waiting, dee, sam):
    letting_in.let_in(store, dee, SLUG, sam, NOON)
    before = written(store, inspection, Verb.GRANTED)
    assert letting_in.let_in(store, dee, SLUG, sam, NOON) == 0
    assert written(store, inspection, Verb.GRANTED) == before


def test_who_is_let_in_opens_what_is_closed_too(store, inspection, lena, sam, who):
    number = make_flag(store, inspection)
    for move in (moving.open_, moving.acknowledge, moving.take):
        move(store, lena, number, NOON)
    moving.close(store, lena, number, Outcome.NOT_A_CONCERN, "Nothing", NOON)
    rota.add(store, who("sam"), SLUG, shift(sam), NOON)
    assert outside(store, lena) == ()
    letting_in.let_in(store, lena, SLUG, sam, NOON)
    assert duty_desk.read(store, who("sam"), number).holds_key


def test_who_cannot_open_it_cannot_let_anybody_in(store, inspection, waiting, who, sam):
    tam = make_staff(store, "tam", "Tam Third", Role.DUTY)
    with store.begin() as db:
        inspections.assign(db, inspection.id, tam)
    rota.add(store, who("tam"), SLUG, shift(tam, place=2), NOON)
    assert [each.by_me for each in outside(store, who("sam"))] == [False, False]
    assert letting_in.let_in(store, who("sam"), SLUG, tam, NOON) == 1
    with store.read() as db:
        first = inspections.vaults(db, inspection.id)
    held = vault_keys(store, who("tam"), Holder.DUTY)
    assert {each.version for each in first if each.id in held} == {2, 3}


def test_what_somebody_must_not_see_is_no_reason_to_let_them_in(
    store, waiting, dee, sam
):
    barring.bar(store, dee, waiting, sam, NOON)
    assert outside(store, dee) == ()


@pytest.mark.parametrize("name", ["evan", "adam", "fay"])
def test_nobody_but_the_people_of_the_rota_is_let_in_or_asked(
    store, inspection, waiting, dee, who, name
):
    with pytest.raises(NotTheirs):
        letting_in.let_in(store, dee, SLUG, inspection.staff[name], NOON)
    with pytest.raises(NotTheirs):
        letting_in.let_in(store, who(name), SLUG, dee.id, NOON)
    with pytest.raises(NotTheirs):
        outside(store, who(name))


def test_an_inspector_who_is_on_no_shift_is_not_let_in(store, inspection, dee, sam):
    make_flag(store, inspection)
    assert outside(store, dee) == ()
    with pytest.raises(NotTheirs):
        letting_in.let_in(store, dee, SLUG, sam, NOON)
