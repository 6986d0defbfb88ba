"""What is passed on is what the child is shown; the duty inspector reads no other."""

import pytest

from tests.web.child import Child, bubbles, open_flag


@pytest.fixture
def child(app, inspection):
    return Child(app)


def test_what_is_shown_as_passed_on_is_what_the_duty_inspector_reads(child, store):
    child.joins().skips_to("home-word").says(answer="grans")
    child.skips_to("safe-home").says(answer="never")
    child.says(answer="no")
    (shown,) = [b for b in bubbles(child.page, "near") if b.startswith("I asked")]
    child.says(text="Wee <b>brother</b>\r\ntoo 🙂")
    child.says(text="After school, at the gate")
    child.says(answer="carry-on")

    notes = open_flag(store)
    assert notes[0].text == shown
    assert "gran’s" in shown
    assert [note.kind for note in notes] == ["raised", "added", "added", "added"]
    assert notes[1].level == "now"
    assert notes[2].words == "Wee <b>brother</b>\ntoo 🙂"
    assert notes[3].reaches
    assert notes[0].joined["place"] == "Craigmore library"
    assert shown in child.opens("/talk/said").main.text


def test_a_change_of_what_was_passed_on_is_seen_and_the_child_knows_it(child, store):
    child.joins().skips_to("safe-home").says(answer="never")
    assert "has been passed on" not in child.opens("/talk/change/adult-home").text
    child.opens("/talk/change/safe-home")
    assert "whoever got it will see the new answer too" in child.page.main.text
    child.sends(child.form, answer="always")
    assert [note.words for note in open_flag(store)] == ["Never", "Always"]


def test_what_a_check_passes_on_is_what_was_shown_and_only_after_a_yes(child, store):
    child.joins().skips_to("safe-home").says(answer="sometimes")
    with_no = child.says(answer="fine")
    assert "I won’t pass this on" in with_no.main.text
    child.opens("/talk/change/worried/safe-home/check-in")
    child.sends(child.form, answer="pass-on")
    child.says(answer="yes")
    (shown,) = [b for b in bubbles(child.page, "near") if b.startswith("I asked")]
    notes = open_flag(store)
    assert notes[0].text == shown
    assert notes[0].level == "check"
