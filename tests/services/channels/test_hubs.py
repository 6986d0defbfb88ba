"""Hubs and GOV.UK Notify: real servers here, that misbehave as asked."""

import hmac
import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engage.core.duty.notices import Notice
from engage.core.safeguarding.concerns import Level
from engage.services.channels import notify, sending, webhook
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels

NOTICE = Notice(
    "K7-4242",
    Level.NOW,
    datetime(2026, 11, 25, 16, 52, tzinfo=UTC),
    "on-duty",
    address="https://engage.example",
    key="engage-7",
)
SAID = "A now flag is waiting: K7-4242, since 16:52 on 25 Nov"

HOOK = Channels(hook_secret="known to both", hook_local=True)


def test_a_hub_can_check_that_it_is_ours_and_learns_nothing_else(hub):
    webhook.send(HOOK, f"{hub.url}/hook", NOTICE)
    ((path, headers, body),) = hub.got
    stamp = headers["X-Engage-Timestamp"]
    signed = hmac.new(b"known to both", f"{stamp}.".encode() + body, "sha256")
    assert headers["X-Engage-Signature"] == f"v1={signed.hexdigest()}"
    assert abs(int(stamp) - time.time()) < 60
    assert path == "/hook"
    assert json.loads(body) == {
        "text": f"Engage. {SAID}. You are on duty. https://engage.example/staff/sign-in",
        "reference": "K7-4242",
        "level": "now",
        "since": "2026-11-25T16:52:00+00:00",
        "step": "on-duty",
        "drill": False,
    }


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_hub_that_refuses_is_not_asked_again(hub, status):
    hub.answer = status
    with pytest.raises(Refused, match=str(status)):
        webhook.send(HOOK, hub.url, NOTICE)


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_a_hub_that_cannot_just_now_is_asked_again_and_never_followed(hub, status):
    hub.answer = status
    hub.headers = [("Location", f"{hub.url}/elsewhere")]
    with pytest.raises(Failed, match=str(status)):
        webhook.send(HOOK, hub.url, NOTICE)
    assert len(hub.got) == 1


def test_a_hub_that_drips_holds_nobody_up(hub, monkeypatch):
    monkeypatch.setattr(webhook, "SECONDS", 0.5)
    hub.drip = 0.1
    began = time.monotonic()
    with pytest.raises(Failed, match="too long"):
        webhook.send(HOOK, hub.url, NOTICE)
    assert time.monotonic() - began < 3


def test_a_hub_that_is_not_there_fails():
    with pytest.raises(Failed, match="does not answer"):
        webhook.send(HOOK, "http://127.0.0.1:9", NOTICE)


@pytest.mark.parametrize(
    "address",
    [
        "http://hub.example/x",
        "https://user:secret@hub.example/",
        "ftp://hub.example",
        "https://",
        "http://[::1",
        "hub.example",
    ],
)
def test_only_an_https_address_without_a_password_is_a_hub(address):
    with pytest.raises(Refused):
        webhook.send(Channels(hook_secret="x"), address, NOTICE)


NOTIFY_KEY = "engage-{0}-{0}".format("12345678-1234-4234-8234-123456789012")


@pytest.fixture
def notified(hub):
    hub.answer, hub.body = 201, json.dumps({"id": "1"}).encode()
    return Channels(
        notify_key=NOTIFY_KEY, notify_sms="s", notify_mail="m", notify_url=hub.url
    )


def test_notify_gets_a_template_and_the_agreed_words_only(hub, notified):
    notify.send_sms(notified, "+447700900123", NOTICE)
    notify.send_mail(notified, "dee@engage.example", NOTICE)
    (path, headers, body), (other, _, mail) = hub.got
    assert path == "/v2/notifications/sms"
    assert other == "/v2/notifications/email"
    assert headers["Authorization"].startswith("Bearer ")
    sent = json.loads(body)
    assert sent["phone_number"] == "+447700900123"
    assert sent["template_id"] == "s"
    assert set(sent["personalisation"]) == {"text"}
    assert SAID in sent["personalisation"]["text"]
    assert set(json.loads(mail)["personalisation"]) == {"subject", "text"}


def test_notify_says_which_numbers_are_none_and_all_else_is_tried_again(hub, notified):
    hub.answer = 400
    hub.body = json.dumps(
        {
            "status_code": 400,
            "errors": [{"error": "ValidationError", "message": "phone_number bad"}],
        }
    ).encode()
    with pytest.raises(Refused, match="no address"):
        notify.send_sms(notified, "+4477", NOTICE)
    for status in (403, 429, 500):
        hub.answer = status
        with pytest.raises(Failed, match=str(status)):
            notify.send_sms(notified, "+4477", NOTICE)


def test_whatever_answers_in_the_place_of_notify_is_a_failure(hub, notified):
    hub.answer, hub.body = 200, b"<html>Welcome to our network</html>"
    with pytest.raises(Failed):
        notify.send_sms(notified, "+447700900123", NOTICE)
    away = replace(notified, notify_url="http://127.0.0.1:9")
    with pytest.raises(Failed, match="503"):
        notify.send_sms(away, "+447700900123", NOTICE)
    with pytest.raises(Failed, match="set up"):
        notify.send_sms(replace(notified, notify_key="x"), "+447700900123", NOTICE)


def test_no_number_and_no_key_gets_into_a_log_or_a_reason(hub, notified, caplog):
    hub.answer = 400
    hub.body = json.dumps(
        {"errors": [{"error": "E", "message": "phone_number +447700900123 is bad"}]}
    ).encode()
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
        notify.send_sms(notified, "+447700900123", NOTICE)
    said = caplog.text + str(refused.value)
    assert "7700900123" not in said
    assert NOTIFY_KEY not in said


def test_a_channel_that_is_not_set_up_fails_and_another_may_be_tried():
    for channel in ("mail", "sms", "notify-mail", "webhook", "push", "pigeon"):
        with pytest.raises(Failed, match="not set up"):
            sending.send(Channels(), channel, "x", {}, NOTICE)
