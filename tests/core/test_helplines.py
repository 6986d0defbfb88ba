"""Help lines fit who asks, are in date, and are open when they say they are."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from engage.core.dialogue.problems import Severity
from engage.core.people import Voice
from engage.core.safeguarding.clock import SCOTLAND
from engage.core.safeguarding.helplines import (
    first_four,
    fitting,
    open_now,
    problems,
    read_helplines,
)

FILE = "conversations/helplines.yaml"
SOURCE = (Path(__file__).parents[2] / FILE).read_text("utf-8")
ROWS, FAULTS = read_helplines(SOURCE, FILE)
TODAY = date(2026, 11, 25)


def ids(rows):
    return [row.id for row in rows]


def line(id):
    return next(row for row in ROWS if row.id == id)


def at(day, hour, minute=0):
    """A time in the week of Monday 23 November 2026."""
    return datetime(2026, 11, 23 + day, hour, minute, tzinfo=SCOTLAND)


def test_every_row_can_be_read_and_says_where_it_is_from():
    assert FAULTS == []
    assert len(ROWS) == 19
    assert all(row.source.startswith("https://") for row in ROWS)


def test_a_child_sees_999_childline_and_a_text_line_first():
    rows = first_four(fitting(ROWS, ages=(8, 15), today=TODAY))
    assert ids(rows) == ["emergency", "childline", "shout"]


def test_breathing_space_is_never_shown_to_anybody_who_may_be_under_sixteen():
    for ages in [(8, 15), (15, 17), (8, 26)]:
        assert "breathing-space" not in ids(fitting(ROWS, ages=ages, today=TODAY))
    assert "breathing-space" in ids(
        first_four(fitting(ROWS, ages=(16, 17), today=TODAY))
    )


def test_childline_ends_at_nineteen():
    assert "childline" in ids(fitting(ROWS, ages=(18, 18), today=TODAY))
    assert "childline" not in ids(fitting(ROWS, ages=(19, 26), today=TODAY))


def test_lines_for_grown_ups_are_not_shown_to_young_people():
    young = ids(fitting(ROWS, ages=(18, 26), today=TODAY))
    assert not {"nspcc", "children-first"} & set(young)
    parents = fitting(ROWS, ages=(18, 99), today=TODAY, audience="parents-carers")
    assert {"nspcc", "children-first", "emergency"} <= set(ids(parents))


def test_a_row_past_its_expiry_drops_out_and_is_an_error():
    after = date(2027, 6, 1)
    assert fitting(ROWS, ages=(8, 15), today=after) == ()
    told = problems(ROWS, after)
    errors = [each for each in told if each.severity is Severity.ERROR]
    assert len(errors) == len(ROWS)
    assert errors[0].file == FILE
    assert SOURCE.splitlines()[errors[0].line - 1] == "- id: emergency"


def test_on_its_last_day_a_row_still_stands():
    assert "childline" in ids(fitting(ROWS, ages=(8, 15), today=date(2027, 5, 31)))


def test_rows_that_nobody_has_checked_are_a_warning():
    told = problems(ROWS, TODAY)
    assert len(told) == len(ROWS)
    assert {each.severity for each in told} == {Severity.WARNING}
    assert problems([replace(line("shout"), verified_on=TODAY)], TODAY) == []


@pytest.mark.parametrize(
    ("day", "hour", "is_open"),
    [
        *[(0, 5, True), (0, 6, False), (0, 17, False), (0, 18, True), (1, 1, True)],
        *[(1, 2, False), (4, 1, True), (4, 3, False), (4, 18, True), (5, 3, True)],
        *[(5, 17, True), (5, 18, True), (6, 12, True), (6, 23, True)],
    ],
)
def test_breathing_space_is_open_in_the_evening_and_all_weekend(day, hour, is_open):
    assert open_now(line("breathing-space"), at(day, hour)) is is_open


def test_unknown_hours_are_said_to_be_unknown():
    assert open_now(line("childline"), at(2, 3)) is True
    assert open_now(line("safecall"), at(2, 12)) is None
    assert open_now(line("care-inspectorate"), at(2, 16)) is False


def test_no_number_on_the_never_list_is_there():
    numbers = {re.sub(r"\D", "", row.call + " " + row.text) for row in ROWS}
    assert not any("08000223222" in each for each in numbers)
    wrong = SOURCE.replace('"0800 068 4141"', '"0808 068 4141"')
    rows, told = read_helplines(wrong, FILE)
    assert "papyrus" not in ids(rows)
    assert "wrong copy of Papyrus" in told[0].what


@pytest.mark.parametrize("voice", Voice)
def test_every_row_says_who_it_is_for_in_every_voice(voice):
    assert all(row.for_[voice].endswith(".") for row in ROWS)
    assert not any("!" in row.for_[voice] for row in ROWS)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('call: "999"', 'call: "nine"', "call is not a number"),
        ("to: 18}", "to: old}", 'to cannot be "old"'),
        ("from: 16, to: 120", "from: 16, to: 12", "nobody is of these ages"),
        ("expires_on: 2027-05-31", "expires_on: soon", 'expires_on "soon"'),
        ("  expires_on: 2027-05-31\n", "", 'has no "expires_on"'),
        ("days: [fri, sat]", "days: [frid]", "days frid"),
        ('"18:00", to: "02:00"', '"18:00", to: "26:00"', 'to "26:00"'),
        ("level: emergency", "level: urgent", '"urgent"'),
        ("id: childline", "id: emergency", "emergency is here twice"),
        ("  hours: always\n", "", 'has no "hours"'),
    ],
)
def test_mistakes_are_told_by_line(old, new, what):
    at = SOURCE.index("\n- id")
    mistaken = SOURCE[:at] + SOURCE[at:].replace(old, new, 1)
    _, told = read_helplines(mistaken, FILE)
    assert any(what in each.what for each in told), told
    assert all(each.line > 1 for each in told)
