"""A flag is handed over with proof, and never to whom it may be about."""

import pytest
from sqlalchemy import text

from engage.core.safeguarding.flags import Move
from engage.store import flags, journal
from tests.factories import NOON, PASSWORD, make_flag

WHOM = {
    "to": "Morag Local",
    "role": "local-lead",
    "means": "phone",
    "at": "2026-11-25T11:55",
}
RECEIVED = {
    "by": "Morag Local",
    "by-role": "Local lead",
    "received-at": "2026-11-25T11:58",
    "decision": "accepted",
}


@pytest.fixture
def desk(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    return visit


@pytest.fixture
def number(store, inspection):
    return in_hand(store, inspection)


def in_hand(store, inspection, **made):
    number = make_flag(store, inspection, **made)
    with store.begin() as db:
        for move in (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE):
            flags.move(db, number, move, by=inspection.staff["dee"], at=NOON)
    return number


def value(page, name):
    field = page.select_one(f"[name='{name}']")
    if field.name == "select":
        chosen = field.select_one("[selected]")
        return chosen["value"] if chosen else ""
    return field.text.strip() if field.name == "textarea" else field.get("value", "")


def test_what_the_flag_gives_is_filled_in_and_nothing_is_made_up(desk, number):
    page = desk.get(f"/duty/flags/{number}/hand-over")
    assert value(page, "to") == "Morag Local"
    assert value(page, "reporter") == "Dee Duty"
    assert value(page, "category") == "home"
    assert "Craigmore library" in value(page, "where")
    assert value(page, "at") == "2026-11-25T12:00"
    for unknown in ("name", "born", "parents", "who", "injuries"):
        assert value(page, unknown) == ""
    assert "No, and <b>nobody</b> & nothing helps" in page.main.text
    assert page.select_one("[name=words]") is None


def test_four_things_are_enough_to_hand_it_over(desk, store, inspection, number):
    where = f"/duty/flags/{number}/hand-over"
    for missing in WHOM:
        some = {name: said for name, said in WHOM.items() if name != missing}
        page = desk.post(where, 422, finish="1", version="0", name="Jo", **some)
        assert page.select_one(f"#e-{missing}").text == "This is needed."
        assert value(page, "name") == "Jo"
    late = WHOM | {"at": "2026-11-25T12:01"}
    page = desk.post(where, 422, finish="1", version="0", **late)
    assert "still to come" in page.select_one("#e-at").text
    page = desk.post(where, finish="1", version="0", **WHOM)
    assert "Handed over to Morag Local." in page.main.text
    assert "Handed over, receipt not confirmed" in page.select_one(".head").text
    with store.read() as db:
        (entry,) = journal.since(db, journal.Verb.HANDED_OVER, NOON)
    assert entry.detail == "{}"


def test_it_is_kept_for_later_each_time_anew_and_nothing_is_overwritten(desk, number):
    where = f"/duty/flags/{number}/hand-over"
    page = desk.post(where, version="0", to="Morag", pattern="Again and again")
    assert "Nothing has been handed over yet" in page.main.text
    assert value(page, "pattern") == "Again and again"
    desk.post(where, version="1", to="Morag L", pattern="Once")
    page = desk.post(where, 409, version="1", to="Mine", pattern="Typed at once")
    assert "Somebody else saved this form meanwhile" in page.main.text
    assert value(page, "pattern") == "Typed at once"
    said = page.select_one(".field:has(#f-pattern) .theirs").text
    assert "Saved meanwhile: Once" in " ".join(said.split())
    assert page.select_one("details:has(#f-pattern)").has_attr("open")
    assert value(desk.get(where), "pattern") == "Once"
    page = desk.post(where, version=value(page, "version"), pattern="Typed at once")
    assert value(page, "pattern") == "Typed at once"
    assert "Last by Dee Duty" in page.main.text


def test_a_form_full_of_long_words_is_kept_whole(desk, number):
    where = f"/duty/flags/{number}/hand-over"
    texts = ("parents", "others", "happened", "injuries", "feeling", "risks", "wants")
    full = dict.fromkeys(texts, "ا" * 5000)
    page = desk.post(where, version="0", **full)
    assert {name: value(page, name) for name in texts} == full
    long = full | {"wants": "ا" * 5001}
    page = desk.post(where, 422, version="1", **long)
    assert "at most 5,000 letters" in page.select_one("#e-wants").text
    assert value(page, "wants") == long["wants"]


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 5000, "٣"])
def test_a_version_that_is_none_is_another(desk, number, version):
    where = f"/duty/flags/{number}/hand-over"
    page = desk.post(where, 409, version=version, name="Jo")
    assert value(page, "name") == "Jo"


def test_what_the_enter_key_does_hands_nothing_over(desk, number):
    form = desk.get(f"/duty/flags/{number}/hand-over").select_one("form.hand-over")
    assert form.select_one("button").get("name") is None


def test_a_flag_about_staff_leaves_out_the_usual_address_until_another_is_chosen(
    desk, store, inspection
):
    part = {"categories": ["harm_by_staff"]}
    number = in_hand(store, inspection, parts=[part])
    where = f"/duty/flags/{number}/hand-over"
    page = desk.get(where)
    assert "left out on purpose" in page.main.text
    assert value(page, "to") == value(page, "role") == value(page, "contact") == ""
    assert "01632 960 111" not in page.main.text
    page = desk.post(where, 422, finish="1", version="0", **WHOM)
    assert page.select_one("#e-safe-because").text == "This is needed."
    desk.post(where, finish="1", version="0", about="nobody", **WHOM)


