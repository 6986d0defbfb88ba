"""Who works on the rota of the made-up inspection, and what they have on it."""

from datetime import date
from functools import cache

import pytest

from engage.core.duty.planning import shift_on
from engage.core.people import Role
from engage.services import (
    rota,
    signing_in,
)
from engage.store import inspections, journal, shifts
from tests.factories import NOON, PASSWORD, make_staff

MONDAY = date(2027, 3, 1)
"""Long after the shifts that the made-up inspection has."""
SLUG = "craigmore"


@pytest.fixture
def sam(store, inspection):
    """A second duty inspector, who joined after the vaults were granted."""
    number = make_staff(store, "sam", "Sam Second", Role.DUTY)
    with store.begin() as db:
        inspections.assign(db, inspection.id, number)
    inspection.staff["sam"] = number
    return number


@pytest.fixture
def who(store, inspection):
    """Sign somebody in, once: it is slow by intent."""

    @cache
    def sign_in(name):
        token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
        return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)

    return sign_in


@pytest.fixture
def lena(who):
    return who("lena")


@pytest.fixture
def dee(who):
    return who("dee")


def shift(staff, day=MONDAY, start=9, end=17, place=1):
    at = NOON.time()
    return shift_on(day, at.replace(hour=start), at.replace(hour=end), staff, place)


def on(store, inspection, since=NOON):
    with store.read() as db:
        return shifts.of_inspection(db, inspection.id, since)


def written(store, inspection, *verbs):
    with store.read() as db:
        found = journal.of_inspection(db, inspection.id)
    return [each for each in found if each.verb in verbs]


def everything(store, me, inspection):
    """Take off whatever this person has from now on."""
    for each in on(store, inspection):
        if each.staff == me.id:
            rota.remove(store, me, SLUG, each.id, NOON)
