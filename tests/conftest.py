import pytest

from engage.app import create_app
from engage.settings import Settings
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


@pytest.fixture
def app(tmp_path, clock):
    database = tmp_path / "engage.sqlite"
    settings = Settings(b"test" * 8, f"sqlite:///{database}", https=False)
    app = create_app(settings, now=clock)
    app.testing = True
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
