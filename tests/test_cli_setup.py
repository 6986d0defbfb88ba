"""A real inspection is set up by a few commands, and cannot open half-ready."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from engage.cli import main
from engage.core.duty.journal import Verb
from engage.services import signing_in
from engage.store import inspections
from engage.store.engine import open_store
from tests.factories import NOON

LOCAL = (
    "--lead-name=Morag, social work",
    "--lead-phone=01632 960111",
    "--out-of-hours=01632 960999",
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'engage.sqlite'}"


@pytest.fixture
def engage(url):
    def run(*args, fails=False, typed=None):
        found = CliRunner().invoke(main, [*args, "--database", url], input=typed)
        assert (found.exit_code != 0) == fails, found.output
        return found.output

    return run


def person(engage, name, role):
    typed = "a long enough password\n" * 2
    return engage(
        "staff", "add", name, "--called", name.title(), "--role", role, typed=typed
    )


def test_people_an_inspection_and_its_numbers(engage, url):
    person(engage, "dee", "duty")
    person(engage, "lena", "lead")
    added = ("inspection", "add", "north", "--area", "North", "--people", "dee, lena")
    assert "/duty/rota/north" in engage(*added)
    refused = engage("inspection", "open", "north", fails=True)
    for missing in ("local lead", "local day phone", "out-of-hours number"):
        assert missing in refused
    engage("inspection", "set", "north", *LOCAL)
    assert "/o/north" in engage("inspection", "open", "north")
    store = open_store(url)
    with store.read() as db:
        found = inspections.by_slug(db, "north")
        assert found.open
        assert found.local["phone"] == "01632 960111"
        assert len(inspections.staff_of(db, found.id)) == 2
        assert len(inspections.vaults(db, found.id)) == 2
        written = db.execute(text("select verb from journal")).scalars()
        assert list(written).count(Verb.GRANTED.value) == 2, "who was given which key"
    assert signing_in.sign_in(store, "dee", "a long enough password", now=NOON)
    store.dispose()


def test_what_is_wrong_is_said(engage):
    short = engage(
        "staff",
        "add",
        "dee",
        "--called",
        "D",
        "--role",
        "duty",
        typed="short\nshort\n",
        fails=True,
    )
    assert "at least 14 letters" in short
    person(engage, "dee", "duty")
    typed = "a long enough password\n" * 2
    again = engage(
        "staff",
        "add",
        "dee",
        "--called",
        "D",
        "--role",
        "duty",
        typed=typed,
        fails=True,
    )
    assert "already" in again
    added = ("inspection", "add", "north", "--area", "North", "--people")
    assert "nobody" in engage(*added, "nobody", fails=True)
    engage(*added, "dee")
    assert "already" in engage(*added, "dee", fails=True)
    for command in ("open", "set"):
        assert "south" in engage("inspection", command, "south", fails=True)
