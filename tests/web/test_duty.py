"""The desk: a flag reaches whoever is on duty, and nobody else."""

import pytest
from sqlalchemy import text

from engage.core.safeguarding.concerns import Level
from tests.factories import NAMES, NOON, PASSWORD, make_flag


@pytest.fixture
def desk(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    return visit


def opened(desk, number):
    return desk.post(f"/duty/flags/{number}/open")


def test_the_desk_says_when_nothing_waits(desk):
    assert "No flag waits" in desk.get("/duty/").main.text


def test_the_worst_comes_first_and_then_the_newest(desk, store, inspection, clock):
    make_flag(store, inspection, reference="OLD", level=Level.CONCERN)
    clock.forward(minutes=5)
    make_flag(store, inspection, reference="NEW", at=clock.now)
    make_flag(store, inspection, reference="NOW", level=Level.NOW)
    make_flag(store, inspection, reference="CHECK", level=Level.CHECK, at=clock.now)
    rows = desk.get("/duty/").select(".flags .number")
    assert [row.text for row in rows] == ["NOW", "NEW", "OLD", "CHECK"]


def test_the_list_says_where_the_child_joined_and_no_word_of_theirs(
    desk, store, inspection
):
    make_flag(store, inspection)
    page = desk.get("/duty/").main.text
    assert "Craigmore library" in page
    assert "nobody" not in page


def test_no_word_is_shown_until_the_opening_is_recorded(desk, store, inspection):
    number = make_flag(store, inspection)
    page = desk.get(f"/duty/flags/{number}").main.text
    assert "nobody" not in page
    assert "Opened by Dee Duty" in opened(desk, number).main.text


def test_a_flag_says_all_that_was_sealed(desk, store, inspection):
    number = make_flag(
        store,
        inspection,
        parts=[
            {},
            {"kind": "added", "text": "My wee brother too", "words": ""},
            {"kind": "added", "text": "Ask at school", "place": "worried/x/reach"},
        ],
    )
    page = opened(desk, number).main.text
    for said in (
        "Concern",
        "home",
        "No, and <b>nobody</b> & nothing helps",
        "Do you feel safe at home?",
        "A bit",
        "They said they do not feel safe at home.",
        "Wed 25 Nov, 12:00",
        "Ann Adult",
        "01632 960 222",
        "Thank you for telling me.",
        "You said you do not feel safe at home.",
        "My wee brother too",
        "Ask at school",
        "Morag Local",
    ):
        assert said in page


def test_the_words_that_gave_the_reason_stand_out(desk, store, inspection):
    words = "he hits me & <i>my brother</i>"
    part = {"words": words, "marks": [[0, 10], [13, 30]]}
    page = opened(desk, make_flag(store, inspection, parts=[part])).main
    assert [mark.text for mark in page.select("mark")] == [words[:10], words[13:30]]
    assert words in page.text


def test_marks_that_do_not_fit_the_words_hide_nothing(desk, store, inspection):
    part = {"words": "he hits me", "marks": [[3, 99], [0, 2]]}
    page = opened(desk, make_flag(store, inspection, parts=[part])).main
    assert "he hits me" in page.text


def test_harm_by_staff_is_marked_for_another_road(desk, store, inspection):
    part = {"categories": ["harm_by_staff"]}
    page = opened(desk, make_flag(store, inspection, parts=[part])).main.text
    assert "Keep it from that person and their team" in page
    other = make_flag(store, inspection, reference="OTHER")
    assert "Keep it from" not in opened(desk, other).main.text


def test_what_no_rule_stands_behind_is_shown_and_handed_over_as_no_fact(
    desk, store, inspection
):
    guess = {"categories": ["suicide"], "rule": "learned"}
    number = make_flag(store, inspection, parts=[guess])
    assert "perhaps suicide" in opened(desk, number).main.text
    ruled = {"categories": ["neglect"], "rule": "home-fed"}
    other = make_flag(store, inspection, reference="OTHER", parts=[guess, ruled])
    opened(desk, other)
    form = desk.get(f"/duty/flags/{other}/hand-over")
    field = form.select_one("[name=category]")
    assert (field.get("value") or field.text).strip() == "neglect"


def test_a_part_may_lack_everything(desk, store, inspection):
    bare = {
        name: None
        for name in ("kind", "level", "joined", "said_at", "told", "options", "place")
    }
    assert opened(desk, make_flag(store, inspection, parts=[bare])).h1


def test_an_acknowledged_flag_waits_no_longer(desk, store, inspection):
    number = make_flag(store, inspection)
    opened(desk, number)
    page = desk.post(f"/duty/flags/{number}/acknowledge")
    assert "Acknowledged by Dee Duty" in page.main.text
    assert "No flag waits" in desk.get("/duty/").main.text


def test_a_flag_cannot_be_acknowledged_unread(desk, store, inspection):
    number = make_flag(store, inspection)
    page = desk.post(f"/duty/flags/{number}/acknowledge", 409)
    assert "Acknowledged by" not in page.main.text


def test_who_was_first_stays_the_one_who_did(app, desk, store, inspection):
    number = make_flag(store, inspection)
    opened(desk, number)
    desk.post("/staff/sign-out")
    desk.sign_in("lena", PASSWORD)
    assert "Opened by Dee Duty" in opened(desk, number).main.text


def test_an_altered_part_is_said_and_hides_nothing_else(desk, store, inspection):
    number = make_flag(store, inspection, parts=[{}, {"words": "still here"}])
    with store.begin() as db:
        db.execute(
            text(
                "UPDATE flag_part SET envelope = (SELECT envelope FROM flag_part"
                " WHERE number = 2) WHERE number = 1"
            )
        )
    page = opened(desk, number).main.text
    assert "1 part of this flag has been altered" in page
    assert "still here" in page
    assert desk.get("/duty/")


@pytest.mark.parametrize("number", [2, 2147483647, 99999999999999999999])
def test_a_flag_that_is_not_there_is_not_found(desk, number):
    desk.get(f"/duty/flags/{number}", 404)
    desk.post(f"/duty/flags/{number}/open", 404)


def test_a_flag_of_another_inspection_is_not_found(desk, store, inspection):
    number = make_flag(store, inspection)
    with store.begin() as db:
        db.execute(text("DELETE FROM inspection_staff"))
    desk.get(f"/duty/flags/{number}", 404)
    desk.post(f"/duty/flags/{number}/open", 404)


def test_wrong_name_and_wrong_password_read_the_same(visit, inspection):
    pages = [
        visit.post("/staff/sign-in", 422, name=name, password=password).main.text
        for name, password in (("dee", "wrong"), ("nobody", PASSWORD))
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_told_who_they_are(visit, inspection, name):
    visit.sign_in(name, PASSWORD)
    assert NAMES[name][0] in visit.get("/staff/sign-in").main.text


def test_an_idle_half_hour_signs_out(desk, clock):
    clock.forward(minutes=31)
    desk.get("/duty/", 404)


def test_twelve_hours_sign_out_however_busy(desk, clock):
    for _ in range(35):
        clock.forward(minutes=20)
        desk.get("/duty/")
    clock.forward(minutes=21)
    desk.get("/duty/", 404)


def test_signing_out_leaves_nothing_on_the_server(desk, store):
    desk.post("/staff/sign-out")
    desk.get("/duty/", 404)
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM staff_session")).scalar() == 0


def test_what_the_server_keeps_does_not_open_a_session(desk, app, store):
    with store.read() as db:
        kept = db.execute(text("SELECT token_hash FROM staff_session")).scalar()
    thief = app.test_client()
    with thief.session_transaction() as session:
        session["staff"] = {"token": kept, "seen": int(NOON.timestamp())}
    assert thief.get("/duty/").status_code == 404


def test_guessing_passwords_is_slowed(visit, inspection):
    for _ in range(10):
        visit.post("/staff/sign-in", 422, name="dee", password="wrong")
    visit.post("/staff/sign-in", 429, name="dee", password=PASSWORD)
