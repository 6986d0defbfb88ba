"""What is set up wrongly is said when Engage starts, and no secret with it."""

from base64 import urlsafe_b64encode

import pytest

from engage.services.channels import push
from engage.services.channels.settings import Channels
from engage.settings import BadSettings, Settings

KEY = "desk-12345678-1234-4234-8234-123456789012-12345678-1234-4234-8234-123456789013"
VAPID = urlsafe_b64encode(b"\1" * 32).decode().rstrip("=")
MAIL = {
    "ENGAGE_SMTP_HOST": "mail.example",
    "ENGAGE_SMTP_USER": "engage",
    "ENGAGE_SMTP_PASSWORD": "secret-word",
    "ENGAGE_SMTP_FROM": "Engage <desk@engage.example>",
    "ENGAGE_ADDRESS": "https://engage.example",
}
ALL = MAIL | {
    "ENGAGE_HOOK_SECRET": "secret-word" * 3,
    "ENGAGE_NOTIFY_KEY": KEY,
    "ENGAGE_NOTIFY_SMS_TEMPLATE": "s",
    "ENGAGE_NOTIFY_MAIL_TEMPLATE": "m",
    "ENGAGE_VAPID_KEY": VAPID,
    "ENGAGE_VAPID_CONTACT": "mailto:ops@engage.example",
}


def read(env):
    wrong = []
    return Channels.from_env(env, wrong), wrong


def test_nothing_needs_to_be_set_up():
    channels, wrong = read({})
    assert wrong == []
    assert channels.available == frozenset()
    assert push.public_key(channels) == ""


def test_all_can_be_set_up():
    channels, wrong = read(ALL)
    assert wrong == []
    assert channels.available == {"mail", "webhook", "sms", "notify-mail", "push"}
    assert channels.smtp_port == 587
    assert len(push.public_key(channels)) == 87


@pytest.mark.parametrize(("tls", "port"), [("tls", 465), ("starttls", 587)])
def test_the_port_follows_from_the_kind_of_tls(tls, port):
    channels, wrong = read(MAIL | {"ENGAGE_SMTP_TLS": tls})
    assert (channels.smtp_port, wrong) == (port, [])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_without_tls_only_to_this_machine(host):
    _, wrong = read(MAIL | {"ENGAGE_SMTP_TLS": "none", "ENGAGE_SMTP_HOST": host})
    assert wrong == []
    _, wrong = read(MAIL | {"ENGAGE_SMTP_TLS": "none"})
    assert wrong == ["ENGAGE_SMTP_TLS: none only to a server on this machine"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENGAGE_SMTP_TLS", "ssl"),
        ("ENGAGE_SMTP_PORT", "65536"),
        ("ENGAGE_SMTP_PORT", "-1"),
        ("ENGAGE_SMTP_PORT", "smtp"),
        ("ENGAGE_SMTP_FROM", "desk"),
        ("ENGAGE_SMTP_FROM", "desk@engage.example\nBcc: x@y.example"),
        ("ENGAGE_SMTP_CA", "/nowhere/ca.pem"),
        ("ENGAGE_SMTP_USER", ""),
        ("ENGAGE_SMTP_PASSWORD", ""),
        ("ENGAGE_ADDRESS", ""),
        ("ENGAGE_ADDRESS", "http://engage.example"),
        ("ENGAGE_HOOK_SECRET", "short"),
        ("ENGAGE_NOTIFY_KEY", "12345678"),
        ("ENGAGE_NOTIFY_URL", "http://notify.example"),
        ("ENGAGE_VAPID_KEY", "AAAA"),
        ("ENGAGE_VAPID_KEY", "é"),
        ("ENGAGE_VAPID_CONTACT", "ops@engage.example"),
        ("ENGAGE_VAPID_CONTACT", ""),
    ],
)
def test_each_thing_that_is_wrong_is_named(name, value):
    _, wrong = read(ALL | {name: value})
    assert len(wrong) == 1
    assert name in wrong[0]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("ENGAGE_SMTP_USER", "ENGAGE_SMTP_HOST"),
        ("ENGAGE_SMTP_FROM", "ENGAGE_SMTP_HOST"),
        ("ENGAGE_NOTIFY_SMS_TEMPLATE", "ENGAGE_NOTIFY_KEY"),
        ("ENGAGE_VAPID_CONTACT", "ENGAGE_VAPID_KEY"),
    ],
)
def test_what_does_nothing_by_itself_is_not_passed_over(part, whole):
    _, wrong = read({part: ALL[part]})
    assert wrong == [f"{whole}: without it {part} does nothing"]


def test_notify_without_a_template_has_nothing_to_send():
    _, wrong = read({"ENGAGE_ADDRESS": "https://a.example", "ENGAGE_NOTIFY_KEY": KEY})
    assert wrong == ["ENGAGE_NOTIFY_SMS_TEMPLATE or _MAIL_TEMPLATE: its id"]


def test_engage_does_not_start_and_names_all_of_it_but_no_secret():
    env = ALL | {"ENGAGE_SMTP_FROM": "x", "ENGAGE_VAPID_KEY": "secret-word"}
    with pytest.raises(BadSettings) as bad:
        Settings.from_env(env)
    said = str(bad.value)
    for name in ("SECRET_KEY", "DATABASE_URL", "SMTP_FROM", "VAPID_KEY"):
        assert f"ENGAGE_{name}" in said
    assert "secret-word" not in said


def test_secrets_stay_out_of_whatever_prints_the_settings():
    start = {
        "ENGAGE_SECRET_KEY": "ab" * 32,
        "ENGAGE_DATABASE_URL": "sqlite:///:memory:",
    }
    settings = Settings.from_env(ALL | start)
    assert settings.channels.smtp_host in repr(settings)
    for secret in ("secret-word", KEY, KEY[-36:], VAPID, "abab"):
        assert secret not in repr(settings)
