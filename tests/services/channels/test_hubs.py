"""Hubs, GOV.UK Notify and push services: real servers here, that misbehave as asked."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid

from engage.core.duty.notices import Notice
from engage.core.safeguarding.concerns import Level
from engage.services.channels import notify, push, sending, webhook
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels
from tests.services.channels.hub import Hub

NOTICE = Notice(
    "K7-4242",
    Level.NOW,
    datetime(2026, 11, 25, 16, 52, tzinfo=UTC),
    "on-duty",
    address="https://engage.example",
    key="engage-7",
)
SAID = "A now flag is waiting: K7-4242, since 16:52 on 25 Nov"


@pytest.fixture
def hub():
    made = Hub()
    yield made
    made.close()


HOOK = Channels(hook_secret="known to both", hook_local=True)


def test_a_hub_can_check_that_it_is_ours_and_learns_nothing_else(hub):
    webhook.send(HOOK, f"{hub.url}/hook", NOTICE)
    ((path, headers, body),) = hub.got
    stamp = headers["X-Engage-Timestamp"]
    signed = webhook.signature("known to both", stamp, body)
    assert headers["X-Engage-Signature"] == signed
    assert webhook.signature("another", stamp, body) != signed
    assert abs(int(stamp) - time.time()) < 60
    assert path == "/hook"
    assert json.loads(body) == {
        "text": f"Engage. {SAID}. You are on duty. https://engage.example/duty/",
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


@pytest.fixture
def phone():
    """What a browser keeps: its key pair and a secret."""
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    secret = b"0123456789abcdef"
    keys = {"p256dh": text(point), "auth": text(secret)}
    return private, secret, keys


def text(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture
def vapid():
    made = Vapid()
    made.generate_keys()
    raw = made.private_key.private_numbers().private_value.to_bytes(32, "big")
    return text(raw)


def test_a_push_opens_only_on_the_phone_and_is_signed_by_us(hub, phone, vapid):
    private, secret, keys = phone
    settings = Channels(
        vapid_key=vapid, vapid_contact="mailto:ops@engage.example", push_local=True
    )
    hub.answer = 201
    push.send(settings, f"{hub.url}/device", keys, NOTICE)
    ((_, headers, body),) = hub.got
    opened = http_ece.decrypt(
        body, private_key=private, auth_secret=secret, version="aes128gcm"
    )
    assert json.loads(opened) == {"title": SAID, "body": "", "url": "/duty/"}
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["urgency"] == "high"
    signed = headers["authorization"].removeprefix("vapid t=").split(",")[0]
    claims = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["sub"] == "mailto:ops@engage.example"
    assert push.public_key(settings) in headers["authorization"]


def test_a_phone_that_took_back_its_leave_is_not_asked_again(hub, phone, vapid):
    settings = Channels(vapid_key=vapid, vapid_contact="mailto:a@b.c", push_local=True)
    for status, error in ((410, Refused), (404, Refused), (500, Failed)):
        hub.answer = status
        with pytest.raises(error):
            push.send(settings, hub.url, phone[2], NOTICE)
    with pytest.raises(Refused):
        push.send(settings, "http://elsewhere.example", phone[2], NOTICE)


def test_a_channel_that_is_not_set_up_fails_and_another_may_be_tried():
    for channel in ("mail", "sms", "notify-mail", "webhook", "push", "pigeon"):
        with pytest.raises(Failed, match="not set up"):
            sending.send(Channels(), channel, "x", {}, NOTICE)
