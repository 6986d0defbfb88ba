"""What a lead sets on the rota's page: office hours, limits, and whether talks wait."""

import pytest

from engage.store import inspections
from tests.factories import PASSWORD

ROTA = "/duty/rota/craigmore"


@pytest.fixture
def lead(visit, inspection):
    visit.sign_in("lena", PASSWORD)
    return visit


def test_only_a_lead_sees_and_sets_the_rules(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    assert not visit.get(ROTA).select("#hours, #limits, #pauses")
    for name in ("hours", "limits", "pauses"):
        visit.post(f"{ROTA}/{name}", 404)


def test_the_rules_hold_and_say_so(lead, store, inspection):
    lead.post(f"{ROTA}/hours", days=["0", "6"], opens="08:00", closes="20:00")
    limits = {
        "acknowledge-now": 2,
        "acknowledge-concern": 20,
        "hand-over-now": 40,
        "hand-over-concern": 200,
    }
    lead.post(f"{ROTA}/limits", **limits)
    page = lead.post(f"{ROTA}/pauses", pauses="yes")
    assert "Saved" in page.main.text
    days = page.select("[name=days][checked]")
    assert [each["value"] for each in days] == ["0", "6"]
    assert page.select_one("[name=opens]")["value"] == "08:00"
    for name, value in limits.items():
        assert page.select_one(f"[name={name}]")["value"] == str(value)
    assert page.select_one("[name=pauses]").has_attr("checked")
    page = lead.post(f"{ROTA}/pauses")
    assert not page.select_one("[name=pauses]").has_attr("checked")


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("hours", {"days": "1", "opens": "8", "closes": "20:00"}, "closes"),
        ("hours", {"opens": "08:00", "closes": "20:00"}, "opens"),
        ("hours", {"days": "1", "opens": "20:00", "closes": "08:00"}, "opens"),
        ("hours", {"days": "7", "opens": "08:00", "closes": "20:00"}, "closes"),
        ("limits", {"acknowledge-now": "soon"}, "acknowledge-now"),
        (
            "limits",
            {
                "acknowledge-now": "90",
                "acknowledge-concern": "20",
                "hand-over-now": "40",
                "hand-over-concern": "200",
            },
            "acknowledge-now",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_changes_nothing(
    lead, store, inspection, name, typed, kept
):
    page = lead.post(f"{ROTA}/{name}", 422, **typed)
    assert page.select_one(f"#{name} [role=alert]").text
    assert page.select_one(f"#{name} [name={kept}]")["value"] == typed[kept]
    with store.read() as db:
        held = inspections.get(db, inspection.id)
    assert (held.cover["opens"], held.limits) == ("09:00", {})
