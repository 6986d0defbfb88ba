import os
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError

from engage.store import scripts, staff, talks
from engage.store.engine import HEAD, migrations, open_store
from engage.store.tables import metadata
from tests.store.making import NOON, TALK, make_scene, make_talk


def test_the_migrations_make_the_tables_we_describe(store):
    with store.read() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(store):
    with store.begin() as db:
        scripts.keep(db, "d", {})
    store.migrate()
    with store.read() as db:
        assert scripts.get(db, "d") == {}


def test_many_may_open_a_new_file_at_once(tmp_path):
    problems = []

    def opens(url):
        store = open_store(url)
        try:
            with store.read() as db:
                db.execute(text("select 1"))
        except OperationalError as refused:
            problems.append(refused)
        store.dispose()

    for number in range(20):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        threads = [threading.Thread(target=opens, args=(url,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


def test_many_processes_may_migrate_at_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    stores = [open_store(url) for _ in range(4)]
    threads = [threading.Thread(target=each.migrate) for each in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].read() as db:
        assert scripts.get(db, "d") is None
    for each in stores:
        each.dispose()


def test_a_store_in_memory_works_for_a_test():
    store = open_store("sqlite://")
    store.migrate()
    with store.begin() as db:
        scripts.keep(db, "d", {})
    with store.read() as db:
        assert scripts.get(db, "d") == {}
    store.dispose()


def test_sqlite_writes_through_and_overwrites_what_is_deleted(sqlite):
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with sqlite.read() as db:
        for pragma, value in {**wanted, "secure_delete": 1}.items():
            assert db.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_postgresql_answers_only_when_it_is_on_disk(postgresql):
    with postgresql.read() as db:
        assert db.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_deleted_answer_is_not_left_in_the_file(sqlite, tmp_path):
    mark = os.urandom(40)
    with sqlite.begin() as db:
        make_talk(db, make_scene(db))
        talks.append(db, TALK, 1, mark)
    with sqlite.begin() as db:
        talks.delete(db, TALK)
    with sqlite.read() as db:
        db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    sqlite.dispose()
    assert all(mark not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_moment_without_its_zone_is_refused(store):
    with store.begin() as db:
        scene = make_scene(db)
        with pytest.raises(StatementError, match="time zone"):
            staff.sign_in(
                db, "t", scene.ailsa, envelope=b"", expires_at=NOON.replace(tzinfo=None)
            )


def test_a_turn_needs_at_most_three_round_trips(postgresql, tmp_path):
    with postgresql.begin() as db:
        make_talk(db, make_scene(db))
    for number in range(1, 12):  # past the point where statements are prepared
        load_and_append(postgresql, number)
    heard = tmp_path / "protocol"
    with heard.open("wb") as log:
        with postgresql.read() as db:
            link = db.connection.driver_connection.pgconn
            link.trace(log.fileno())
        load_and_append(postgresql, 12)
        link.untrace()
        lines = heard.read_text().splitlines()
    sent = [line.split("\t") for line in lines]
    assert (
        sum("F" in each and bool({"Sync", "Query"} & set(each)) for each in sent) == 2
    )


def load_and_append(store, number):
    with store.look() as db:
        talks.load(db, "k")
    with store.write() as db:
        talks.append(db, TALK, number, b"sealed")


def test_a_connection_that_the_server_dropped_is_replaced(postgresql, postgresql_url):
    other = open_store(postgresql_url)
    with other.read() as db:
        number = db.execute(text("SELECT pg_backend_pid()")).scalar()
    with postgresql.read() as db:
        db.execute(text("SELECT pg_terminate_backend(:n, 5000)"), {"n": number})
    with other.read() as db:
        assert db.execute(text("SELECT pg_backend_pid()")).scalar() != number
    other.dispose()


def test_a_forked_worker_uses_its_own_connections(store):
    with store.begin() as db:
        make_talk(db, make_scene(db))
    child = os.fork()
    if child == 0:
        # Nothing of pytest may run in the child, whatever happens.
        try:
            with store.write() as db:
                talks.append(db, TALK, 1, b"by the child")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with store.write() as db:
        talks.append(db, TALK, 2, b"by the parent")
    with store.read() as db:
        assert len(talks.load(db, "k").answers) == 2


def test_a_fork_while_another_thread_writes_does_not_wait_for_it(sqlite):
    """The lock that the other thread holds has no owner in the child."""
    with sqlite.begin():
        child = os.fork()
        if child == 0:
            os._exit(0 if sqlite._turn.acquire(blocking=False) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_newest_migration_is_the_one_that_start_up_looks_for(store):
    with store.read() as db:
        newest = ScriptDirectory.from_config(migrations(db)).get_current_head()
    assert newest == HEAD
