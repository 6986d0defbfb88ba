"""Addresses of staff: whose they are, how they are kept, and what a test does."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engage.core.duty.journal import Verb
from engage.services import telling
from engage.services.channels import webhook
from engage.services.channels.settings import Channels
from engage.store import contacts
from tests.factories import NOON
from tests.services.channels.hub import Hub
from tests.services.rota_people import dee as dee
from tests.services.rota_people import lena as lena
from tests.services.rota_people import who as who
from tests.services.rota_people import written

NOTIFY_KEY = "engage-{0}-{0}".format("12345678-1234-4234-8234-123456789012")
KEYS = {"p256dh": "BA" + "A" * 85, "auth": "A" * 22}


@pytest.fixture
def hub():
    made = Hub()
    yield made
    made.close()


@pytest.fixture
def channels(hub):
    """Hubs, and text messages by a server on this machine."""
    return Channels(
        hook_secret="x",
        hook_local=True,
        notify_key=NOTIFY_KEY,
        notify_sms="s",
        notify_url=hub.url,
    )


def addresses(store, me):
    return [each.address for each in telling.mine(store, me)]


@pytest.mark.parametrize(
    "typed",
    [
        "07400 123456",
        "+44 7400 123456",
        " 07400-123-456 ",
        "0044 (0)7400 123456",
        "(+44) 07400 123456",
    ],
)
def test_a_number_is_kept_in_one_way_however_it_is_typed(store, dee, typed):
    telling.add_phone(store, dee, typed, NOON)
    assert addresses(store, dee) == ["+447400123456"]
    with pytest.raises(telling.AlreadyThere):
        telling.add_phone(store, dee, "07400123456", NOON)


def test_addresses_move_up_one_place_and_the_first_stays_first(store, dee):
    for letter in "abc":
        telling.add_mail(store, dee, "mail", f"{letter}@engage.example", NOON)
    last = telling.mine(store, dee)[-1].id
    orders = []
    for _ in range(3):
        telling.up(store, dee, last)
        orders.append("".join(each[0] for each in addresses(store, dee)))
    assert orders == ["acb", "cab", "cab"]


def test_nobody_sees_moves_tests_or_removes_anothers(store, dee, lena, channels, hub):
    telling.add_phone(store, lena, "07400 123456", NOON)
    (hers,) = telling.mine(store, lena)
    assert telling.mine(store, dee) == ()
    for act in (
        lambda: telling.up(store, dee, hers.id),
        lambda: telling.remove(store, dee, hers.id, NOON),
        lambda: telling.test(store, dee, channels, hers.id, NOON),
    ):
        with pytest.raises(telling.NotTheirs):
            act()
    assert telling.mine(store, lena) == (hers,)
    assert hub.got == []


def test_a_hub_is_its_leads_alone(store, inspection, dee, lena, channels, hub):
    with pytest.raises(telling.NotTheirs):
        telling.add_hub(store, dee, channels, inspection.id, hub.url, NOON)
    telling.add_hub(store, lena, channels, inspection.id, hub.url, NOON)
    ((made,),) = (each.contacts for each in telling.hubs(store, lena))
    assert telling.hubs(store, dee) == ()
    assert telling.mine(store, lena) == ()
    with pytest.raises(telling.NotTheirs):
        telling.remove(store, dee, made.id, NOON)
    assert telling.test(store, lena, channels, made.id, NOON) == ""
    telling.remove(store, lena, made.id, NOON)
    done = written(
        store, inspection, Verb.CONTACT_ADDED, Verb.SENT, Verb.CONTACT_REMOVED
    )
    assert [json.loads(each.detail) for each in done] == [
        {"channel": "webhook"},
        {"channel": "webhook", "step": "test", "outcome": "sent"},
        {"channel": "webhook"},
    ]


def test_a_device_keeps_its_two_keys_and_nothing_else(store, dee):
    channels = Channels(vapid_key="x")
    more = KEYS | {"csrf_token": "secret", "channel": "push"}
    telling.add_push(store, dee, channels, "https://push.example/1", more, NOON)
    (made,) = telling.mine(store, dee)
    assert made.keys == KEYS


def test_a_test_that_gets_through_puts_an_address_back_to_use(
    store, dee, channels, hub
):
    telling.add_phone(store, dee, "07400 123456", NOON)
    (mine,) = telling.mine(store, dee)
    with store.begin() as db:
        contacts.refused(db, mine.id, NOON, "nobody there")
    hub.answer = 500
    assert "500" in telling.test(store, dee, channels, mine.id, NOON)
    (still,) = telling.mine(store, dee)
    assert still.refused_why == "nobody there"
    hub.answer, hub.body = 201, b'{"id": "1"}'
    assert telling.test(store, dee, channels, mine.id, NOON) == ""
    (works,) = telling.mine(store, dee)
    assert (works.refused_at, works.refused_why) == (None, "")


def test_a_test_of_a_channel_that_is_not_set_up_any_more_says_so(store, dee, channels):
    telling.add_mail(store, dee, "mail", "dee@engage.example", NOON)
    (mine,) = telling.mine(store, dee)
    said = telling.test(store, dee, replace(channels, smtp_host=""), mine.id, NOON)
    assert said == "this channel is not set up"
    assert telling.mine(store, dee) == (mine,)


def test_the_database_is_free_while_a_test_is_under_way(
    store, inspection, lena, channels, hub, monkeypatch
):
    """A hub may take seconds, and others write meanwhile."""
    monkeypatch.setattr(webhook, "SECONDS", 3)
    hub.drip = 0.2
    telling.add_hub(store, lena, channels, inspection.id, hub.url, NOON)
    ((made,),) = (each.contacts for each in telling.hubs(store, lena))
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(telling.test, store, lena, channels, made.id, NOON)
        while not hub.got and not said.done():
            time.sleep(0.02)
        telling.add_mail(store, lena, "mail", "lena@engage.example", NOON)
        assert not said.done()
    assert said.result() == "the hub took too long"
    assert addresses(store, lena) == ["lena@engage.example"]
