"""The rota: who may change what, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engage.core.duty.clock import Limits
from engage.core.duty.journal import Verb
from engage.core.safeguarding.clock import Cover
from engage.core.safeguarding.concerns import Level
from engage.services import covering, rota
from engage.services.rota import BadLimits, BadShift, Gone, NotTheirs, Problem, Run
from engage.store import flags, inspections, shifts
from tests.factories import NOON, make_flag
from tests.services.rota_people import (
    MONDAY,
    SLUG,
    everything,
    on,
    shift,
    written,
)
from tests.services.rota_people import dee as dee
from tests.services.rota_people import lena as lena
from tests.services.rota_people import sam as sam
from tests.services.rota_people import who as who


def test_the_same_shift_twice_is_one(store, inspection, dee):
    new = shift(dee.id)
    before = len(on(store, inspection))
    assert rota.add(store, dee, SLUG, new, NOON)
    assert not rota.add(store, dee, SLUG, new, NOON)
    assert len(on(store, inspection)) == before + 1
    assert len(written(store, inspection, Verb.SHIFT_ADDED)) == 1


def test_what_does_not_fit_is_refused_and_nothing_changes(store, inspection, dee):
    before = on(store, inspection)
    with pytest.raises(BadShift) as refused:
        rota.add(store, dee, SLUG, shift(dee.id, NOON.date(), 16, 18, 2), NOON)
    assert refused.value.problem is Problem.OVERLAPS_OWN
    assert on(store, inspection) == before
    assert written(store, inspection, Verb.SHIFT_ADDED) == []


def test_what_is_over_counts_when_a_shift_that_has_begun_is_added(
    store, inspection, dee
):
    everything(store, dee, inspection)
    rota.add(store, dee, SLUG, shift(dee.id, NOON.date(), 12, 13), NOON)
    later = NOON + timedelta(hours=3)
    with pytest.raises(BadShift):
        rota.add(store, dee, SLUG, shift(dee.id, NOON.date(), 12, 20), later)


def test_a_run_is_all_working_days_or_nothing(store, inspection, dee):
    run = Run(MONDAY, MONDAY + timedelta(6), dee.id, 1)
    rota.add(store, dee, SLUG, shift(dee.id, MONDAY + timedelta(1)), NOON)
    assert rota.add_run(store, dee, SLUG, run, NOON) == 4
    assert rota.add_run(store, dee, SLUG, run, NOON) == 0
    rota.add(store, dee, SLUG, shift(dee.id, MONDAY + timedelta(8), 16, 18), NOON)
    before = on(store, inspection)
    later = replace(run, last=MONDAY + timedelta(11))
    with pytest.raises(BadShift) as refused:
        rota.add_run(store, dee, SLUG, later, NOON)
    assert refused.value.day == MONDAY + timedelta(8)
    assert on(store, inspection) == before


def test_a_run_leaves_out_what_is_over_but_not_all_of_it(store, inspection, dee):
    past = Run(date(2026, 11, 2), date(2026, 11, 4), dee.id, 1)
    with pytest.raises(BadShift) as refused:
        rota.add_run(store, dee, SLUG, past, NOON)
    assert refused.value.problem is Problem.IN_THE_PAST
    assert rota.add_run(store, dee, SLUG, replace(past, last=NOON.date()), NOON) == 0


def test_a_duty_inspector_changes_only_their_own_shifts(
    store, inspection, dee, sam, who
):
    with pytest.raises(NotTheirs):
        rota.add(store, dee, SLUG, shift(sam), NOON)
    rota.add(store, who("sam"), SLUG, shift(sam), NOON)
    theirs = next(each for each in on(store, inspection) if each.staff == sam)
    with pytest.raises(NotTheirs):
        rota.remove(store, dee, SLUG, theirs.id, NOON)
    for change in (
        lambda: rota.set_pauses(store, dee, SLUG, True, NOON),
        lambda: rota.set_limits(store, dee, SLUG, Limits(), NOON),
        lambda: rota.set_hours(
            store, dee, SLUG, covering.office_hours(_of(store, inspection)), NOON
        ),
    ):
        with pytest.raises(NotTheirs):
            change()


@pytest.mark.parametrize("name", ["evan", "adam"])
def test_only_duty_inspectors_and_leads_are_on_a_rota(
    store, inspection, lena, name, who
):
    with pytest.raises(NotTheirs):
        rota.add(store, lena, SLUG, shift(inspection.staff[name]), NOON)
    with pytest.raises(NotTheirs):
        rota.look(store, who(name), SLUG, NOON, NOON.date())


def test_the_rota_of_another_inspection_is_not_theirs(store, inspection, dee):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, dee.id)
    for change in (
        lambda: rota.look(store, dee, SLUG, NOON, NOON.date()),
        lambda: rota.add(store, dee, SLUG, shift(dee.id), NOON),
        lambda: rota.remove(store, dee, SLUG, 1, NOON),
    ):
        with pytest.raises(NotTheirs):
            change()


def test_somebody_who_left_the_inspection_is_put_on_no_shift(
    store, inspection, lena, dee
):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, dee.id)
    with pytest.raises(NotTheirs):
        rota.add(store, lena, SLUG, shift(dee.id), NOON)


def test_the_shifts_of_somebody_who_left_cover_nothing(store, inspection, dee):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, dee.id)
        here = inspections.get(db, inspection.id)
    assert on(store, inspection) == ()
    assert covering.now_on_duty(store, here, NOON).who == ()
    assert not covering.promised(store, here, Level.NOW, NOON).covered


def test_taking_off_what_has_begun_leaves_what_was(store, inspection, lena):
    now = next(each for each in on(store, inspection) if NOON in each.span)
    taken = rota.remove(store, lena, SLUG, now.id, NOON)
    assert (taken.span.start, taken.span.end) == (NOON, now.span.end)
    with store.read() as db:
        kept = shifts.of_inspection(db, inspection.id, NOON - timedelta(hours=1))
    assert kept[0].span.end == NOON
    assert rota.add(store, lena, SLUG, taken, NOON)
    with pytest.raises(Gone):
        rota.remove(store, lena, SLUG, now.id, NOON)


def test_every_change_wakes_the_clocks_and_is_written_down(store, inspection, lena):
    number = make_flag(store, inspection)
    changes = [
        (lambda at: rota.add(store, lena, SLUG, shift(lena.id), at), Verb.SHIFT_ADDED),
        (
            lambda at: rota.remove(store, lena, SLUG, on(store, inspection)[-1].id, at),
            Verb.SHIFT_REMOVED,
        ),
        (
            lambda at: rota.set_limits(store, lena, SLUG, Limits(), at),
            Verb.LIMITS_CHANGED,
        ),
        (lambda at: rota.set_pauses(store, lena, SLUG, True, at), Verb.PAUSED),
    ]
    for minute, (change, verb) in enumerate(changes, start=1):
        at = NOON + timedelta(minutes=minute)
        change(at)
        with store.read() as db:
            assert flags.get(db, number, lena.id).next_at == at
        assert len(written(store, inspection, verb)) == 1


def test_what_a_lead_sets_holds(store, inspection, lena):
    office = Cover((0, 2), NOON.time().replace(hour=8), NOON.time().replace(hour=20))
    limits = Limits(
        {Level.NOW: timedelta(minutes=2), Level.CONCERN: timedelta(minutes=20)},
        {Level.NOW: timedelta(minutes=40), Level.CONCERN: timedelta(minutes=200)},
    )
    rota.set_hours(store, lena, SLUG, office, NOON)
    rota.set_limits(store, lena, SLUG, limits, NOON)
    rota.set_pauses(store, lena, SLUG, True, NOON)
    found = rota.look(store, lena, SLUG, NOON, NOON.date())
    assert found.office == office
    assert found.limits.acknowledge == dict(limits.acknowledge) | {
        Level.CHECK: timedelta(minutes=20)
    }
    assert found.limits.hand_over[Level.CONCERN] == timedelta(minutes=200)
    assert found.inspection.pauses


@pytest.mark.parametrize(("now", "concern"), [(0, 30), (5, 4321), (31, 30)])
def test_a_limit_that_makes_no_sense_is_refused(store, inspection, lena, now, concern):
    wrong = {
        Level.NOW: timedelta(minutes=now),
        Level.CONCERN: timedelta(minutes=concern),
    }
    with pytest.raises(BadLimits):
        rota.set_limits(store, lena, SLUG, Limits(acknowledge=wrong), NOON)


def test_six_weeks_say_who_is_there_and_when_nobody_is(store, inspection, dee, lena):
    found = rota.look(store, dee, SLUG, NOON, NOON.date())
    assert len(found.weeks) == 6
    assert found.weeks[0].days[0].date == date(2026, 11, 23)
    assert [found.names[each.staff] for each in found.now] == ["Dee Duty"]
    assert found.gaps
    assert all(gap.end > NOON for gap in found.gaps)
    assert [each.id for each in found.people] == [dee.id]
    both = rota.look(store, lena, SLUG, NOON, NOON.date()).people
    assert {each.id for each in both} == {dee.id, lena.id}
    holiday = rota.look(store, dee, SLUG, NOON, date(2026, 11, 30)).weeks[0].days[0]
    assert holiday.holiday
    assert holiday.gaps == ()


def _of(store, inspection):
    with store.read() as db:
        return inspections.get(db, inspection.id)
