"""On the rota's page, whoever holds a key lets in who came after it."""

import pytest

from engage.core.people import Role
from engage.store import inspections
from tests.factories import PASSWORD, make_flag, make_staff

ROTA = "/duty/rota/craigmore"


@pytest.fixture
def sam(store, inspection):
    """Put himself on the rota after a flag was raised."""
    number = make_staff(store, "sam", "Sam Second", Role.DUTY)
    with store.begin() as db:
        inspections.assign(db, inspection.id, number)
    return number


def test_who_came_after_a_flag_is_let_in_by_who_holds_its_key(
    visit, store, inspection, sam
):
    flag = make_flag(store, inspection)
    visit.sign_in("sam", PASSWORD)
    shift = {"day": "2027-03-01", "starts": "09:00", "ends": "17:00", "place": 1}
    page = visit.post(f"{ROTA}/shifts", who=sam, **shift)
    asked = page.select_one(".outside")
    assert "You cannot open 1 flag" in asked.text
    assert "Dee Duty, Lena Lead" in asked.text
    assert not asked.select("form")
    visit.post(f"/duty/flags/{flag}/open")
    assert "do not hold the key" in visit.get(f"/duty/flags/{flag}").main.text

    visit.post("/staff/sign-out")
    visit.sign_in("dee", PASSWORD)
    form = visit.get(ROTA).select_one(".outside form")
    assert form.button.text == "Let Sam Second in"
    page = visit.post(form["action"])
    assert "They are let in" in page.main.text
    assert not page.select(".outside")
    again = visit.post(form["action"])
    assert "Nothing changed" in again.main.text

    visit.post("/staff/sign-out")
    visit.sign_in("sam", PASSWORD)
    assert "nothing helps" in visit.get(f"/duty/flags/{flag}").main.text


def test_somebody_who_is_not_on_the_rota_cannot_be_let_in(visit, inspection, sam):
    visit.sign_in("dee", PASSWORD)
    visit.post(f"{ROTA}/let-in/{sam}", 404)
    visit.post(f"{ROTA}/let-in/{inspection.staff['evan']}", 404)
