"""Push opens on the phone alone: a push service here, and the key pair of a browser."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid, Vapid02

from engage.core.duty.notices import Notice
from engage.core.safeguarding.concerns import Level
from engage.services.channels import push
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels
from tests.factories import NOON

NOTICE = Notice("K7-4242", Level.NOW, NOON, "on-duty", address="https://engage.example")
SECRET = b"0123456789abcdef"


def text(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture(scope="module")
def browser():
    """What a browser keeps for itself."""
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def keys(browser):
    """What it tells us."""
    point = browser.public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return {"p256dh": text(point), "auth": text(SECRET)}


@pytest.fixture(scope="module")
def settings():
    made = Vapid()
    made.generate_keys()
    raw = made.private_key.private_numbers().private_value.to_bytes(32, "big")
    return Channels(
        vapid_key=text(raw), vapid_contact="mailto:ops@engage.example", push_local=True
    )


def test_a_push_opens_on_the_phone_alone(hub, browser, keys, settings):
    hub.answer = 201
    push.send(settings, f"{hub.url}/device", keys, NOTICE)
    ((path, _headers, body),) = hub.got
    assert path == "/device"
    opened = http_ece.decrypt(
        body, private_key=browser, auth_secret=SECRET, version="aes128gcm"
    )
    assert json.loads(opened) == {
        "title": "A now flag is waiting: K7-4242, since 12:00 on 25 Nov",
        "body": "You are on duty.",
        "url": "/duty/",
    }
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(
            body, private_key=other, auth_secret=SECRET, version="aes128gcm"
        )


def test_a_push_service_can_check_who_sends_and_learns_how_urgent_it_is(
    hub, keys, settings
):
    hub.answer = 201
    push.send(settings, f"{hub.url}/device", keys, NOTICE)
    ((_path, given, _body),) = hub.got
    headers = {name.lower(): value for name, value in given.items()}
    assert headers["urgency"] == "high"
    assert headers["ttl"] == "3600"
    assert headers["content-encoding"] == "aes128gcm"
    signed = headers["authorization"]
    assert Vapid02.verify(signed)
    assert signed.endswith(f"k={push.public_key(settings)}")
    claims = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["aud"] == hub.url
    assert claims["sub"] == "mailto:ops@engage.example"
    assert time.time() < claims["exp"] < time.time() + 24 * 3600
    forged = signed.replace(".", ".A", 1)
    assert not _good(forged)


def _good(authorization):
    try:
        return Vapid02.verify(authorization)
    except ValueError:
        return False


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_took_back_its_leave_is_not_asked_again(
    hub, keys, settings, status
):
    hub.answer = status
    with pytest.raises(Refused, match="taken back"):
        push.send(settings, hub.url, keys, NOTICE)


@pytest.mark.parametrize("status", [302, 307, 400, 403, 413, 429, 500, 503])
def test_whatever_else_a_push_service_says_it_is_asked_again_and_never_followed(
    hub, keys, settings, status
):
    hub.answer = status
    hub.headers = [("Location", f"{hub.url}/elsewhere")]
    with pytest.raises(Failed, match=str(status)):
        push.send(settings, hub.url, keys, NOTICE)
    assert len(hub.got) == 1


def test_a_push_service_that_drips_or_is_not_there_holds_nobody_up(
    hub, keys, settings, monkeypatch
):
    monkeypatch.setattr(push, "SECONDS", 0.5)
    hub.drip = 0.1
    began = time.monotonic()
    with pytest.raises(Failed, match="too long"):
        push.send(settings, hub.url, keys, NOTICE)
    assert time.monotonic() - began < 3
    with pytest.raises(Failed, match="does not answer"):
        push.send(settings, "http://127.0.0.1:9", keys, NOTICE)


@pytest.mark.parametrize(
    "changed",
    [
        {"p256dh": ""},
        {"p256dh": "é" * 87},
        {"p256dh": text(b"\4" + b"\xff" * 64)},
        {"p256dh": text(b"\0" * 65)},
        {"p256dh": text(b"\4" * 64)},
        {"auth": text(b"short")},
        {"auth": "x"},
        {"auth": ""},
    ],
)
def test_broken_keys_are_said_and_nothing_is_sent(hub, keys, settings, changed):
    with pytest.raises(Refused, match="sign it up again"):
        push.send(settings, hub.url, keys | changed, NOTICE)
    with pytest.raises(Refused, match="sign it up again"):
        push.send(settings, hub.url, {}, NOTICE)
    assert hub.got == []


def test_keys_are_known_with_and_without_their_padding(keys):
    assert push.sound(keys)
    assert push.sound({"p256dh": keys["p256dh"] + "=", "auth": keys["auth"] + "=="})
    assert push.sound(keys | {"more": "that is nothing to us"})


@pytest.mark.parametrize(
    "address",
    ["", "x", "http://push.example/1", "https://", "http://[::1", "https://a:b@c.d/"],
)
def test_only_an_https_address_is_a_push_service(address, keys, settings):
    with pytest.raises(Refused, match="not an address"):
        push.send(settings, address, keys, NOTICE)


@pytest.mark.parametrize(
    "wrong", [{"vapid_key": "AAAA"}, {"vapid_key": "é"}, {"vapid_contact": "nobody"}]
)
def test_what_is_not_set_up_rightly_is_not_the_phones_fault(hub, keys, settings, wrong):
    given = {
        "vapid_key": settings.vapid_key,
        "vapid_contact": settings.vapid_contact,
        "push_local": True,
    }
    with pytest.raises(Failed, match="set up"):
        push.send(Channels(**(given | wrong)), hub.url, keys, NOTICE)
