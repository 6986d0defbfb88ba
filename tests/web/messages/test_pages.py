"""The pages of the messages, on either side."""

import re
import sqlite3

import pytest
from html5lib import HTMLParser

from engage.services import answering_back, signing_in, talking
from engage.store import threads
from tests.factories import NOON, PASSWORD, make_flag
from tests.page import Browser, check
from tests.web.child import Child
from tests.web.messages.making import (
    HELLO,
    MARK,
    asks,
    sent,
    writes,
)
from tests.web.test_canary import everything_kept


def test_the_page_says_when_nobody_reads(child, opened, clock):
    assert "Nobody is reading" not in child.opens("/messages").main.text
    clock.forward(days=3)
    page = child.opens("/messages").main.text
    assert (
        "Nobody is reading just now. They should be back at 9:00am on Monday." in page
    )
    assert "01632 960 999" in page


def test_the_page_has_the_numbers_to_call(child, opened):
    page = child.opens("/messages").main
    assert page.select_one("a[href='tel:08001111']")
    assert "999" in page.text


def test_whoever_has_no_flag_has_no_messages(app, inspection):
    child = Child(app).joins()
    page = child.opens("/messages").main.text
    assert "There are no messages here." in page
    assert child.client.post("/messages", data={"text": "x"}).status_code == 400
    assert asks(child).status_code == 286


def test_nothing_is_left_after_leave(child, opened):
    writes(opened)
    child.client.post("/leave")
    assert "There’s no talk open here" in child.opens("/messages", 404).text
    assert asks(child).status_code == 286


@pytest.mark.parametrize("path", ["/help", "/pause", "/look", "/who", "/talk/said"])
def test_no_other_page_says_that_there_is_a_message(child, opened, path):
    """Whoever looks over a shoulder sees the same page as without one."""
    before = re.sub(r'value="[^"]*"', "", str(child.opens(path).main))
    writes(opened)
    assert re.sub(r'value="[^"]*"', "", str(child.opens(path).main)) == before


def test_a_draft_is_shown_as_they_will_see_it_with_hints_and_not_sent(child, opened):
    draft = "I promise it will be fine! Who did it?"
    page = opened.post("/duty/flags/1/messages/preview", text=draft, after="0")
    assert page.select_one(".preview .said").text == draft
    assert "Dee, the duty inspector – a real person" in page.text
    hints = [each.text for each in page.select(".hints li")]
    assert any("“I promise” promises what is not sure" in each for each in hints)
    assert any("“Who did it?” asks for details" in each for each in hints)
    assert any("exclamation mark" in each for each in hints)
    assert answering_back.news(child.talk()).messages == ()
    send = page.select_one("form[action$='/send']")
    fields = {f["name"]: f["value"] for f in send.select("input[type=hidden]")}
    opened.post("/duty/flags/1/messages/send", **fields)
    assert answering_back.news(child.talk()).messages[0].text == draft, "no hint blocks"


def test_plain_words_need_no_hint(opened):
    page = opened.post("/duty/flags/1/messages/preview", text=HELLO, after="0")
    assert page.select(".hints") == []


@pytest.mark.parametrize("step", ["preview", "send"])
@pytest.mark.parametrize(
    ("words", "said"), [("", "nothing to send"), ("x" * 1001, "at most 1000 letters")]
)
def test_what_cannot_be_sent_comes_back_with_what_to_do(opened, step, words, said):
    page = opened.post(f"/duty/flags/1/messages/{step}", 422, text=words, after="0")
    assert said in page.select_one("[role=alert]#wrong").text
    assert page.textarea.text.strip() == words


def test_a_double_click_sends_once(child, opened):
    for _ in range(2):
        writes(opened)
    assert len(answering_back.news(child.talk()).messages) == 1


def test_a_talk_that_was_deleted_is_not_written_to(child, opened):
    talking.delete(child.talk())
    page = opened.get("/duty/flags/1/messages")
    assert "They deleted their talk: nobody will see" in page.main.text
    assert page.select_one("form[action$='/preview']") is None
    page = writes(opened, status=422)
    assert "It was not sent" in page.main.text
    assert HELLO in page.main.text, "what was typed is kept"


