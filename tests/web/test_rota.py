"""The rota as a page: what it says, what it refuses, and what can be undone."""

from datetime import date, timedelta

import pytest

from engage.core.people import Role
from engage.store import inspections, shifts
from tests.factories import NOON, PASSWORD, make_staff

ROTA = "/duty/rota/craigmore"
LATER = "2027-03-01"
"""A Monday long after the shifts that the made-up inspection has."""


@pytest.fixture
def desk(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    return visit


@pytest.fixture
def lead(visit, inspection):
    visit.sign_in("lena", PASSWORD)
    return visit


def one(who, **changes):
    typed = {"day": LATER, "starts": "09:00", "ends": "17:00", "who": who, "place": 1}
    return typed | changes


def ahead(store, inspection):
    with store.read() as db:
        return shifts.of_inspection(db, inspection.id, NOON)


def day_of(page, day):
    """What the calendar has on a day."""
    name = f"{date.fromisoformat(day):%a} {date.fromisoformat(day).day}"
    return next(each for each in page.select(".day") if each.h3.text.startswith(name))


def test_who_works_on_one_inspection_comes_to_its_rota(desk):
    assert "Rota of Craigmore" in desk.get("/duty/rota").h1.text


def test_who_works_on_several_chooses(desk, store, inspection):
    with store.begin() as db:
        other = inspections.NewInspection(
            slug="glen",
            programme="living-at-home",
            area="Glen",
            script_id="living-at-home",
            cover={},
            local={},
            open=False,
        )
        inspections.assign(db, inspections.add(db, other), inspection.staff["dee"])
    links = desk.get("/duty/rota").main.select("a")
    assert [each.text for each in links] == ["Craigmore", "Glen"]
    assert "Nobody is planned" in desk.get("/duty/rota/glen").main.text


def test_who_works_on_none_is_told_so(desk, store, inspection):
    with store.begin() as db:
        inspections.relieve(db, inspection.id, inspection.staff["dee"])
    assert "no inspection" in desk.get("/duty/rota").main.text
    desk.get(ROTA, 404)
    desk.post(f"{ROTA}/shifts", 404, **one(inspection.staff["dee"]))


def test_six_weeks_from_monday_with_today_holidays_and_gaps(desk):
    page = desk.get(ROTA)
    assert len(page.select(".week")) == 6
    assert "Week of Monday 23 November 2026" in page.select_one(".week h2").text
    (today,) = page.select("[aria-current=date]")
    assert "Wed 25 Nov" in today.text
    assert "Today" in today.text
    assert "09:00–17:00 Dee Duty" in " ".join(today.text.split())
    assert page.select(".holiday")
    assert len(page.select(".day.past")) == 2
    summary = page.select_one(".sum").text
    assert "Dee Duty is on duty now, until Wed 25 Nov, 17:00." in summary
    assert "Next: Dee Duty, from Thu 26 Nov, 09:00." in summary
    assert "Nobody is on duty: Tue 15 Dec, 09:00 to 17:00." in summary
    assert "There are 10 more gaps in these six weeks." in summary


def test_the_weeks_before_and_after_are_a_link_away(desk):
    page = desk.get(f"{ROTA}?from=2026-12-02")
    assert "30 November 2026" in page.select_one(".week h2").text
    after = desk.get(page.select_one("[rel=next]")["href"])
    assert "11 January 2027" in after.select_one(".week h2").text
    back = desk.get(after.select_one("[rel=prev]")["href"])
    assert back.select_one(".week h2").text == page.select_one(".week h2").text


@pytest.mark.parametrize("start", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_an_odd_day_in_the_address_shows_this_week(desk, start):
    page = desk.get(f"{ROTA}?from={start}")
    assert "23 November 2026" in page.select_one(".week h2").text


def test_a_gap_within_a_day_is_said_in_words(desk, inspection):
    desk.post(f"{ROTA}/shifts", **one(inspection.staff["dee"], ends="13:00"))
    page = desk.get(f"{ROTA}?from={LATER}")
    assert day_of(page, LATER).select_one(".gap").text == "Nobody 13:00–17:00"


def test_a_shift_is_added_once(desk, store, inspection):
    before = len(ahead(store, inspection))
    typed = one(inspection.staff["dee"], shown=LATER)
    page = desk.post(f"{ROTA}/shifts", **typed)
    assert "It is on the rota" in page.main.text
    assert "Dee Duty" in day_of(page, LATER).text
    assert "already there" in desk.post(f"{ROTA}/shifts", **typed).main.text
    assert "already there" not in desk.get(ROTA).main.text
    assert len(ahead(store, inspection)) == before + 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"day": ""}, "day", "Choose a day"),
        ({"day": "20270301"}, "day", "Choose a day"),
        ({"starts": "9"}, "starts", "Give a time"),
        ({"ends": "25:00"}, "ends", "Give a time"),
        ({"who": "²"}, "who", "Choose who"),
        ({"place": "9"}, "place", "Choose in which place"),
        ({"ends": "09:00"}, "ends", "begins and ends at the same time"),
        ({"day": "2027-03-28", "starts": "01:30"}, "starts", "clocks go forward"),
        (
            {"day": "2027-03-27", "starts": "22:00", "ends": "01:30"},
            "ends",
            "clocks go forward",
        ),
        ({"day": "2020-03-02"}, "day", "That is over"),
        ({"day": "2029-03-01"}, "day", "more than two years ahead"),
        (
            {"day": "2026-11-26", "starts": "16:00", "ends": "20:00"},
            "who",
            "on duty already",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    desk, store, inspection, changes, field, said
):
    before = ahead(store, inspection)
    typed = one(inspection.staff["dee"]) | changes
    page = desk.post(f"{ROTA}/shifts", 422, **typed)
    form = page.select_one("#one[open]")
    (marked,) = page.select("[aria-invalid]")
    (alert,) = page.select("[role=alert]")
    assert said in alert.text
    assert marked["name"] == field
    assert marked["aria-describedby"] == alert["id"]
    for name in ("day", "starts", "ends"):
        if typed[name]:
            assert form.select_one(f"[name={name}]")["value"] == typed[name]
    assert not page.select("#run[open]")
    assert ahead(store, inspection) == before


