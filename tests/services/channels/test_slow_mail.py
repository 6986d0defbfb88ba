"""A mail server that is slow, or rude, holds nobody up and gets nothing twice."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from engage.core.duty.notices import Notice
from engage.core.safeguarding.concerns import Level
from engage.services.channels import mail
from engage.services.channels.failing import Failed
from engage.services.channels.settings import Channels
from tests.factories import NOON

NOTICE = Notice("K7-4242", Level.NOW, NOON, "on-duty", key="engage-7")
PLAIN = {
    "": "220 here",
    "ehlo": "250 here",
    "mail": "250 yes",
    "rcpt": "250 yes",
    "data": "354 go on",
    ".": "250 taken",
    "quit": "221 bye",
}
"""What a server answers to each command; to nothing at first."""
LIMIT = 0.6


@contextmanager
def server(answers, drip=0.0):
    """A port of ours. `drip`: seconds between the bytes of each answer.

    It says nothing at all to a command without an answer.
    """
    heard = []

    def serve():
        way, _ = listening.accept()
        with suppress(OSError), way, way.makefile("rb") as lines:
            _say(way, answers.get(""), drip)
            within = False
            for line in lines:
                word = line.strip().decode(errors="replace").lower()[:4]
                if within and word != ".":
                    continue
                within = word == "data"
                heard.append(word)
                _say(way, answers.get(word), drip)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(5)


def _say(way, said, drip):
    for byte in f"{said}\r\n".encode() if said else b"":
        way.sendall(bytes([byte]))
        time.sleep(drip)


def send(port, **more):
    given = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_from": "desk@engage.example",
        "smtp_tls": "none",
    }
    mail.send(Channels(**(given | more)), "dee@engage.example", NOTICE)


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(mail, "SECONDS", LIMIT)


@pytest.mark.parametrize("silent", ["", "ehlo", "mail", "rcpt", "data", "."])
def test_a_server_that_falls_silent_holds_nobody_up(silent):
    began = time.monotonic()
    with (
        server(PLAIN | {silent: None}) as (port, _heard),
        pytest.raises(Failed, match="too long"),
    ):
        send(port)
    assert time.monotonic() - began < LIMIT + 3


def test_a_server_that_drips_holds_nobody_up():
    began = time.monotonic()
    with (
        server(PLAIN | {"": f"220 {'x' * 400}"}, drip=0.02) as (port, _heard),
        pytest.raises(Failed, match="too long"),
    ):
        send(port)
    assert time.monotonic() - began < LIMIT + 3


def test_each_answer_in_good_time_is_not_enough():
    """Every answer comes well within the limit; all together do not."""
    began = time.monotonic()
    with (
        server(PLAIN, drip=0.02) as (port, heard),
        pytest.raises(Failed, match="too long"),
    ):
        send(port)
    assert "ehlo" in heard
    assert time.monotonic() - began < LIMIT + 3


@pytest.mark.parametrize("goodbye", [None, "421 go away", "500 what"])
def test_a_mail_that_was_taken_is_sent_however_the_server_says_goodbye(goodbye):
    with server(PLAIN | {"quit": goodbye}) as (port, heard):
        send(port)
    assert heard[-2:] == [".", "quit"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_without_tls_hears_no_password_and_no_address(tls):
    with (
        server(PLAIN) as (port, heard),
        pytest.raises(Failed, match="TLS"),
    ):
        send(port, smtp_tls=tls, smtp_user="engage", smtp_password="secret")
    assert not {"auth", "mail", "rcpt"} & set(heard)
