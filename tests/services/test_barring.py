"""Who must not see a flag neither sees it nor is called; somebody always still can."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engage.core.duty.journal import Verb
from engage.core.people import Role
from engage.core.safeguarding.flags import Stage
from engage.services import barring, duty_desk, handing_over
from engage.store import flags, inspections, journal
from tests.databases import postgresql as postgresql
from tests.databases import postgresql_store as postgresql_store
from tests.databases import postgresql_url as postgresql_url
from tests.databases import sqlite as sqlite
from tests.databases import sqlite_template as sqlite_template
from tests.databases import store as store
from tests.factories import NOON, make_staff
from tests.services.test_handing_over import WHOM, in_hand, stage
from tests.services.test_handing_over import dee as dee
from tests.services.test_handing_over import lena as lena


@pytest.fixture
def number(store, inspection):
    return in_hand(store, inspection)


def test_who_is_kept_from_it_can_do_nothing_with_it(store, dee, lena, number):
    barring.bar(store, dee, number, lena.id, NOON)
    for act in (
        lambda: handing_over.draft(store, lena, number, NOON),
        lambda: handing_over.save(store, lena, number, WHOM, 0, NOON),
        lambda: handing_over.finish(store, lena, number, WHOM, 0, NOON),
        lambda: handing_over.printed(store, lena, number, NOON),
        lambda: barring.readers(store, lena, number),
        lambda: barring.bar(store, lena, number, dee.id, NOON),
    ):
        with pytest.raises(duty_desk.NotThere):
            act()
    found = barring.readers(store, dee, number)
    assert found.free == {dee.id: "Dee Duty"}
    assert found.kept == {lena.id: "Lena Lead"}
    with store.read() as db:
        (entry,) = journal.since(db, Verb.BARRED, NOON)
    assert entry.detail == f'{{"whom": {lena.id}}}'


def test_who_was_kept_from_it_by_mistake_sees_it_again(store, dee, lena, number):
    barring.bar(store, dee, number, lena.id, NOON)
    with pytest.raises(duty_desk.NotThere):
        barring.lift(store, lena, number, lena.id, NOON)
    barring.lift(store, dee, number, lena.id, NOON)
    barring.lift(store, dee, number, lena.id, NOON)
    assert handing_over.draft(store, lena, number, NOON)
    assert barring.readers(store, dee, number).kept == {}
    with store.read() as db:
        (entry,) = journal.since(db, Verb.BAR_LIFTED, NOON)
    assert entry.detail == f'{{"whom": {lena.id}}}'


def test_the_last_who_can_open_it_is_never_kept_from_it(store, dee, lena, number):
    barring.bar(store, dee, number, lena.id, NOON)
    with pytest.raises(barring.NobodyLeft):
        barring.bar(store, dee, number, dee.id, NOON)
    barring.bar(store, dee, number, lena.id, NOON)
    with store.read() as db:
        assert len(journal.since(db, Verb.BARRED, NOON)) == 1
    assert stage(store, dee, number) is Stage.IN_HAND


def test_two_who_keep_each_other_from_it_at_once_do_not_both_lose_it(
    store, dee, lena, number
):
    def bar(pair):
        me, other = pair
        try:
            barring.bar(store, me, number, other.id, NOON)
        except (barring.NobodyLeft, duty_desk.NotThere):
            return "refused"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(bar, ((dee, lena), (lena, dee))))
    assert said == ["kept", "refused"]
    with store.read() as db:
        left = [flags.get(db, number, each.id) for each in (dee, lena)]
    assert left.count(None) == 1


def test_somebody_without_the_key_is_not_counted_as_one_who_can_open_it(
    store, inspection, dee, lena, number
):
    sam = make_staff(store, "sam", "Sam Second", Role.DUTY)
    with store.begin() as db:
        inspections.assign(db, inspection.id, sam)
    barring.bar(store, dee, number, lena.id, NOON)
    with pytest.raises(barring.NobodyLeft):
        barring.bar(store, dee, number, dee.id, NOON)
    barring.bar(store, dee, number, sam, NOON)
    with pytest.raises(duty_desk.NotThere):
        barring.bar(store, dee, number, inspection.staff["dee"] + 999, NOON)
