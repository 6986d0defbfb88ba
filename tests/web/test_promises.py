"""What the who-sees-this page says is what the keys do: one table chooses both."""

from types import MappingProxyType

import pytest
from sqlalchemy import select

from engage.core.people import Role
from engage.core.sealing.keys import OPENED_BY, Holder, Sealed, flag_tag
from engage.services import (
    asking_for_a_person,
    flagging,
    granting,
    joining,
    threads,
)
from engage.store import threads as kept
from engage.store.tables import staff, talk_key, vault, vault_grant
from engage.web.young import promises
from tests.factories import make_inspection
from tests.web.child import Child

PEOPLE = {
    "You, on this device": promises.CHILD,
    "The inspectors whose job": Role.EVIDENCE,
    "The duty inspector": Role.DUTY,
    "The person in charge": Role.LEAD,
    "The people who look after the computers": Role.ADMIN,
}
"""How the page calls them, written out here a second time on purpose."""
ROWS = (Sealed.ANSWER, Sealed.FLAG, Sealed.MESSAGE)
STAFF = {Role.EVIDENCE, Role.DUTY, Role.LEAD, Role.ADMIN}


@pytest.fixture
def tables_say(monkeypatch):
    """Change the tables of keys, everywhere at once."""

    def change(opened=None, held=None):
        table = MappingProxyType(OPENED_BY | (opened or {}))
        for module in (promises, joining, flagging, threads):
            monkeypatch.setattr(module, "OPENED_BY", table)
        for holder, roles in (held or {}).items():
            monkeypatch.setitem(granting.HELD_BY, holder, frozenset(roles))

    return change


def said(app):
    """The page, as {what is kept: (who sees it, who does not)}."""
    rows = Child(app).opens("/who").select("dl.who > div")
    return {
        sealed: (named(row, "dd.sees"), named(row, "dd.not"))
        for sealed, row in zip(ROWS, rows, strict=True)
    }


def named(row, which):
    words = " | ".join(dd.text for dd in row.select(which))
    return {who for called, who in PEOPLE.items() if called in words}


def opens(store, child):
    """Whose keys in the database open this child's answers, flag, and messages."""
    talk = child.talk()
    number = talk.sealed.id
    asking_for_a_person.ask(talk, "I want to talk to somebody", "")
    with store.read() as db:
        grants = select(vault.c.id, vault.c.holder, staff.c.role).select_from(
            vault.outerjoin(vault_grant).outerjoin(staff)
        )
        held = {}
        for id, holder, role in db.execute(grants):
            held.setdefault((id, Holder(holder)), set()).add(Role(role))
        sealed_to = select(talk_key.c.vault_id).where(talk_key.c.talk_id == number)
        vaults = set(db.execute(sealed_to).scalars())
        thread = kept.by_tag(db, flag_tag(talk.key))
    answers = [roles for (id, _), roles in held.items() if id in vaults]
    flags = [roles for (_, holder), roles in held.items() if holder is Holder.DUTY]
    return {
        # The cookie of the child opened it just now.
        Sealed.ANSWER: {promises.CHILD}.union(*answers),
        Sealed.FLAG: set().union(*flags),
        Sealed.MESSAGE: set().union(
            {promises.CHILD} if _child_opens(thread, talk) else set(),
            *(
                held[each]
                for each in held
                if thread.for_duty and each[0] == thread.vault
            ),
        ),
    }


def _child_opens(thread, talk):
    try:
        return bool(threads.key_for_child(thread, talk.key))
    except threads.NotTheirs:
        return False


CHANGES = {
    "as it is": {},
    "answers to duty as well": {
        "opened": {Sealed.ANSWER: (Holder.CHILD, Holder.EVIDENCE, Holder.DUTY)}
    },
    "answers to the child alone": {"opened": {Sealed.ANSWER: (Holder.CHILD,)}},
    "the lead holds evidence": {"held": {Holder.EVIDENCE: {Role.EVIDENCE, Role.LEAD}}},
    "messages to duty alone": {"opened": {Sealed.MESSAGE: (Holder.DUTY,)}},
    "messages to the child alone": {"opened": {Sealed.MESSAGE: (Holder.CHILD,)}},
    "duty alone": {"held": {Holder.DUTY: {Role.DUTY}}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_page_says_what_the_keys_do_whatever_the_table_says(
    app, store, tables_say, change
):
    tables_say(**change)
    make_inspection(store)
    child = Child(app).joins()
    keys = opens(store, child)
    page = said(app)
    for sealed in ROWS:
        sees, does_not = page[sealed]
        assert sees == keys[sealed], sealed
        assert does_not == STAFF - keys[sealed], sealed


def test_how_a_child_came_in_is_open_to_whoever_opens_their_answers():
    """The page speaks of both at once, and one key opens both."""
    assert set(OPENED_BY[Sealed.HEAD]) == set(OPENED_BY[Sealed.ANSWER])


def test_everything_that_is_sealed_is_on_the_page():
    assert set(OPENED_BY) == {*ROWS, Sealed.HEAD}


def test_nobody_who_looks_after_the_computers_may_ever_hold_a_vault():
    assert all(Role.ADMIN not in roles for roles in granting.HELD_BY.values())