def test_a_place_that_is_taken_is_said(lead, inspection):
    staff = inspection.staff
    lead.post(f"{ROTA}/shifts", **one(staff["dee"]))
    page = lead.post(f"{ROTA}/shifts", 422, **one(staff["lena"]))
    assert "Choose another place" in page.select_one("#one").text
    lead.post(f"{ROTA}/shifts", **one(staff["lena"], place=2))
    page = lead.get(f"{ROTA}?from={LATER}")
    assert "second" in day_of(page, LATER).text


def test_a_night_goes_on_the_day_after(desk, inspection):
    night = one(inspection.staff["dee"], starts="22:00", ends="06:00", shown=LATER)
    page = desk.post(f"{ROTA}/shifts", **night)
    assert "22:00–06:00" in day_of(page, LATER).text
    after = day_of(page, "2027-03-02")
    assert "until 06:00" in after.text
    assert not after.select("form")


def test_a_run_is_added_and_a_wrong_one_is_not(desk, store, inspection):
    typed = {"first": LATER, "last": "2027-03-05", "who": inspection.staff["dee"]}
    page = desk.post(f"{ROTA}/run", place=1, **typed)
    assert "5 shifts are on the rota" in page.main.text
    assert "Nothing to add" in desk.post(f"{ROTA}/run", place=1, **typed).main.text
    before = ahead(store, inspection)
    wrong = desk.post(f"{ROTA}/run", 422, place=1, **(typed | {"last": "2027-02-01"}))
    assert "Swap them" in wrong.select_one("#run[open] [role=alert]").text
    assert wrong.select_one("[aria-invalid]")["name"] == "last"
    assert wrong.select_one("#run [name=last]")["value"] == "2027-02-01"
    empty = desk.post(f"{ROTA}/run", 422, place=1, **(typed | {"last": ""}))
    assert "Choose the last day" in empty.select_one("#run [role=alert]").text
    endless = desk.post(f"{ROTA}/run", 422, place=1, **(typed | {"last": "2028-03-03"}))
    assert "more than a year" in endless.select_one("#run [role=alert]").text
    assert ahead(store, inspection) == before


def test_what_is_taken_off_can_be_put_back(desk, store, inspection):
    before = [(each.staff, each.span) for each in ahead(store, inspection)]
    last = ahead(store, inspection)[-1]
    page = desk.post(f"{ROTA}/shifts/{last.id}/remove")
    assert "Taken off the rota" in page.main.text
    assert len(ahead(store, inspection)) == len(before) - 1
    form = page.select_one("form[action$='/back']")
    fields = {each["name"]: each["value"] for each in form.select("input")}
    desk.post(form["action"], **fields)
    assert [(each.staff, each.span) for each in ahead(store, inspection)] == before


def test_taken_off_twice_is_said_and_no_matter(desk, store, inspection):
    last = ahead(store, inspection)[-1]
    desk.post(f"{ROTA}/shifts/{last.id}/remove")
    page = desk.post(f"{ROTA}/shifts/{last.id}/remove")
    assert "off the rota already" in page.main.text
    assert not page.select("form[action$='/back']")


@pytest.mark.parametrize(
    "ends", ["", "x", "2027-03-01T09:00", "2020-01-01T00:00+00:00"]
)
def test_nonsense_cannot_be_put_back(desk, store, inspection, ends):
    before = ahead(store, inspection)
    fields = {"who": inspection.staff["dee"], "place": 1, "ends": ends}
    desk.post(f"{ROTA}/back", 422, starts="2027-03-01T09:00+00:00", **fields)
    assert ahead(store, inspection) == before


def test_another_persons_shift_is_neither_offered_nor_taken(desk, store, inspection):
    sam = make_staff(store, "sam", "Sam Second", Role.DUTY)
    with store.begin() as db:
        inspections.assign(db, inspection.id, sam)
        theirs = ahead(store, inspection)[-1]
        moved = shifts.Shift(sam, theirs.span, 2)
        shifts.add(db, inspection.id, moved)
    (number,) = [each.id for each in ahead(store, inspection) if each.staff == sam]
    shown = theirs.span.start.date().isoformat()
    page = desk.get(f"{ROTA}?from={shown}")
    assert "Sam Second" in page.main.text
    assert not page.select(f"form[action$='/{number}/remove']")
    desk.post(f"{ROTA}/shifts/{number}/remove", 404)
    desk.post(f"{ROTA}/shifts", 404, **one(sam))


def test_nobody_on_duty_is_said_first(desk, clock):
    clock.now = NOON + timedelta(hours=8)
    desk.sign_in("dee", PASSWORD)
    summary = desk.get(ROTA).select_one(".sum")
    assert summary.select_one("p.bad").text == "Nobody is on duty now."