def test_no_word_is_shown_before_the_flag_is_opened(child, desk):
    page = desk.get("/duty/flags/1/messages").main.text
    assert "once the flag is opened" in page
    writes(desk, status=422)
    assert answering_back.news(child.talk()).messages == ()


def test_a_flag_without_a_talk_has_nowhere_to_write_to(desk, store, inspection):
    number = make_flag(store, inspection)
    desk.post(f"/duty/flags/{number}/open")
    page = desk.get(f"/duty/flags/{number}/messages").main.text
    assert "nowhere to write to the child" in page


def test_the_desk_is_told_what_is_new_without_a_reload(child, opened):
    page = opened.get("/duty/flags/1/messages")
    region = page.select_one("#thread")
    assert region["hx-trigger"] == "every 5s"
    state = {f["name"]: f["value"] for f in region.select("input[type=hidden]")}
    assert opened.client.get(region["hx-get"], query_string=state).status_code == 204
    sent(child, "Thanks")
    answer = opened.client.get(region["hx-get"], query_string=state)
    HTMLParser(strict=True).parseFragment(answer.text, container="div")
    assert "Thanks" in answer.text
    assert 'hx-swap-oob="innerHTML">The child has written.' in answer.text
    assert "1" in str(_unread(opened, child)), "a page in the background sees nothing"


def _unread(desk, child):
    with child.wired.store.read() as db:
        return threads.unread(db, 1)


def test_a_desk_that_was_left_alone_is_cleared(child, opened, clock):
    writes(opened)
    clock.forward(minutes=31)
    answer = opened.client.get("/duty/flags/1/messages/new")
    assert answer.status_code == 286
    assert "your key is put away" in answer.text
    assert HELLO not in answer.text


@pytest.mark.parametrize("name", ["evan", "adam"])
def test_nobody_else_of_the_staff_finds_the_page(app, child, name):
    other = Browser(app.test_client())
    other.sign_in(name, PASSWORD)
    for path in ("", "/new"):
        other.get(f"/duty/flags/1/messages{path}", status=404)
    for act in ("preview", "send", "close"):
        other.post(f"/duty/flags/1/messages/{act}", 404, text=HELLO)


def test_a_flag_that_is_not_there_has_no_messages(opened):
    opened.get("/duty/flags/77/messages", status=404)
    opened.post("/duty/flags/77/messages/send", 404, text=HELLO, after="0")


def test_no_marked_word_of_a_message_is_kept_or_logged(
    app, child, opened, store, tmp_path, caplog
):
    caplog.set_level("DEBUG")
    writes(opened, f"Hello {MARK}")
    sent(child, f"No, {MARK} hits me")
    opened.post("/duty/flags/1/open")
    page = opened.post("/duty/flags/1/messages/preview", text=f"{MARK} again")
    assert page.text.count(MARK) >= 3, "both read it"
    kept = everything_kept(store, tmp_path)
    with sqlite3.connect(tmp_path / "engage.sqlite") as db:
        kept["dump"] = "\n".join(db.iterdump()).encode()
    db.close()
    kept["logs"] = caplog.text.encode()
    assert len(kept["message"]) > 500, "there was something to find"
    for name, content in kept.items():
        assert MARK.encode() not in content.lower(), name
        assert MARK.encode("utf-16-le") not in content.lower(), name


def test_the_pages_keep_to_their_rules(child, opened):
    writes(opened)
    sent(child, "Thanks")
    for client, path in (
        (child.client, "/messages"),
        (child.client, "/talk"),
        (opened.client, "/duty/flags/1/messages"),
    ):
        check(client.get(path).text)


def test_the_lead_holds_the_key_too(app, child, opened, store):
    writes(opened)
    token = signing_in.sign_in(store, "lena", PASSWORD, now=NOON)
    assert token
    lead = Browser(app.test_client())
    lead.sign_in("lena", PASSWORD)
    assert HELLO in lead.get("/duty/flags/1/messages").main.text
