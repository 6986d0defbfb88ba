"""Somebody on duty says how they want to be told, and it is their own affair."""

from dataclasses import replace

import pytest

from engage.services.channels.settings import Channels
from engage.store import contacts
from tests.factories import PASSWORD
from tests.services.channels.hub import Hub


@pytest.fixture
def hub():
    made = Hub()
    yield made
    made.close()


@pytest.fixture
def desk(app, visit, inspection, hub):
    """With mail, hubs and text messages set up."""
    wired = app.extensions["engage"]
    channels = Channels(
        address="https://engage.example",
        smtp_host="localhost",
        smtp_port=9,
        smtp_from="desk@engage.example",
        hook_secret="x",
        hook_local=True,
        notify_key="engage-" + "12345678-1234-4234-8234-123456789012-" * 2,
        notify_sms="s",
        notify_url=hub.url,
    )
    settings = replace(wired.settings, channels=channels)
    app.extensions["engage"] = replace(wired, settings=settings)
    visit.sign_in("dee", PASSWORD)
    return visit


def test_without_any_address_it_says_what_that_means(desk):
    assert "Nobody can reach you away from the desk" in desk.get("/duty/how").main.text


def test_addresses_are_added_put_in_order_and_removed(desk, store, inspection):
    desk.post("/duty/how", channel="mail", address="dee@engage.example")
    page = desk.post("/duty/how", channel="sms", address="07400 123456")
    assert "+447400123456" in page.main.text
    first, second = page.select(".flags .flag")
    assert "dee@engage.example" in first.text
    up = second.select_one("form[action$=up]")["action"]
    first, second = desk.post(up).select(".flags .flag")
    assert "+447400123456" in first.text
    page = desk.post(first.select_one("form[action$=remove]")["action"])
    assert "+447400123456" not in page.main.text


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("mail", "nobody"),
        ("mail", "a@b"),
        ("mail", "a b@c.example"),
        ("mail", "a@b.example\nBcc: x@y.example"),
        ("sms", "0131 496 0000"),
        ("sms", "hello"),
        ("sms", "07700"),
    ],
)
def test_what_is_no_address_is_said_kindly_and_kept_to_be_mended(desk, channel, typed):
    page = desk.post("/duty/how", 422, channel=channel, address=typed)
    assert "This is not" in page.select_one(f"#wrong-{channel}").text
    field = page.select_one("[aria-invalid]")
    assert field["value"].replace("\r\n", "\n") == typed


def test_the_same_address_twice_and_a_way_that_is_not_set_up(desk):
    desk.post("/duty/how", channel="mail", address="dee@engage.example")
    page = desk.post("/duty/how", 422, channel="mail", address="dee@engage.example")
    assert "You have this one already" in page.main.text
    desk.post("/duty/how", 422, channel="push", address="https://push.example")
    desk.post("/duty/how", 422, channel="pigeon", address="x")


def test_a_test_says_what_came_of_it(desk, hub, store, inspection):
    page = desk.post("/duty/how", channel="mail", address="dee@engage.example")
    test = page.select_one("form[action$=test]")["action"]
    assert "the mail server does not answer" in desk.post(test).main.text
    page = desk.post("/duty/how", channel="sms", address="07400 123456")
    test = page.select(".flags .flag")[1].select_one("form[action$=test]")["action"]
    hub.answer, hub.body = 201, b'{"id": "1"}'
    assert "The test is on its way" in desk.post(test).main.text
    assert b"only a test" in hub.got[0][2]
    hub.answer = 400
    hub.body = (
        b'{"status_code": 400, "errors": [{"error": "E", "message": "phone_number"}]}'
    )
    page = desk.post(test)
    assert "says that this is no address" in page.main.text
    assert "Not used since" in page.main.text


def test_nobody_touches_anothers_address(desk, store, inspection):
    with store.begin() as db:
        number = contacts.add(
            db,
            contacts.NewContact(
                staff=inspection.staff["lena"], channel="mail", address="l@e.example"
            ),
        )
    for act in ("remove", "up", "test"):
        desk.post(f"/duty/how/{number}/{act}", 404)
    with store.read() as db:
        assert len(contacts.of_staff(db, inspection.staff["lena"])) == 1


def test_only_the_lead_gives_an_inspection_a_hub(desk, hub, store, inspection):
    given = {"channel": "webhook", "inspection": inspection.id, "address": hub.url}
    desk.post("/duty/how", 404, **given)
    desk.post("/staff/sign-out")
    desk.sign_in("lena", PASSWORD)
    page = desk.post("/duty/how", **given)
    assert hub.url in page.main.text
    desk.post("/duty/how", 404, **(given | {"inspection": 999}))
    desk.post("/duty/how", 422, **(given | {"address": "http://hub.example"}))
    test = page.select_one("form[action$=test]")["action"]
    assert "The test is on its way" in desk.post(test).main.text
    assert len(hub.got) == 1


def test_the_worker_of_the_phone_may_act_on_the_desk_alone(desk):
    answer = desk.client.get("/duty/push-worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/duty/"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "javascript" in answer.mimetype
