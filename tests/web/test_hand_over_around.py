"""The usual address is withheld on every page, and what is missing is said on each."""

import io
import json

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from engage.core.safeguarding.flags import Move
from engage.core.sealing.envelope import seal_to
from engage.core.sealing.keys import Holder
from engage.services.duty_desk import part_context
from engage.store import flags, inspections
from tests.factories import NOON, PASSWORD, make_flag

WHOM = {
    "to": "Morag Local",
    "role": "local-lead",
    "means": "phone",
    "at": "2026-11-25T11:55",
}
NUMBER = "01632 960 111"


@pytest.fixture
def desk(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    return visit


@pytest.fixture
def number(store, inspection):
    number = make_flag(store, inspection)
    with store.begin() as db:
        for move in (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE):
            flags.move(db, number, move, by=inspection.staff["dee"], at=NOON)
    return number


def say_more(store, inspection, number, **part):
    """Another part, as the talk seals it."""
    plain = json.dumps({"kind": "added", "said_at": NOON.isoformat(), **part}).encode()
    with store.begin() as db:
        vault = inspections.current_vaults(db, inspection.id)[Holder.DUTY]
        flag = flags.get(db, number, inspection.staff["dee"])
        count = flags.last_part(db, number) + 1
        envelope = seal_to(vault.public, plain, part_context(flag, count))
        flags.add_part(db, number, count, NOON, envelope)


def everywhere(desk, number):
    """What the form, the printed page and the PDF say."""
    where = f"/duty/flags/{number}/hand-over"
    reader = PdfReader(io.BytesIO(desk.client.get(f"{where}.pdf").data))
    return {
        "form": desk.get(where).main.text,
        "print": desk.get(f"{where}/print").main.text,
        "pdf": " ".join(" ".join(p.extract_text() for p in reader.pages).split()),
    }


def test_what_is_said_later_about_staff_outweighs_that_it_was_about_nobody(
    desk, store, inspection, number
):
    where = f"/duty/flags/{number}/hand-over"
    desk.post(where, version="0", about="nobody", contact=NUMBER, **WHOM)
    words = "And she shouts at us too"
    say_more(store, inspection, number, words=words, categories=["harm_by_staff"])
    for name, said in everywhere(desk, number).items():
        assert words in said, name
        assert "Morag Local" not in said, name
        assert NUMBER not in said, name
    page = desk.get(where)
    assert page.select_one("[name=about] [selected]") is None
    # Whoever has read that may still find that it is not.
    desk.post(where, version="1", about="nobody", **WHOM)
    assert desk.get(where).select_one("[name=to]")["value"] == "Morag Local"


def test_what_somebody_else_saved_shows_no_usual_address_beside_a_careful_form(
    desk, number
):
    where = f"/duty/flags/{number}/hand-over"
    kept = {"about": "nobody", "contact": NUMBER, "pattern": "Again", **WHOM}
    desk.post(where, version="0", **kept)
    page = desk.post(where, 409, version="0", about="worker", pattern="Once")
    assert "Saved meanwhile: Again" in page.main.text
    assert "Morag Local" not in page.main.text
    assert NUMBER not in page.main.text
    assert [each.text for each in page.select(".theirs")] == [
        "Saved meanwhile: No",
        "Saved meanwhile: By phone",
        "Saved meanwhile: 2026-11-25 11:55",
        "Saved meanwhile: Again",
    ]


def test_a_part_that_was_altered_is_said_to_be_missing(desk, store, inspection, number):
    say_more(store, inspection, number, words="What was then altered")
    with store.begin() as db:
        alter = text("UPDATE flag_part SET envelope = :other WHERE number = 2")
        db.execute(alter, {"other": bytes(200)})
    for name, said in everywhere(desk, number).items():
        assert "altered" in said, name
        assert "What was then" not in said, name


def test_a_drill_is_never_taken_for_a_concern(desk, store, number):
    with store.begin() as db:
        db.execute(text("UPDATE flag SET origin = 'drill'"))
    for name, said in everywhere(desk, number).items():
        assert "drill: nobody is in danger" in said.lower(), name
