"""What every answer carries, and what is refused before a page sees it."""

import hashlib
import logging
from base64 import b64encode

import pytest

from engage.app import create_app
from engage.settings import BadSettings, Settings
from engage.web.wording import words
from tests.factories import PASSWORD
from tests.page import Browser, check

SIGN_IN = "/staff/sign-in"


def test_a_page_is_never_kept_and_never_framed(visit):
    headers = visit.client.get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_policy_lets_in_the_style_inside_a_page_and_no_other(visit):
    answer = visit.client.get("/")
    style = check(answer.text).style.text
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_a_file_is_kept_for_a_year_under_an_address_that_changes_with_it(visit):
    address = visit.get(SIGN_IN).select_one("link[rel=stylesheet]")["href"]
    assert "?v=" in address
    answer = visit.client.get(address, buffered=True)
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["br", "gzip"])
def test_pages_and_files_travel_compressed(visit, kind):
    for address in ("/", "/static/css/staff.css"):
        ask = {"Accept-Encoding": kind}
        answer = visit.client.get(address, headers=ask, buffered=True)
        assert answer.headers["Content-Encoding"] == kind


def test_over_https_the_cookie_is_only_ours_and_only_for_https(tmp_path):
    settings = Settings(b"test" * 8, f"sqlite:///{tmp_path / 'engage.sqlite'}")
    app = create_app(settings)
    answer = app.test_client().get(SIGN_IN, base_url="https://engage.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-engage=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    app.extensions["engage"].store.dispose()


def test_over_https_a_form_needs_no_referer(tmp_path):
    settings = Settings(b"test" * 8, f"sqlite:///{tmp_path / 'engage.sqlite'}")
    app = create_app(settings)
    client = app.test_client()
    there = {"base_url": "https://engage.example"}
    token = check(client.get(SIGN_IN, **there).text).select_one("[name=csrf_token]")
    sent = {"csrf_token": token["value"], "name": "x", "password": "y"}
    assert client.post(SIGN_IN, data=sent, **there).status_code == 422
    app.extensions["engage"].store.dispose()


def test_a_form_without_its_token_is_refused_kindly(visit, inspection):
    sent = {"name": "dee", "password": PASSWORD}
    answer = visit.client.post(SIGN_IN, data=sent)
    assert answer.status_code == 400
    assert "open for too long" in check(answer.text).main.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"name": "x" * 70_000}}, 413),
        ({"data": {"name": "dee\0", "password": "x"}}, 400),
        ({"data": {"na\0me": "dee"}}, 400),
        ({"data": b"name=%ff%fe&password=%00"}, 400),
        ({"data": b"\xff\xfe" * 100, "content_type": "application/json"}, 400),
        ({"json": {"name": ["dee"]}}, 400),
        ({"data": b"--x", "content_type": "multipart/form-data"}, 400),
        ({"query_string": "a=%00"}, 400),
    ],
)
def test_nonsense_is_refused_and_not_repeated(visit, sent, status):
    answer = visit.client.post(SIGN_IN, **sent)
    assert answer.status_code == status
    assert "xxx" not in check(answer.text).main.text


def test_a_page_asked_in_the_wrong_way_says_so(visit):
    answer = visit.client.delete(SIGN_IN)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    check(answer.text)


def test_a_page_that_is_not_there_says_so_and_does_not_repeat_its_address(visit):
    page = visit.get("/sorry-mum", 404)
    assert "sorry-mum" not in page.text


def test_an_error_is_a_page_and_its_words_reach_no_log(app, caplog):
    def fall_over():
        raise ValueError("my secret words")

    fall_over.allowed = app.view_functions["staff.sign_in"].allowed
    app.add_url_rule("/fall", "fall", fall_over)
    app.testing = False
    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/fall")
    assert answer.status_code == 500
    assert "secret words" not in answer.text + caplog.text
    assert "ValueError" in caplog.text
    check(answer.text)


def test_signing_in_ends_whatever_this_device_was_doing(app, inspection):
    browser = Browser(app.test_client())
    with browser.client.session_transaction() as session:
        session["talk"] = "00"
    browser.sign_in("dee", PASSWORD)
    with browser.client.session_transaction() as session:
        assert set(session) <= {"staff", "csrf_token", "_fresh"}


def test_the_small_markup_of_scripts_is_all_there_is():
    assert words("A *real* person") == "A <strong>real</strong> person"
    assert words("<b>x</b> & *<i>y</i>*") == (
        "&lt;b&gt;x&lt;/b&gt; &amp; <strong>&lt;i&gt;y&lt;/i&gt;</strong>"
    )


def test_every_missing_setting_is_named():
    with pytest.raises(BadSettings) as wrong:
        Settings.from_env({"ENGAGE_SECRET_KEY": "short", "ENGAGE_PROXIES": "many"})
    for name in ("ENGAGE_SECRET_KEY", "ENGAGE_DATABASE_URL", "ENGAGE_PROXIES"):
        assert name in str(wrong.value)


def test_settings_do_not_print_their_secrets():
    settings = Settings(b"very-secret", "postgresql://me:hush@host/engage")
    assert "very-secret" not in repr(settings)
    assert "hush" not in repr(settings)
