"""`engage audit`: what somebody did to the file behind our back is found."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner

from engage.cli import main
from engage.core.duty.journal import Verb
from engage.store import journal
from engage.store.engine import open_store
from tests.factories import NOON

FIELDS = ("at", "verb", "staff_id", "inspection_id", "flag_id", "detail", "previous")


@pytest.fixture
def file(tmp_path):
    """A journal of nine entries, in a real file."""
    path = tmp_path / "engage.sqlite"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    with store.begin() as db:
        for number in range(9):
            at = NOON + timedelta(minutes=number)
            journal.write(db, Verb.STEP, at=at, flag=number, detail={"step": "lead"})
    store.dispose()
    return path


def run(file, *args):
    given = [*args, "--database", f"sqlite:///{file}"]
    return CliRunner().invoke(main, ["audit", *given])


def sql(file, *statements):
    with closing(sqlite3.connect(file)) as db, db:
        for each in statements:
            db.execute(each)


def head_of(file):
    found = run(file, "head")
    assert found.exit_code == 0, found.output
    return found.output.strip()


def numbers(found):
    assert found.exit_code == 1, found.output
    assert "The journal is not as it was written." in found.output
    *lines, _error = found.output.splitlines()
    return {int(line.split()[0]) for line in lines}


def test_a_journal_that_nobody_touched_is_whole(file):
    head = head_of(file)
    assert head.startswith("9:")
    for more in ((), ("--head", head), ("--head", head.upper())):
        found = run(file, "verify", *more)
        assert found.exit_code == 0
        assert found.output == f"The journal is whole: 9 entries. Head: {head}\n"


@pytest.mark.parametrize("field", FIELDS)
def test_an_edited_row_is_found(file, field):
    change = "UPDATE journal SET {} = 77 WHERE number = 4"
    sql(file, change.format(field))
    assert numbers(run(file, "verify")) == {4}


def test_an_edited_hash_is_found(file):
    sql(file, "UPDATE journal SET hash = 'beef' WHERE number = 4")
    assert numbers(run(file, "verify")) == {4, 5}


def test_a_removed_row_is_found(file):
    sql(file, "DELETE FROM journal WHERE number = 4")
    assert "4 is missing" in run(file, "verify").output
    assert numbers(run(file, "verify")) == {4}


def test_a_removed_row_that_was_numbered_over_is_found(file):
    sql(
        file,
        "DELETE FROM journal WHERE number = 4",
        "UPDATE journal SET number = number - 1 WHERE number > 4",
        "UPDATE journal_head SET number = 8",
    )
    assert numbers(run(file, "verify")) >= {4, 5, 6, 7, 8}


def test_two_rows_that_changed_places_are_found(file):
    sql(
        file,
        "UPDATE journal SET number = -4 WHERE number = 4",
        "UPDATE journal SET number = 4 WHERE number = 6",
        "UPDATE journal SET number = 6 WHERE number = -4",
    )
    assert numbers(run(file, "verify")) >= {4, 6}


def test_a_row_that_was_added_is_found(file):
    sql(
        file,
        "INSERT INTO journal SELECT 10, at, verb, staff_id, inspection_id, flag_id,"
        " detail, previous, hash FROM journal WHERE number = 9",
        "UPDATE journal_head SET number = 10",
    )
    assert numbers(run(file, "verify")) == {10}


def test_a_tail_that_was_cut_is_found(file):
    sql(file, "DELETE FROM journal WHERE number > 6")
    assert "7 to 9 are missing" in run(file, "verify").output


def test_a_tail_that_was_cut_and_hidden_is_found_by_the_mailed_head(file):
    head = head_of(file)
    sql(
        file,
        "DELETE FROM journal WHERE number > 6",
        "UPDATE journal_head SET (number, hash) ="
        " (SELECT number, hash FROM journal WHERE number = 6)",
    )
    assert run(file, "verify").exit_code == 0, "nothing in the file can tell"
    assert numbers(run(file, "verify", "--head", head)) == {9}


def test_all_that_was_made_anew_is_found_by_the_mailed_head(file, tmp_path):
    head = head_of(file)
    sql(file, "DELETE FROM journal", "DELETE FROM journal_head")
    assert run(file, "verify").output == "The journal is empty.\n"
    assert numbers(run(file, "verify", "--head", head)) == {9}
    store = open_store(f"sqlite:///{file}")
    with store.begin() as db:
        for _ in range(9):
            journal.write(db, Verb.STEP, at=NOON)
    store.dispose()
    assert run(file, "verify").exit_code == 0
    assert numbers(run(file, "verify", "--head", head)) == {9}


@pytest.mark.parametrize("head", ["", "9", "9:beef", "x:" + "0" * 64, "9:" + "g" * 64])
def test_a_head_that_is_none_is_refused_with_what_one_is(file, head):
    found = run(file, "verify", "--head", head)
    assert found.exit_code == 2
    assert "64 letters and digits" in found.output


@pytest.mark.parametrize("command", ["verify", "head", "list"])
def test_a_mistyped_address_is_said_and_makes_no_file(tmp_path, command):
    found = run(tmp_path / "typo.sqlite", command)
    assert found.exit_code == 1
    assert "No database with a journal answers there" in found.output
    assert list(tmp_path.iterdir()) == []


def test_the_address_can_come_from_the_environment(file):
    env = {"ENGAGE_DATABASE_URL": f"sqlite:///{file}"}
    found = CliRunner().invoke(main, ["audit", "verify"], env=env)
    assert found.exit_code == 0
    found = CliRunner().invoke(main, ["audit", "verify"])
    assert found.exit_code == 2
    assert "ENGAGE_DATABASE_URL" in found.output


def test_all_is_listed_in_the_time_of_scotland(file):
    lines = run(file, "list").output.splitlines()
    assert len(lines) == 9
    assert lines[0] == "1  25 Nov 2026 12:00:00  step  system  step=lead"


def test_an_altered_row_is_listed_as_altered(file):
    sql(file, "UPDATE journal SET at = 'never', detail = '' WHERE number = 2")
    assert run(file, "list").output.splitlines()[1] == (
        "2  no time  step  system  ALTERED"
    )


def test_a_flag_that_is_not_there_is_said(file):
    found = run(file, "list", "--flag", "K7-42")
    assert found.exit_code == 1
    assert "Nothing is known of a flag called K7-42" in found.output
