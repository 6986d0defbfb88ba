"""Somebody on duty says how they want to be told, and it is their own affair."""

import json
from dataclasses import replace

import pytest

from engage.core.duty.journal import Verb
from engage.services import telling
from engage.services.channels.settings import Channels
from engage.store import contacts, inspections, journal
from tests.factories import NOON, PASSWORD
from tests.services.channels.hub import Hub

WRITTEN = [Verb.CONTACT_ADDED, Verb.NOT_SENT, Verb.CONTACT_REMOVED]
VAPID = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"


@pytest.fixture
def hub():
    made = Hub()
    yield made
    made.close()


@pytest.fixture
def desk(app, visit, inspection, hub):
    """With mail, hubs, text messages and push set up."""
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
        vapid_key=VAPID,
        vapid_contact="mailto:ops@engage.example",
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
    assert "Removed" in page.select_one("[role=status]").text
    assert not desk.get("/duty/how").select("[role=status]")


def test_what_is_done_is_in_the_journal_without_any_address(desk, store, inspection):
    page = desk.post("/duty/how", channel="mail", address="dee@engage.example")
    desk.post(page.select_one("form[action$=test]")["action"])
    desk.post(page.select_one("form[action$=remove]")["action"])
    with store.read() as db:
        done = [each for each in journal.every(db) if each.verb in WRITTEN]
    assert [each.verb for each in done] == WRITTEN
    assert {each.staff for each in done} == {inspection.staff["dee"]}
    assert [json.loads(each.detail) for each in done] == [
        {"channel": "mail"},
        {"channel": "mail", "step": "test", "outcome": "failed"},
        {"channel": "mail"},
    ]


def test_nobody_needs_more_than_ten(desk):
    for number in range(telling.MOST):
        desk.post("/duty/how", channel="mail", address=f"{number}@engage.example")
    page = desk.post("/duty/how", 422, channel="mail", address="more@engage.example")
    assert "as many as fit" in page.select_one("#wrong-mail").text


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("mail", "nobody"),
        ("mail", "a@b"),
        ("mail", "a b@c.example"),
        ("mail", "é@c.example"),
        ("mail", "a@b.example, c@d.example"),
        ("mail", f"{'a' * 500}@c.example"),
        ("mail", "a@b.example\nBcc: x@y.example"),
        ("sms", "0131 496 0000"),
        ("sms", "hello"),
        ("sms", "07700"),
        ("sms", "+353 87 123 4567"),
        ("sms", "07400 123456 ext 3"),
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
    desk.post("/duty/how", 422, channel="notify-mail", address="dee@engage.example")
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
    for act in ("up", "test", "remove"):
        # As for one that is not there any more: it tells nothing.
        there = desk.post(f"/duty/how/{number}/{act}").main.text
        assert there == desk.post(f"/duty/how/999/{act}").main.text
    with store.read() as db:
        assert len(contacts.of_staff(db, inspection.staff["lena"])) == 1
        assert not [each for each in journal.every(db) if each.verb in WRITTEN]


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


def test_a_lead_of_two_sees_the_fault_beside_the_right_one(desk, store, inspection):
    with store.begin() as db:
        new = inspections.NewInspection(
            slug="glen",
            programme="living-at-home",
            area="Glen",
            script_id="living-at-home",
            cover={},
            local={},
        )
        glen = inspections.add(db, new)
        inspections.assign(db, glen, inspection.staff["lena"])
    desk.post("/staff/sign-out")
    desk.sign_in("lena", PASSWORD)
    page = desk.post("/duty/how", 422, channel="webhook", address="x", inspection=glen)
    assert "not the address of a hub" in page.select_one(f"#wrong-webhook{glen}").text
    (field,) = page.select("[aria-invalid]")
    assert "Glen" in field.find_parent("section").h2.text


@pytest.mark.parametrize("inspection_", ["", "x", "-1", "²", "9" * 5000])
def test_an_inspection_that_is_none_has_no_hubs(desk, hub, inspection_):
    given = {"channel": "webhook", "inspection": inspection_, "address": hub.url}
    desk.post("/duty/how", 404, **given)


def test_a_device_signs_up_for_push_and_is_told_apart_from_another(desk, store):
    given = {"channel": "push", "p256dh": "BA" + "A" * 85, "auth": "A" * 22}
    desk.post("/duty/how", address="https://push.example/send/device-one", **given)
    page = desk.post("/duty/how", address="https://push.example/device-two", **given)
    first, second = (each.text for each in page.select(".flags .head"))
    assert "push.example, …ce-one" in first
    assert "push.example, …ce-two" in second
    for wrong in (
        {"address": "http://push.example/x"},
        {"address": "https://push.example/" + "x" * 1000},
        {"auth": "short"},
        {"p256dh": "é"},
    ):
        page = desk.post(
            "/duty/how", 422, **({"address": "https://a.b/c"} | given | wrong)
        )
        assert "could not be signed up" in page.select_one("[role=alert]").text
    assert len(page.select(".flags .flag")) == 2


def test_where_nothing_works_it_says_so(desk, app, store, inspection):
    desk.post("/duty/how", channel="mail", address="dee@engage.example")
    assert not desk.get("/duty/how").select(".alarm")
    with store.begin() as db:
        (mine,) = contacts.of_staff(db, inspection.staff["dee"])
        contacts.refused(db, mine.id, NOON, "nobody there")
    page = desk.get("/duty/how")
    assert "none of your addresses works" in page.select_one(".alarm").text
    assert "nobody there. Send a test to use it again" in page.select_one(".wrong").text
    app.extensions["engage"] = replace(
        app.extensions["engage"],
        settings=replace(app.extensions["engage"].settings, channels=Channels()),
    )
    page = desk.get("/duty/how")
    assert "nothing is set up on this server" in page.select_one(".alarm").text
    assert not page.select("form[action$='/how']")


def test_the_worker_of_the_phone_may_act_on_the_desk_alone(desk):
    answer = desk.client.get("/duty/push-worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/duty/"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "javascript" in answer.mimetype
