"""What is printed of a hand-over, and never before somebody has read it."""

import io

import pytest
from pypdf import PdfReader

from engage.core.safeguarding.concerns import Level
from engage.store import flags, journal
from tests.factories import NOON, make_flag
from tests.web.test_hand_over import RECEIVED, WHOM, in_hand, value
from tests.web.test_hand_over import desk as desk
from tests.web.test_hand_over import number as number

SAID = (
    "Ma da’s aye shoutin’ 🧸 — Она боится, вона боїться, żółć, أنا خائف, میں ڈرتا ہوں"
)


def test_the_pdf_loses_no_character_of_what_was_said(desk, store, inspection):
    number = in_hand(store, inspection, parts=[{"words": SAID}])
    desk.post(f"/duty/flags/{number}/hand-over", finish="1", version="0", **WHOM)
    answer = desk.client.get(f"/duty/flags/{number}/hand-over.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="AB12.pdf"'
    reader = PdfReader(io.BytesIO(answer.data))
    said = " ".join(page.extract_text() for page in reader.pages)
    flat = "".join(said.split())
    for word in ("Ma da’s aye shoutin’", "Она боится", "вона боїться", "żółć"):
        assert "".join(word.split()) in flat
    assert "[U+1F9F8teddybear]" in flat, flat
    arabic = [letter for letter in flat if "\u0600" <= letter <= "\ufeff"]
    assert len(arabic) >= 18
    assert reader.metadata.title == "Concern AB12"
    assert f"page 1 of {len(reader.pages)}" in " ".join(said.split())
    with store.read() as db:
        assert len(journal.since(db, journal.Verb.PRINTED, NOON)) == 1


def test_on_paper_are_the_words_what_is_known_and_what_was_left_empty(
    desk, store, inspection
):
    number = in_hand(store, inspection, parts=[{"words": SAID}])
    where = f"/duty/flags/{number}"
    desk.post(f"{where}/hand-over", finish="1", version="0", age="16-17", **WHOM)
    desk.post(f"{where}/receipt", **RECEIVED)
    page = desk.get(f"{where}/hand-over/print").main
    assert SAID in page.text
    assert "16 or 17" in page.text
    assert "They take it on" in page.text
    assert "adult support and protection" in page.text
    assert "2026-11-25 11:55" in page.text
    assert page.select("form, input, textarea") == []
    assert "Address" in page.select(".far")[-1].text
    assert "Handed over by Dee Duty" in desk.get(where).main.text
    with store.read() as db:
        assert len(journal.since(db, journal.Verb.PRINTED, NOON)) == 1


@pytest.mark.parametrize("what", ["hand-over", "hand-over.pdf", "hand-over/print"])
def test_before_it_is_opened_there_is_nothing_to_fill_in_or_to_print(
    desk, store, inspection, what
):
    number = make_flag(store, inspection)
    page = desk.get(f"/duty/flags/{number}/{what}")
    assert page.h1.text == "Flag AB12"
    with store.read() as db:
        assert journal.since(db, journal.Verb.PRINTED, NOON) == ()


def test_what_is_raised_again_is_printed_only_once_somebody_has_read_it(
    desk, store, number
):
    where = f"/duty/flags/{number}/hand-over"
    desk.post(where, version="0", name="Jo")
    with store.begin() as db:
        flags.raise_level(db, number, Level.NOW, NOON, NOON)
    page = desk.post(where, version="1", name="Jo B")
    assert "More was said since this flag was opened" in page.main.text
    assert value(page, "name") == "Jo B"
    assert "nobody" not in page.select_one("[aria-labelledby=words]").text
    page = desk.post(where, 409, finish="1", version="2", **WHOM)
    assert value(page, "to") == "Morag Local"
    assert desk.get(f"{where}/print").h1.text == "Flag AB12"
