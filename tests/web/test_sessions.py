"""The cookie holds a key: nobody reads it, nobody makes one, and it grows old."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from itsdangerous import BadSignature

from engage.web.sessions import Sealer

SECRET, OTHER = b"s" * 32, b"o" * 32
HELD = {"talk": "the key of a talk"}
LONG = 10**6


@pytest.fixture
def cookie():
    return Sealer(SECRET).dumps(HELD)


def test_a_cookie_comes_back_as_it_was(cookie):
    assert Sealer(SECRET).loads(cookie, LONG) == HELD


def test_a_cookie_shows_nothing_of_what_it_holds(cookie):
    opened = urlsafe_b64decode(cookie)
    assert b"key" not in opened
    assert b"talk" not in opened
    assert len(cookie) == len(Sealer(SECRET).dumps({})), "nor by its length"


def altered(cookie):
    raw = bytearray(urlsafe_b64decode(cookie))
    raw[-1] ^= 1
    return urlsafe_b64encode(raw).decode()


@pytest.mark.parametrize(
    "spoil",
    [altered, lambda c: c[:-8], lambda c: c[8:], lambda c: "", lambda c: "é" * 400],
    ids=["altered", "cut", "beheaded", "empty", "no letters"],
)
def test_a_spoiled_cookie_opens_nothing(cookie, spoil):
    with pytest.raises(BadSignature):
        Sealer(SECRET).loads(spoil(cookie), LONG)


def test_another_server_opens_nothing(cookie):
    with pytest.raises(BadSignature):
        Sealer(OTHER).loads(cookie, LONG)


def test_a_cookie_grows_old(cookie):
    with pytest.raises(BadSignature):
        Sealer(SECRET).loads(cookie, -1)


def test_with_a_spoiled_cookie_one_starts_again(visit):
    visit.get("/who")
    for spoiled in ("x", "A" * 400, "é"):
        visit.client.set_cookie("engage", spoiled)
        assert "Code on your card" in visit.get("/").text
