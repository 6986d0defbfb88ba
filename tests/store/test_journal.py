"""The journal, on both databases: one chain, whoever writes at the same moment."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from engage.core.duty.chain import GENESIS, Head, check
from engage.core.duty.journal import Verb
from engage.store import journal
from engage.store.existing import NotThere, open_existing

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
THREADS, EACH = 8, 50


def broken(store, known=()):
    with store.read() as db:
        head, entries = journal.whole(db)
        return list(check(entries, head, known))


def write(store, number=1, *, verb=Verb.STEP, at=None, **about):
    for count in range(number):
        with store.begin() as db:
            when = at or NOON + timedelta(seconds=count)
            journal.write(db, verb, at=when, **about)


def entries(store):
    with store.read() as db:
        return list(journal.every(db))


def test_an_entry_comes_back_as_it_was_written(store):
    write(store, verb=Verb.SENT, staff=3, inspection=2, flag=9, detail={"try": 1})
    (entry,) = entries(store)
    assert (entry.number, entry.previous) == (1, GENESIS)
    assert (entry.verb, entry.staff, entry.inspection, entry.flag) == ("sent", 3, 2, 9)
    assert entry.detail == '{"try": 1}'
    with store.read() as db:
        assert journal.head(db) == Head(1, entry.hash)


def test_a_time_is_kept_in_utc_just_as_it_was_hashed(store):
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    write(store, at=summer)
    assert entries(store)[0].at == "2026-07-01T12:30:00.000000+00:00"
    assert broken(store) == []


def test_a_time_without_its_zone_is_refused(store):
    with pytest.raises(ValueError, match="time zone"):
        write(store, at=NOON.replace(tzinfo=None))
    assert entries(store) == []


def test_what_is_taken_back_leaves_no_gap(store):
    write(store, 2)
    with pytest.raises(ZeroDivisionError), store.begin() as db:
        journal.write(db, Verb.STEP, at=NOON)
        1 / 0  # noqa: B018 - whatever goes wrong after it
    write(store, 2)
    assert [each.number for each in entries(store)] == [1, 2, 3, 4]
    assert broken(store) == []


def test_several_in_one_transaction_follow_each_other(store):
    with store.begin() as db:
        for _ in range(3):
            journal.write(db, Verb.STEP, at=NOON)
    assert broken(store) == []
    assert len(entries(store)) == 3


def test_many_writers_at_once_make_one_chain(store):
    failed = []
    start = threading.Barrier(THREADS)

    def work(staff):
        start.wait()
        try:
            write(store, EACH, staff=staff)
        except Exception as fault:
            failed.append(fault)
            raise

    threads = [threading.Thread(target=work, args=(each,)) for each in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert failed == []
    assert broken(store) == []
    found = entries(store)
    assert [each.number for each in found] == list(range(1, THREADS * EACH + 1))
    for staff in range(THREADS):
        times = [each.at for each in found if each.staff == staff]
        assert len(times) == EACH
        assert times == sorted(times)


def test_more_than_fits_into_one_page_is_read_whole(store):
    with store.begin() as db:
        for _ in range(1203):
            journal.write(db, Verb.STEP, at=NOON)
    assert [each.number for each in entries(store)] == list(range(1, 1204))
    assert broken(store) == []


def test_what_is_written_while_it_is_checked_raises_no_alarm(store):
    write(store, 3)
    with store.read() as db:
        head, found = journal.whole(db)
        first = next(found)
        write(store, 2)
        assert list(check([first, *found], head)) == []
        assert head.number == 3


def test_an_empty_journal_has_no_head(store):
    with store.read() as db:
        assert journal.head(db) is None
        assert list(journal.every(db)) == []
        assert journal.since(db, Verb.STEP, NOON) == ()
    assert broken(store) == []


def test_a_flag_and_an_inspection_have_their_own_entries_in_order(store):
    write(store, 2, flag=1, inspection=1)
    write(store, 1, flag=2, inspection=1)
    write(store, 1, staff=1)
    with store.read() as db:
        assert [each.number for each in journal.of_flag(db, 1)] == [1, 2]
        assert [each.number for each in journal.of_inspection(db, 1)] == [1, 2, 3]
        assert journal.of_flag(db, 3) == ()


def test_entries_of_one_verb_are_found_from_a_moment_on(store):
    for hours in range(4):
        at = NOON + timedelta(hours=hours)
        write(store, 1, verb=Verb.HEAD_MAILED, staff=hours, at=at)
        write(store, 1, at=at)
    with store.read() as db:
        at = NOON + timedelta(hours=2)
        found = journal.since(db, Verb.HEAD_MAILED, at)
        assert [each.staff for each in found] == [2, 3]
        late = at + timedelta(microseconds=1)
        found = journal.since(db, Verb.HEAD_MAILED, late)
        assert [each.staff for each in found] == [3]


def test_a_head_that_was_removed_does_not_stop_what_follows(store):
    write(store, 3)
    with store.begin() as db:
        db.execute(text("DELETE FROM journal_head"))
    assert [each.number for each in broken(store)] == [3]
    write(store, 2)
    assert [each.number for each in entries(store)] == [1, 2, 3, 4, 5]


def test_a_row_that_was_added_past_the_head_is_found(store):
    write(store, 2)
    with store.begin() as db:
        db.execute(
            text(
                "INSERT INTO journal SELECT 3, at, verb, staff_id, inspection_id,"
                " flag_id, detail, previous, hash FROM journal WHERE number = 2"
            )
        )
    assert {each.number for each in broken(store)} == {3}


@pytest.mark.parametrize("value", ["x'ff'", "CAST(x'ff' AS TEXT)"])
@pytest.mark.parametrize("column", ["detail", "at", "verb", "staff_id", "previous"])
def test_what_is_no_text_at_all_is_found_and_stops_nothing(sqlite, column, value):
    write(sqlite, 3, flag=1)
    with sqlite.begin() as db:
        change = "UPDATE journal SET {} = {} WHERE number = 2"
        db.execute(text(change.format(column, value)))
    assert {each.number for each in broken(sqlite)} == {2}
    with sqlite.read() as db:
        assert len(journal.of_flag(db, 1)) == 3


def test_only_a_database_that_is_there_is_opened(sqlite, tmp_path, postgresql_url):
    url = f"sqlite:///{tmp_path / 'engage.db'}"
    open_existing(url).dispose()
    open_existing(postgresql_url).dispose()
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("This is no database. " * 99)
    for away in (
        f"sqlite:///{tmp_path / 'typo.db'}",
        f"sqlite:///{tmp_path / 'empty.db'}",
        f"sqlite:///{tmp_path / 'text.db'}",
        "sqlite://",
        "postgresql://nobody@127.0.0.1:9/nothing",
        "what is this",
    ):
        with pytest.raises(NotThere):
            open_existing(away)
    assert not (tmp_path / "typo.db").exists()
