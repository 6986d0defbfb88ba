"""Opening the database: SQLite in a file (or in memory for tests), or PostgreSQL."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from select import POLLIN, poll
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, StaticPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError

from engage.store.direct import Driver

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The newest migration (engage/store/migrations/versions)."""
_IMMEDIATE = "engage_immediate"
_MIGRATION_LOCK = 7011956803
_PRAGMAS = (
    "PRAGMA busy_timeout=10000",
    # FULL: "thank you" is shown only when the answer survives a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # A deleted talk is overwritten, not only forgotten.
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
_LOG_TRIES, _LOG_AGAIN = 200, 0.05
"""For ten seconds."""


class Store:
    """One database. Safe to share between threads, and after a fork."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lite = engine.dialect.name == "sqlite"
        self._begin_anew()
        self._writing = engine.execution_options(
            **{_IMMEDIATE: True}
            if self._lite
            else {"isolation_level": "READ COMMITTED"}
        )
        _stores.add(self)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which each statement stands alone."""
        with self.engine.connect() as db:
            yield db

    @contextmanager
    def look(self) -> Iterator[Driver]:
        """For exactly one reading statement of `direct`."""
        if self._lite:
            # A file has a connection for every thread; a pool only costs time.
            yield self._kept.driver or self._keep()
            return
        db = Driver(self.engine)
        try:
            yield db
        finally:
            db.connection.close()

    def _keep(self) -> Driver:
        driver = self._kept.driver = Driver(self.engine)
        driver.connection.detach()  # it goes with its thread, not back to the pool
        self._drivers.add(driver)
        return driver

    @contextmanager
    def write(self) -> Iterator[Driver]:
        """For exactly one writing statement of `direct`: durable at once."""
        with self._turn, self.look() as db:
            yield db

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes. Keep slow work out of it.

        Not inside another one: the thread would wait for itself.
        """
        with self._turn, self._writing.begin() as db:
            yield db

    def migrate(self) -> None:
        """Bring the tables up to date. Safe to run from many processes at once."""
        if self._up_to_date():
            return
        # Only imported when there is work: it would stay in every worker's memory.
        from alembic import command

        with self.begin() as db:
            if not self._lite:
                key = {"key": _MIGRATION_LOCK}
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
            command.upgrade(migrations(db), "head")

    def _up_to_date(self) -> bool:
        with self.read() as db:
            if not inspect(db).has_table("alembic_version"):
                return False
            versions = db.execute(text("SELECT version_num FROM alembic_version"))
            return list(versions.scalars()) == [HEAD]

    def dispose(self) -> None:
        """Close every idle connection, in the process that opened it."""
        for driver in self._drivers:
            driver.connection.close()
        self._begin_anew()
        self.engine.dispose()

    def after_fork(self) -> None:
        """Leave the parent's connections and lock to the parent. Runs by itself."""
        # Held on to, since Python would close in the child what nobody holds.
        self._inherited = (*self._drivers, self.engine.pool)
        self._begin_anew()
        self.engine.dispose(close=False)

    def _begin_anew(self) -> None:
        # SQLite's own waiting sleeps up to 100 ms; a lock queues (p99 174 → 22 ms).
        lock = threading.Lock() if self._lite else nullcontext()
        self._turn: AbstractContextManager[object] = lock
        self._kept = _Kept()
        self._drivers: weakref.WeakSet[Driver] = weakref.WeakSet()


class _Kept(threading.local):
    driver: Driver | None = None


_stores: weakref.WeakSet[Store] = weakref.WeakSet()


def _after_fork() -> None:
    for store in _stores:
        store.after_fork()


os.register_at_fork(after_in_child=_after_fork)


def open_store(url: str) -> Store:
    """A store at `sqlite:///path`, `sqlite://` (memory) or `postgresql://…`."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return Store(_open_sqlite(address))
    return Store(_open_postgresql(address))


def migrations(db: Connection) -> "Config":
    """Alembic's settings, found inside the installed package."""
    from alembic.config import Config

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "engage.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _open_sqlite(address: URL) -> Engine:
    memory = address.database in {None, "", ":memory:"}
    # `Store.begin` ends what it begins; outside it each statement stands alone.
    options: dict[str, Any] = {"pool_reset_on_return": None}
    if memory:
        options["poolclass"] = StaticPool
        options["connect_args"] = {"check_same_thread": False}
    engine = create_engine(address, **options)

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:
        # The driver must not begin by itself: `begin` below says how.
        raw.isolation_level = None
        _keep_a_log(raw)
        for pragma in _PRAGMAS:
            raw.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(db: Connection) -> None:
        if db.get_execution_options().get(_IMMEDIATE):
            db.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _keep_a_log(raw: sqlite3.Connection) -> None:
    """Set a new file to write-ahead logging, which stays so.

    SQLite does not wait for others who do so at the same moment: we do.
    """
    for _ in range(_LOG_TRIES):
        try:
            raw.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            time.sleep(_LOG_AGAIN)
        else:
            return
    raw.execute("PRAGMA journal_mode=WAL").close()


def _open_postgresql(address: URL) -> Engine:
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=8,
        max_overflow=24,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "checkout")
    def _still_there(raw: Any, _record: object, _proxy: object) -> None:
        # An idle connection has nothing to say except that the server has gone.
        # Looking costs no round trip, unlike pool_pre_ping.
        ear = poll()
        ear.register(raw.fileno(), POLLIN)
        if ear.poll(0):
            raise DisconnectionError

    return engine
