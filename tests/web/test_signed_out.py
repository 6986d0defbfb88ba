"""What staff type after their sign-in has ended is given back, to them alone."""

import pytest

from tests.factories import PASSWORD, make_flag
from tests.page import check

OURS = {"Sec-Fetch-Site": "same-origin"}
HEARD = {
    "words": "He said <b>he</b> is scared & tired",
    "level": "now",
    "csrf_token": "x y",
}


def send(visit, path, headers, **fields):
    fields.setdefault("csrf_token", visit.token())
    return visit.client.post(path, data=fields, headers=headers)


@pytest.fixture
def left(visit, inspection, clock):
    """Somebody who signed in, and then was away for too long."""
    visit.sign_in("dee", PASSWORD)
    clock.forward(hours=1)
    return visit


@pytest.mark.parametrize("path", ["/duty/raise/", "/duty/flags/1/note"])
def test_what_was_typed_is_given_back(left, store, inspection, path):
    make_flag(store, inspection)
    answer = send(left, path, OURS, **HEARD)
    assert answer.status_code == 404
    page = check(answer.text)
    assert page.h1.text == "You have been signed out"
    (field,) = page.select("textarea[readonly]")
    assert field.text.strip() == HEARD["words"]
    assert "999" in page.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_puts_no_words_onto_ours(left, headers):
    answer = send(left, "/duty/raise/", headers, **HEARD)
    assert HEARD["level"] not in check(answer.text).select_one("main").text
    assert "scared" not in answer.text


def test_an_address_that_is_none_says_nothing_back(left):
    assert "scared" not in send(left, "/duty/nowhere", OURS, **HEARD).text


def test_who_may_not_do_it_is_not_told_that_they_are_signed_out(visit, inspection):
    visit.sign_in("evan", PASSWORD)
    answer = send(visit, "/duty/flags/1/note", OURS, **HEARD)
    assert "scared" not in answer.text
