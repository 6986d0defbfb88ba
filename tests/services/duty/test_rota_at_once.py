"""Two people change the rota at once, on each database: one after the other."""

import threading
from datetime import date, time

from engage.core.duty.planning import BadShift, shift_on
from engage.core.people import Role
from engage.core.sealing.keys import Holder
from engage.services import rota, signing_in
from engage.services.granting import vault_keys
from engage.store import inspections, shifts
from tests.factories import NOON, PASSWORD, make_inspection, make_staff

MONDAY = date(2027, 3, 1)


def signed_in(store, name):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


def at_once(*changes):
    """What each of them ended with."""
    ready, ended = threading.Barrier(len(changes)), []

    def run(change):
        ready.wait()
        try:
            ended.append(change())
        except BadShift as bad:
            ended.append(bad.problem.value)

    threads = [threading.Thread(target=run, args=[each]) for each in changes]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(map(str, ended))


def test_two_newcomers_at_once_both_hold_the_newest_vault(store):
    made = make_inspection(store)
    people = {}
    for name in ("sam", "tam"):
        people[name] = make_staff(store, name, name.title(), Role.DUTY)
        with store.begin() as db:
            inspections.assign(db, made.id, people[name])
    lena = signed_in(store, "lena")

    def puts_on(who, place):
        new = shift_on(MONDAY, time(9), time(17), who, place)
        return lambda: rota.add(store, lena, "craigmore", new, NOON)

    ended = at_once(puts_on(people["sam"], 1), puts_on(people["tam"], 2))

    assert ended == ["True", "True"]
    with store.read() as db:
        newest = inspections.current_vaults(db, made.id)[Holder.DUTY]
    assert newest.version == 3
    for name in ("sam", "tam", "dee", "lena"):
        assert newest.id in vault_keys(store, signed_in(store, name), Holder.DUTY)


def test_one_place_is_taken_once_and_one_shift_is_added_once(store):
    made = make_inspection(store)
    lena = signed_in(store, "lena")

    def puts_on(name):
        new = shift_on(MONDAY, time(9), time(17), made.staff[name], 1)
        return lambda: rota.add(store, lena, "craigmore", new, NOON)

    assert at_once(puts_on("dee"), puts_on("lena")) == ["True", "place-taken"]
    with store.read() as db:
        (taken,) = [
            each
            for each in shifts.of_inspection(db, made.id, NOON)
            if each.span.start.date() == MONDAY
        ]
    rota.remove(store, lena, "craigmore", taken.id, NOON)
    assert at_once(puts_on("dee"), puts_on("dee")) == ["False", "True"]
