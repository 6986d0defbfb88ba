"""What the inspector wrote is in the talk, calmly, and can be answered."""

import pytest
from html5lib import HTMLParser

from engage.services import talking
from tests.web.child import Child
from tests.web.messages.making import (
    HELLO,
    MARK,
    asks,
    banner,
    sent,
    writes,
)


def test_what_the_inspector_wrote_is_in_the_talk_once_and_then_a_link(child, opened):
    assert banner(child.opens("/talk")) is None
    writes(opened)
    shown = banner(child.opens("/talk"))
    assert "The duty inspector has written to you" in shown.text
    assert "Dee, the duty inspector – a real person · 12:00 today" in shown.text
    assert HELLO in shown.text
    assert shown.a["href"] == "/messages"
    again = banner(child.opens("/talk"))
    assert "Messages from the duty inspector" in again.text
    assert HELLO not in again.text


def test_it_stands_above_the_question_in_what_is_read_out(child, opened):
    writes(opened)
    page = child.opens("/talk")
    assert page.select_one("[role=log][aria-live=polite] #from .near")
    order = [tag["id"] for tag in page.select("#log, #from, #turn")]
    assert order == ["log", "from", "turn"]


def test_a_talk_without_a_flag_asks_nothing(app, inspection):
    child = Child(app, htmx=True).joins()
    region = child.page.select_one("#from")
    assert region.attrs == {"id": "from"}
    assert region.contents == []
    child.says_something()
    assert child.page.select_one("#from") is None


def test_the_turn_that_raises_a_flag_makes_the_page_ask(app, inspection):
    child = Child(app, htmx=True).joins().skips_to("safe-home")
    assert "hx-get" not in child.page.select_one("#from").attrs
    child.says(answer="never")
    region = child.page.select_one("#from")
    assert region["hx-get"] == "/messages/new"
    assert region["hx-trigger"] == "every 10s"
    assert region["hx-swap-oob"] == "true"
    child.says(answer="yes")
    assert child.page.select_one("#from") is None, "once: it must not lose what it has"


def test_a_page_that_asks_is_told_what_is_new_and_nothing_twice(child, opened):
    assert (asks(child).status_code, asks(child).text) == (204, "")
    writes(opened)
    answer = asks(child, after=0)
    HTMLParser(strict=True).parseFragment(answer.text, container="div")
    assert HELLO in answer.text
    assert 'name="after" value="1"' in answer.text
    assert asks(child, after=["0", "1"]).status_code == 204
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_counts_as_seen_once_the_page_has_it(child, opened, clock):
    writes(opened)
    asks(child, after=0)
    page = opened.get("/duty/flags/1/messages").main.text
    assert "Not seen yet. Nobody can be sure that they will come back." in page
    clock.forward(minutes=25)
    asks(child, after=1)
    page = opened.get("/duty/flags/1/messages").main.text
    assert "Seen by the child" in page
    assert "12:25" in page


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "１"])
def test_nonsense_is_asked_in_vain(child, opened, after):
    writes(opened)
    assert asks(child, after=after).status_code in (200, 204)


def test_a_page_stops_asking_when_there_is_no_talk_any_more(child, opened):
    talking.delete(child.talk())
    answer = asks(child)
    assert (answer.status_code, answer.text) == (286, "")
    assert "HX-Redirect" not in answer.headers, "what is being typed would be lost"


def test_a_child_writes_back_and_the_desk_reads_it(child, opened):
    writes(opened)
    page = sent(child, "Yes I am\r\nthank you <b>")
    assert "Thank you. It has gone to the duty inspector." in page.main.text
    thread = opened.get("/duty/flags/1/messages").select_one(".thread")
    assert "Yes I am\nthank you <b>" in thread.text
    assert MARK not in thread.text
    assert "Yes I am" in opened.get("/duty/flags/1").main.text, "it is in the flag"


def test_the_box_may_stay_empty_and_that_is_said_kindly(child, opened):
    writes(opened)
    page = sent(child, " \r\n", status=422)
    assert "You don’t have to write back" in page.select_one("[role=alert]").text


def test_too_long_a_message_is_kept_in_the_box(child, opened):
    page = sent(child, "word " * 1200, status=422)
    assert "too long" in page.select_one("[role=alert]").text
    assert page.textarea.text.count("word") == 1200


def test_a_worry_in_an_answer_is_met_as_anywhere(child, opened):
    writes(opened)
    page = sent(child, "No")
    near = page.select_one(".log .near").text
    assert "I can’t keep this private" in near
    assert "They will read it before" in near or "will read it before" in near
    flag = opened.get("/duty/").select_one(".flag")
    assert flag.select_one("form[action$='/open']"), "it waits again"


def test_a_child_closes_and_can_undo_it(child, opened):
    writes(opened)
    page = child.opens("/messages")
    page = child.sends(page.select_one("form[action='/messages/close']"))
    assert "You closed these messages" in page.select_one("[role=status]").text
    assert page.textarea is None
    assert banner(child.opens("/talk")) is None
    said = opened.get("/duty/flags/1/messages")
    assert "The child has closed these messages" in said.main.text
    assert said.select_one("form[action$='/preview']") is None
    page = child.opens("/messages")
    page = child.sends(page.select_one("form[action='/messages/open']"))
    assert page.textarea is not None


def test_the_desk_closes_and_the_child_may_still_write(child, opened):
    writes(opened)
    page = opened.post("/duty/flags/1/messages/close")
    assert "closed at the desk" in page.main.text
    page = child.opens("/messages")
    assert "You can still write if you need to" in page.main.text
    sent(child, "One more thing")
    assert "closed at the desk" not in opened.get("/duty/flags/1/messages").main.text
