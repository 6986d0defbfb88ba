import pytest

from engage.core.dialogue.answers import Chosen, Place, Silence
from engage.services import (
    moving,
    talking,
)
from tests.factories import NOON
from tests.services.writing.making import (
    begin,
    flag_of,
    staff,
)


@pytest.fixture
def books(app):
    return app.extensions["engage"].library


@pytest.fixture
def talk(store, books, inspection):
    """A talk that has raised a flag."""
    talk = begin(store, books, inspection)
    while (waiting := talk.path.waiting).place != "safe-home":
        talk, _ = talking.answer(talk, waiting.place, Silence.SKIP)
    talk, _ = talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    return talk


@pytest.fixture
def me(store, inspection):
    return staff(store)


@pytest.fixture
def number(store, talk, me):
    """The flag, opened and taken in hand."""
    number = flag_of(talk).id
    moving.open_(store, me, number, NOON)
    moving.acknowledge(store, me, number, NOON)
    moving.take(store, me, number, NOON)
    return number