OTHER = {"to": "Iain Other", "role": "police", "means": "phone", "at": WHOM["at"]}
SAFE = {"safe-because": "He has nothing to do with that team."}


@pytest.mark.parametrize(
    "about", ["worker", "carer", "volunteer", "local-lead", "inspector", "not-sure"]
)
def test_whoever_reads_it_may_find_that_it_is_about_somebody(desk, number, about):
    where = f"/duty/flags/{number}/hand-over"
    page = desk.post(where, 422, finish="1", version="0", about=about, **WHOM)
    assert value(page, "to") == value(page, "role") == ""
    assert "Morag Local" not in page.main.text
    assert page.select_one("#e-safe-because")
    page = desk.post(where, version="0", about=about, contact="01632 960 111", **WHOM)
    assert value(page, "to") == value(page, "role") == value(page, "contact") == ""
    checked = {"checked": "nobody"}
    desk.post(where, finish="1", version="1", about=about, **OTHER, **SAFE, **checked)


def test_what_is_about_the_local_lead_never_goes_to_them(desk, number):
    where = f"/duty/flags/{number}/hand-over"
    form = {"finish": "1", "version": "0", "about": "local-lead", **SAFE}
    page = desk.post(where, 422, **form, **WHOM)
    assert page.select_one("#e-to")
    page = desk.post(where, 422, **form, **WHOM | {"to": "Somebody in their team"})
    assert "It may be about them" in page.select_one("#e-role").text
    assert value(page, "to") == "Somebody in their team"


def test_what_may_be_about_an_inspector_is_kept_from_whom_it_may_concern(desk, number):
    where = f"/duty/flags/{number}/hand-over"
    form = {"finish": "1", "version": "0", "about": "inspector", **OTHER, **SAFE}
    page = desk.post(where, 422, **form)
    assert page.select_one("#e-checked").text == "This is needed."
    assert "Who can open this flag: Dee Duty, Lena Lead." in page.main.text
    desk.post(where, **form, checked="nobody")


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ("under-16", "Route: child protection."),
        ("16-17", "child protection and adult support and protection"),
        ("18-plus", "adult support and protection and child protection"),
        ("", "child protection and adult support and protection"),
    ],
)
def test_from_sixteen_both_routes_are_shown(desk, number, age, said):
    where = f"/duty/flags/{number}/hand-over"
    assert said in desk.post(where, version="0", age=age).main.text


def test_receipt_says_who_has_it_and_what_they_decided(desk, number):
    where = f"/duty/flags/{number}"
    desk.post(f"{where}/receipt", 422)
    desk.post(f"{where}/receipt", 409, **RECEIVED)
    desk.post(f"{where}/hand-over", finish="1", version="0", **WHOM)
    page = desk.post(f"{where}/receipt", 422, **(RECEIVED | {"by": ""}))
    assert page.select_one("#e-by")
    page = desk.post(f"{where}/receipt", 422, **(RECEIVED | {"decision": "no action"}))
    assert page.select_one("#e-reason")
    page = desk.post(f"{where}/receipt", **RECEIVED)
    assert "Received by Morag Local." in page.main.text
    assert "Receipt confirmed by Dee Duty" in page.main.text


def test_it_can_be_handed_to_somebody_else_when_the_first_says_it_is_not_theirs(
    desk, number
):
    where = f"/duty/flags/{number}/hand-over"
    desk.post(where, finish="1", version="0", **WHOM)
    other = WHOM | {"to": "Police Scotland", "role": "police"}
    page = desk.post(where, finish="1", version="1", **other)
    assert "Handed over to Police Scotland." in page.main.text
    assert "Handed over to Morag Local." in page.main.text


def test_who_is_kept_from_a_flag_sees_it_no_more(app, desk, store, inspection, number):
    where = f"/duty/flags/{number}"
    desk.post(f"{where}/bar", 422, who="99")
    page = desk.post(f"{where}/bar", who=str(inspection.staff["dee"]))
    assert page.h1.text == "Waiting flags"
    desk.get(where, 404)
    desk.post("/staff/sign-out")
    desk.sign_in("lena", PASSWORD)
    assert "kept from this flag by Dee Duty" in desk.get(where).main.text
    assert "Dee Duty is kept from it." in desk.get(f"{where}/hand-over").main.text
    desk.post(f"{where}/bar", 422, who="9" * 5000)
    page = desk.post(f"{where}/bar", 422, who=str(inspection.staff["lena"]))
    assert "Nobody else could open it then" in page.main.text
    page = desk.post(f"{where}/bar/lift", who=str(inspection.staff["dee"]))
    assert "is kept from it" not in page.main.text
    assert "may see this flag again, by Lena Lead" in desk.get(where).main.text


def test_only_who_holds_the_key_sees_the_form(desk, store, inspection, number):
    with store.begin() as db:
        db.execute(text("DELETE FROM vault_grant"))
    page = desk.get(f"/duty/flags/{number}/hand-over")
    assert "You do not hold the key" in page.main.text
    desk.post(f"/duty/flags/{number}/hand-over", finish="1", version="0", **WHOM)
    with store.read() as db:
        assert flags.get(db, number, inspection.staff["dee"]).stage == "in hand"
