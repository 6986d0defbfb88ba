"""The duty vault follows the rota: who can open what, when people come and go."""

import json

import pytest

from engage.core.duty.journal import Verb
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Outcome
from engage.core.sealing.keys import Holder
from engage.services import (
    duty_desk,
    moving,
    rota,
)
from engage.services.granting import vault_keys
from engage.store import flags, held, inspections
from engage.store.held import HeldNote
from tests.factories import NOON, make_flag
from tests.services.rota_people import (
    SLUG,
    everything,
    on,
    shift,
    written,
)
from tests.services.rota_people import dee as dee
from tests.services.rota_people import lena as lena
from tests.services.rota_people import sam as sam
from tests.services.rota_people import who as who


@pytest.fixture
def readable(store, who):
    """Whether this person can open what a flag says."""

    def held(name, flag):
        with store.read() as db:
            found = flags.get(db, flag, who(name).id)
        return found.vault in vault_keys(store, who(name), Holder.DUTY)

    return held


def versions(store, inspection):
    with store.read() as db:
        found = inspections.vaults(db, inspection.id)
    return [each.version for each in found if each.holder is Holder.DUTY]


def test_who_comes_on_the_rota_opens_what_was_raised_before_and_after(
    store, inspection, lena, sam, who, readable
):
    before = make_flag(store, inspection, reference="BEFORE")
    assert not readable("sam", before)
    rota.add(store, lena, SLUG, shift(sam), NOON)
    after = make_flag(store, inspection, reference="AFTER")
    assert versions(store, inspection) == [1, 2]
    for name in ("sam", "dee", "lena"):
        assert readable(name, before)
        assert readable(name, after)
    moving.open_(store, who("sam"), before, NOON)
    opened = duty_desk.read(store, who("sam"), before)
    assert "nothing helps" in str(opened.notes)


def test_who_comes_on_the_rota_opens_what_is_held_ready_for_a_child_who_left(
    store, inspection, lena, sam, who
):
    with store.begin() as db:
        old = inspections.current_vaults(db, inspection.id)[Holder.DUTY].id
        note = HeldNote(
            tag="t",
            inspection=inspection.id,
            vault=old,
            reference="H1-0001",
            number=1,
            level=Level.CHECK,
            envelope=b"sealed",
            for_duty=None,
            for_child=None,
            release_at=NOON,
        )
        held.hold(db, note)
    rota.add(store, lena, SLUG, shift(sam), NOON)
    assert old in vault_keys(store, who("sam"), Holder.DUTY)


def test_who_leaves_the_rota_opens_the_old_ones_and_not_the_new(
    store, inspection, lena, dee, sam, readable
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    before = make_flag(store, inspection, reference="BEFORE")
    everything(store, dee, inspection)
    after = make_flag(store, inspection, reference="AFTER")
    assert readable("dee", before)
    assert not readable("dee", after)
    for name in ("sam", "lena"):
        assert readable(name, after)


def test_who_comes_back_opens_what_was_raised_meanwhile(
    store, inspection, lena, dee, sam, readable
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    everything(store, dee, inspection)
    meanwhile = make_flag(store, inspection)
    rota.add(store, lena, SLUG, shift(dee.id, place=2), NOON)
    assert readable("dee", meanwhile)


def test_who_puts_themselves_on_waits_for_somebody_who_holds_the_old_keys(
    store, inspection, lena, sam, who, readable
):
    before = make_flag(store, inspection, reference="BEFORE")
    rota.add(store, who("sam"), SLUG, shift(sam), NOON)
    after = make_flag(store, inspection, reference="AFTER")
    assert readable("sam", after)
    assert not readable("sam", before)
    rota.add(store, lena, SLUG, shift(lena.id, place=2), NOON)
    assert readable("sam", before)


def test_a_closed_flag_is_not_opened_to_who_comes_later(
    store, inspection, lena, sam, readable
):
    number = make_flag(store, inspection)
    moving.open_(store, lena, number, NOON)
    moving.acknowledge(store, lena, number, NOON)
    moving.take(store, lena, number, NOON)
    moving.close(store, lena, number, Outcome.NOT_A_CONCERN, "Nothing", NOON)
    rota.add(store, lena, SLUG, shift(sam), NOON)
    assert not readable("sam", number)


def test_the_same_people_keep_the_same_vault(store, inspection, lena, dee):
    rota.add(store, lena, SLUG, shift(dee.id), NOON)
    rota.remove(store, lena, SLUG, on(store, inspection)[-1].id, NOON)
    assert versions(store, inspection) == [1]
    assert written(store, inspection, Verb.VAULT_CHANGED, Verb.GRANTED) == []


def test_a_vault_that_changes_is_written_down_without_a_name(
    store, inspection, lena, sam
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    assert len(written(store, inspection, Verb.VAULT_CHANGED)) == 1
    granted = written(store, inspection, Verb.GRANTED)
    people = {inspection.staff[name] for name in ("dee", "lena", "sam")}
    assert {json.loads(each.detail)["to"] for each in granted} == people
    assert {each.staff for each in granted} == {lena.id}


def test_no_vault_is_ever_left_without_anybody(store, inspection, dee, lena, readable):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, lena.id)
    everything(store, dee, inspection)
    assert versions(store, inspection) == [1]
    assert readable("dee", make_flag(store, inspection))
