import shutil

import pytest
from jinja2 import BytecodeCache

from engage import paths
from engage.app import create_app
from engage.services import library
from engage.settings import Settings
from engage.store.engine import open_store
from tests.databases import (
    postgresql as postgresql,
)
from tests.databases import (
    postgresql_store as postgresql_store,
)
from tests.databases import (
    postgresql_url as postgresql_url,
)
from tests.factories import Clock, make_inspection
from tests.page import Browser


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def shelf():
    """The conversations: to read them takes seconds, and they do not change."""
    return library.load(paths.CONVERSATIONS)


@pytest.fixture(scope="session")
def app_template(shelf, tmp_path_factory):
    """A database with tables and scripts and nothing else: a copy is made at once."""
    path = tmp_path_factory.mktemp("app") / "template.sqlite"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    shelf.keep(store)
    store.dispose()
    return path


class Compiled(BytecodeCache):
    """What templates compile to, for every app of a run: it takes most of a test."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled():
    return Compiled()


@pytest.fixture
def app(tmp_path, clock, shelf, app_template, compiled):
    database = tmp_path / "engage.sqlite"
    shutil.copy(app_template, database)
    settings = Settings(b"test" * 8, f"sqlite:///{database}", https=False)
    app = create_app(settings, now=clock, books=shelf)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    yield app
    app.extensions["engage"].store.dispose()


@pytest.fixture
def store(app):
    return app.extensions["engage"].store


@pytest.fixture
def inspection(store):
    return make_inspection(store)


@pytest.fixture
def visit(app):
    return Browser(app.test_client())
