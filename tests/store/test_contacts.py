"""Where people are told: each address once, in their order, and what refused it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engage.store import contacts, reaching
from engage.store.contacts import AlreadyThere, NewContact
from tests.store.making import NOON, make_scene, make_staff


@pytest.fixture
def scene(store):
    with store.begin() as db:
        return make_scene(db)


def add(store, **new):
    with store.begin() as db:
        return contacts.add(db, NewContact(**new))


def of(store, staff):
    with store.read() as db:
        return contacts.of_staff(db, staff)


def mail(scene, address="ailsa@engage.example", **more):
    return {"staff": scene.ailsa, "channel": "mail", "address": address} | more


def test_addresses_come_out_as_they_went_in_and_the_last_is_tried_last(store, scene):
    add(store, **mail(scene))
    keys = {"p256dh": "a", "auth": "b"}
    push = {"channel": "push", "address": "https://push.example/1", "keys": keys}
    add(store, staff=scene.ailsa, **push)
    first, second = of(store, scene.ailsa)
    assert (first.channel, first.address, first.keys) == (
        "mail",
        mail(scene)["address"],
        {},
    )
    assert (second.channel, second.address, second.keys) == tuple(push.values())
    assert (first.place, second.place) == (1, 2)
    assert (first.staff, first.inspection) == (scene.ailsa, None)
    assert (first.refused_at, first.refused_why) == (None, "")


def test_the_same_address_twice_is_said_and_the_transaction_stands(store, scene):
    with store.begin() as db:
        contacts.add(db, NewContact(**mail(scene)))
        with pytest.raises(AlreadyThere):
            contacts.add(db, NewContact(**mail(scene)))
        contacts.add(db, NewContact(**mail(scene, "other@engage.example")))
    assert [each.place for each in of(store, scene.ailsa)] == [1, 2]


def test_two_people_may_share_an_address_and_neither_sees_the_others(store, scene):
    with store.begin() as db:
        other = make_staff(db, "bram")
    add(store, **mail(scene))
    add(store, **mail(scene, staff=other))
    assert [each.staff for each in of(store, scene.ailsa)] == [scene.ailsa]
    assert [each.place for each in of(store, other)] == [1]


def test_a_hub_is_the_inspections_and_nobodys_own(store, scene):
    hub = {"channel": "webhook", "address": "https://hub.example/1"}
    add(store, inspection=scene.inspection, **hub)
    with pytest.raises(AlreadyThere):
        add(store, inspection=scene.inspection, **hub)
    with store.read() as db:
        (found,) = contacts.of_inspection(db, scene.inspection)
    assert (found.staff, found.inspection) == (None, scene.inspection)
    assert of(store, scene.ailsa) == ()


@pytest.mark.parametrize("both", [True, False])
def test_an_address_is_either_somebodys_or_an_inspections(store, scene, both):
    whose = {"staff": scene.ailsa, "inspection": scene.inspection} if both else {}
    with pytest.raises(IntegrityError):
        add(store, channel="mail", address="x@engage.example", **whose)


def test_they_can_be_put_in_another_order_and_removed(store, scene):
    first = add(store, **mail(scene, "1@engage.example"))
    second = add(store, **mail(scene, "2@engage.example"))
    with store.begin() as db:
        contacts.put_at(db, second, 1)
        contacts.put_at(db, first, 2)
    assert [each.id for each in of(store, scene.ailsa)] == [second, first]
    with store.begin() as db:
        contacts.remove(db, second)
        contacts.remove(db, second)
    assert [each.id for each in of(store, scene.ailsa)] == [first]
    add(store, **mail(scene, "2@engage.example"))
    assert [each.address[0] for each in of(store, scene.ailsa)] == ["1", "2"]
    assert [each.place for each in of(store, scene.ailsa)] == [2, 3]


def test_what_refused_is_not_tried_until_it_is_known_to_work_again(store, scene):
    number = add(store, **mail(scene))

    def reached():
        with store.read() as db:
            found = reaching.reach(db, scene.inspection, [scene.ailsa])
        return [each.contact for each in found]

    assert reached() == [number]
    with store.begin() as db:
        contacts.refused(db, number, NOON, "no such address " * 99)
    (found,) = of(store, scene.ailsa)
    assert found.refused_at == NOON
    assert found.refused_why.startswith("no such address")
    assert reached() == []
    with store.begin() as db:
        contacts.refused(db, number, NOON + timedelta(hours=1), "again")
        contacts.refused(db, number, None, "")
    (found,) = of(store, scene.ailsa)
    assert (found.refused_at, found.refused_why) == (None, "")
    assert reached() == [number]
