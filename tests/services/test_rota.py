"""The rota: who may change what, what follows from it, and who can open what then."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from engage.core.duty.clock import Limits
from engage.core.duty.journal import Verb
from engage.core.duty.planning import shift_on
from engage.core.people import Role
from engage.core.safeguarding.clock import Cover
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Outcome
from engage.core.sealing.keys import Holder
from engage.services import (
    covering,
    duty_desk,
    founding,
    moving,
    opening,
    rota,
    signing_in,
)
from engage.services.granting import vault_keys
from engage.services.rota import BadLimits, BadShift, Gone, NotTheirs, Problem, Run
from engage.store import flags, inspections, journal, shifts
from tests.factories import NOON, PASSWORD, make_flag, make_inspection, make_staff

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
def readable(store, who):
    """Whether this person can open what a flag says."""

    def held(name, flag):
        with store.read() as db:
            found = flags.get(db, flag, who(name).id)
        return found.vault in vault_keys(store, who(name), Holder.DUTY)

    return held


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


def versions(store, inspection):
    with store.read() as db:
        found = inspections.vaults(db, inspection.id)
    return [each.version for each in found if each.holder is Holder.DUTY]


def everything(store, me, inspection):
    """Take off whatever this person has from now on."""
    for each in on(store, inspection):
        if each.staff == me.id:
            rota.remove(store, me, SLUG, each.id, NOON)


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


def test_who_comes_on_the_rota_opens_what_was_raised_before_and_after(
    store, inspection, lena, sam, who, readable
):
    before = make_flag(store, inspection, reference="BEFORE")
    assert not readable("sam", before)
    rota.add(store, lena, SLUG, shift(sam), NOON)
    after = make_flag(store, inspection, reference="AFTER")
    assert versions(store, inspection) == [1, 2]
    for name in ("sam", "dee", "lena"):
        assert readable(name, before)
        assert readable(name, after)
    moving.open_(store, who("sam"), before, NOON)
    opened = duty_desk.read(store, who("sam"), before)
    assert "nothing helps" in str(opened.notes)


def test_who_leaves_the_rota_opens_the_old_ones_and_not_the_new(
    store, inspection, lena, dee, sam, readable
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    before = make_flag(store, inspection, reference="BEFORE")
    everything(store, dee, inspection)
    after = make_flag(store, inspection, reference="AFTER")
    assert readable("dee", before)
    assert not readable("dee", after)
    for name in ("sam", "lena"):
        assert readable(name, after)


def test_who_comes_back_opens_what_was_raised_meanwhile(
    store, inspection, lena, dee, sam, readable
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    everything(store, dee, inspection)
    meanwhile = make_flag(store, inspection)
    rota.add(store, lena, SLUG, shift(dee.id, place=2), NOON)
    assert readable("dee", meanwhile)


def test_who_puts_themselves_on_waits_for_somebody_who_holds_the_old_keys(
    store, inspection, lena, sam, who, readable
):
    before = make_flag(store, inspection, reference="BEFORE")
    rota.add(store, who("sam"), SLUG, shift(sam), NOON)
    after = make_flag(store, inspection, reference="AFTER")
    assert readable("sam", after)
    assert not readable("sam", before)
    rota.add(store, lena, SLUG, shift(lena.id, place=2), NOON)
    assert readable("sam", before)


def test_a_closed_flag_is_not_opened_to_who_comes_later(
    store, inspection, lena, sam, readable
):
    number = make_flag(store, inspection)
    moving.open_(store, lena, number, NOON)
    moving.acknowledge(store, lena, number, NOON)
    moving.take(store, lena, number, NOON)
    moving.close(store, lena, number, Outcome.NOT_A_CONCERN, "Nothing", NOON)
    rota.add(store, lena, SLUG, shift(sam), NOON)
    assert not readable("sam", number)


def test_the_same_people_keep_the_same_vault(store, inspection, lena, dee):
    rota.add(store, lena, SLUG, shift(dee.id), NOON)
    rota.remove(store, lena, SLUG, on(store, inspection)[-1].id, NOON)
    assert versions(store, inspection) == [1]
    assert written(store, inspection, Verb.VAULT_CHANGED, Verb.GRANTED) == []


def test_a_vault_that_changes_is_written_down_without_a_name(
    store, inspection, lena, sam
):
    rota.add(store, lena, SLUG, shift(sam), NOON)
    assert len(written(store, inspection, Verb.VAULT_CHANGED)) == 1
    granted = written(store, inspection, Verb.GRANTED)
    people = {inspection.staff[name] for name in ("dee", "lena", "sam")}
    assert {json.loads(each.detail)["to"] for each in granted} == people
    assert {each.staff for each in granted} == {lena.id}


def test_no_vault_is_ever_left_without_anybody(store, inspection, dee, lena, readable):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, lena.id)
    everything(store, dee, inspection)
    assert versions(store, inspection) == [1]
    assert readable("dee", make_flag(store, inspection))


def test_an_inspection_opens_only_when_somebody_can_be_handed_a_flag(store):
    lacking = {"name": "Morag Local", "phone": " ", "out_of_hours": None}
    with pytest.raises(founding.NotReady) as refused:
        make_inspection(store, local=lacking)
    assert refused.value.missing == ("local day phone", "out-of-hours number")
    with store.read() as db:
        assert inspections.every(db) == ()


def test_a_closed_inspection_is_opened_once_nothing_is_missing(store, inspection):
    with store.begin() as db:
        inspections.close(db, inspection.id)
        lacking = inspections.NewInspection(
            slug="glen",
            programme="living-at-home",
            area="Glen",
            script_id="living-at-home",
            cover={},
            local={},
            open=False,
        )
        glen = inspections.add(db, lacking)
    opening.open_(store, inspection.id, NOON)
    opening.open_(store, inspection.id, NOON)
    assert _of(store, inspection).open
    assert len(written(store, inspection, Verb.OPENED_INSPECTION)) == 1
    with pytest.raises(opening.NotReady):
        opening.open_(store, glen, NOON)
    with pytest.raises(opening.NoInspection):
        opening.open_(store, glen + 1, NOON)


def _of(store, inspection):
    with store.read() as db:
        return inspections.get(db, inspection.id)
