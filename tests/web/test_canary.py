"""Marked words in every field are nowhere to be found afterwards."""

import io
import logging
import sqlite3
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from engage.app import create_app
from engage.services import joining
from engage.settings import Settings
from engage.store import gatherings
from engage.store.tables import metadata
from tests.factories import PASSWORD, Clock, make_inspection
from tests.page import Browser

MARK = "kanarienvogel"
SECRET = b"test" * 8
CARD = "KANARI77"


@pytest.fixture
def noted():
    """Everything that any logger says, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def place_in(page):
    field = page.select_one("#turn input[name=place]")
    return field["value"] if field else None


def a_whole_talk_full_of_marks(visit, card):
    page = visit.post("/join", code=card)
    page = visit.post("/voice", voice="older")
    page = visit.post("/begin", answer="yes")
    for _ in range(120):
        place = place_in(page)
        if place is None:
            break
        page = visit.post("/talk", place=place, **answer_for(page, place))
    assert place_in(page) is None
    visit.post("/person", text=f"{MARK} person", reach=f"{MARK} reach")
    visit.get("/talk/said")


def answer_for(page, place):
    turn = page.select_one("#turn")
    if turn.select_one("[name=text]"):
        return {
            "text": f"{MARK} he hits me"[: 40 if turn.input.get("maxlength") else 99]
        }
    kind = turn.select_one("[name=kind]")
    if kind:
        return {"kind": kind["value"], f"called-{kind['value']}-1": f"{MARK} Sam"}
    cards = {each["name"]: each["value"] for each in turn.select("[name^=card-]")}
    if cards:
        return cards
    offered = [each["value"] for each in turn.select("[name=answer]")]
    if place.endswith("/next"):
        return {"answer": "carry-on"}
    return {"answer": offered[-1]}


def everything_kept(store, folder):
    """The database file, its log beside it, a dump, and every column as bytes."""
    found = {}
    for file in Path(folder).rglob("*"):
        if file.is_file():
            found[file.name] = file.read_bytes()
    with store.read() as db:
        for table in metadata.sorted_tables:
            rows = db.execute(table.select()).all()
            kept = [
                bytes(v) if isinstance(v, memoryview) else v for r in rows for v in r
            ]
            found[table.name] = b"\n".join(
                v if isinstance(v, bytes) else str(v).encode() for v in kept
            )
    return found


def as_bytes(cell):
    if isinstance(cell, bytes | memoryview):
        return bytes(cell)
    return str(cell).encode()


def run(url, folder, noted):
    app = create_app(Settings(SECRET, url, https=False), now=Clock())
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    store = app.extensions["engage"].store
    made = make_inspection(store)
    with store.begin() as db:
        hashed = joining.card_hash(SECRET, made.id, CARD)
        gatherings.add_cards(db, made.id, [hashed])
    visit = Browser(app.test_client())
    a_whole_talk_full_of_marks(visit, CARD)
    desk = Browser(app.test_client())
    desk.sign_in("dee", PASSWORD)
    desk.post("/duty/flags/1/open")
    page = desk.get("/duty/flags/1")
    assert MARK in page.text, "the duty inspector reads it"
    assert CARD in page.text
    kept = everything_kept(store, folder)
    kept["logs"] = noted.getvalue().encode()
    store.dispose()
    return kept


def nothing_leaked(kept):
    for name, content in kept.items():
        folded = content.lower()
        for secret in (MARK, CARD, PASSWORD):
            assert secret.lower().encode() not in folded, name
            assert secret.lower().encode("utf-16-le") not in folded, name


def test_no_marked_word_is_in_file_log_dump_or_temp_on_sqlite(
    tmp_path, noted, monkeypatch
):
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    database = tmp_path / "engage.sqlite"
    kept = run(f"sqlite:///{database}", tmp_path, noted)
    with sqlite3.connect(database) as db:
        kept["dump"] = "\n".join(db.iterdump()).encode()
    db.close()
    assert {"engage.sqlite", "answer", "flag_part", "dump", "logs"} <= kept.keys()
    assert len(kept["answer"]) > 10_000, "there was something to find"
    nothing_leaked(kept)


def test_no_marked_word_is_in_table_or_log_on_postgresql(
    postgresql, postgresql_url, tmp_path, noted
):
    kept = run(postgresql_url, tmp_path, noted)
    assert len(kept["answer"]) > 10_000
    nothing_leaked(kept)


def test_the_test_would_notice(tmp_path):
    with pytest.raises(AssertionError):
        nothing_leaked({"answer": text(f"x {MARK}").text.encode()})
