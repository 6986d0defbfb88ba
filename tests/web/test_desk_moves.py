"""What the inspector does with a flag, from the first look to the end, on the page."""

import pytest

from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Move
from engage.store import clocks, flags, journal
from tests.factories import NOON, PASSWORD, make_flag
from tests.page import Browser


@pytest.fixture
def desk(visit, inspection):
    visit.sign_in("dee", PASSWORD)
    return visit


def bring(store, inspection, number, *moves):
    with store.begin() as db:
        for move in moves:
            flags.move(db, number, move, by=inspection.staff["dee"], at=NOON)


TO_HAND = (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE)
TO_RECEIVED = (*TO_HAND, Move.HAND_OVER, Move.RECEIPT)


def test_each_stage_offers_the_one_next_thing_to_do(desk, store, inspection):
    number = make_flag(store, inspection)
    offered = []
    page = desk.get(f"/duty/flags/{number}")
    for move in (None, "open", "acknowledge", "take"):
        if move:
            page = desk.post(f"/duty/flags/{number}/{move}")
        offered.append(page.select_one(".next .go").text)
    assert offered == [
        "Open",
        "Acknowledge: I have read this and take it on",
        "Take it in hand",
        "Hand it over",
    ]


def test_the_child_is_told_and_the_flag_is_closed_with_its_outcome(
    desk, store, inspection
):
    number = make_flag(store, inspection)
    bring(store, inspection, number, *TO_RECEIVED)
    desk.post(f"/duty/flags/{number}/tell", how="in person", text="Ann told them.")
    page = desk.post(
        f"/duty/flags/{number}/close", outcome="accepted", text="All in hand."
    )
    assert "Closed: They took it on" in page.main.text
    assert "Ann told them." in page.main.text
    assert "AB12" in desk.get("/duty/closed").main.text
    page = desk.post(f"/duty/flags/{number}/reopen", text="There was more.")
    assert "Acknowledged" in page.select_one(".head").text


def test_only_a_reason_closes_what_was_not_handed_over(desk, store, inspection):
    number = make_flag(store, inspection)
    bring(store, inspection, number, *TO_HAND)
    where = f"/duty/flags/{number}/close"
    page = desk.post(where, 422, outcome="not a concern", text=" ")
    assert "write the reason" in page.select_one("#wrong").text
    desk.post(where, 422, outcome="accepted", text="They did")
    desk.post(where, 422, outcome="whatever", text="They did")
    page = desk.post(where, outcome="not a concern", text="It was about a game.")
    assert "not handed over" in page.main.text


def test_a_move_that_is_not_next_changes_nothing_and_says_how_it_stands(
    desk, store, inspection
):
    number = make_flag(store, inspection)
    for move in ("acknowledge", "take"):
        page = desk.post(f"/duty/flags/{number}/{move}", 409)
        assert "This is how it stands now" in page.main.text
    desk.post(f"/duty/flags/{number}/tell", 409, how="message", text="Hello")
    with store.read() as db:
        flag = flags.get(db, number, inspection.staff["dee"])
    assert flag.stage == "raised"


def test_notes_stay_as_they_are_and_corrections_come_after_them(
    desk, store, inspection
):
    number = make_flag(store, inspection)
    bring(store, inspection, number, Move.OPEN)
    desk.post(f"/duty/flags/{number}/note", text="Rang Morag at 12:10.")
    page = desk.post(f"/duty/flags/{number}/note", text="It was 12:20.", corrects="2")
    said = [each.text for each in page.select(".staff-note .said")]
    assert said == ["Rang Morag at 12:10.", "It was 12:20."]
    assert "Correction of note 2" in page.main.text
    desk.post(f"/duty/flags/{number}/note", 422, text="  ")
    desk.post(f"/duty/flags/{number}/note", 422, text="x" * 5001)


def test_two_inspectors_see_each_other_and_what_changed(
    app, desk, store, inspection, clock
):
    number = make_flag(store, inspection)
    lena = Browser(app.test_client())
    lena.sign_in("lena", PASSWORD)
    seen = desk.get(f"/duty/flags/{number}").select_one("#beside")["hx-get"]
    lena.get(f"/duty/flags/{number}")
    assert "Lena Lead is looking at this too" in desk.client.get(seen).text
    lena.post(f"/duty/flags/{number}/open")
    assert "This flag has changed" in desk.client.get(seen).text
    clock.forward(seconds=30)
    assert "Lena Lead" not in desk.client.get(seen).text


def test_the_desk_says_only_what_is_new(desk, store, inspection, clock):
    page = desk.get("/duty/")
    seen = page.select_one("#desk")["hx-get"]
    assert desk.client.get(seen).status_code == 204
    make_flag(store, inspection, level=Level.NOW)
    news = desk.client.get(seen)
    assert news.headers["HX-Trigger"] == "flag"
    assert "A new flag waits: now, AB12." in news.text
    assert "<title>(1) Waiting flags</title>" in news.text


def test_a_desk_left_alone_still_tells_of_new_flags_and_opens_nothing(
    desk, store, inspection, clock
):
    seen = desk.get("/duty/").select_one("#desk")["hx-get"]
    clock.forward(hours=3)
    make_flag(store, inspection, at=clock.now)
    news = desk.client.get(seen).text
    assert "AB12" in news
    assert "your key is put away" in news
    assert "Craigmore library" not in news
    desk.get("/duty/", 404)


def test_a_flag_raised_by_hand_goes_the_same_way(visit, store, inspection, clock):
    visit.sign_in("evan", PASSWORD)
    page = visit.get("/duty/raise/")
    once = page.select_one("[name=once]")["value"]
    heard = {
        "inspection": inspection.id,
        "level": "now",
        "words": "They said they are scared of going home.",
        "where": "The library",
        "reach": "Ask Ann",
        "once": once,
    }
    visit.post("/duty/raise/", 422, **(heard | {"words": " "}))
    visit.post("/duty/raise/", 422, **(heard | {"level": "check"}))
    visit.post("/duty/raise/", 422, **(heard | {"inspection": 999}))
    first = visit.post("/duty/raise/", **heard).main.text
    assert "Passed on as flag" in first
    assert visit.post("/duty/raise/", **heard).main.text == first
    visit.post("/staff/sign-out")
    visit.sign_in("dee", PASSWORD)
    (line,) = visit.get("/duty/").select(".flags .flag")
    assert "The library" in line.text
    page = visit.post(line.select_one("form")["action"])
    assert "They said they are scared of going home." in page.main.text
    assert "Ask Ann" in page.main.text
    with store.read() as db:
        (entry,) = journal.since(db, journal.Verb.RAISED, NOON)
    assert entry.staff == inspection.staff["evan"]


def test_health_is_said_to_whoever_watches_the_machine(visit, inspection, store, clock):
    assert visit.client.get("/healthz").status_code == 503
    with store.begin() as db:
        clocks.beat(db, clock.now)
    answer = visit.client.get("/healthz")
    assert (answer.status_code, answer.json) == (
        200,
        {"dispatcher": "at work", "late": 0},
    )
    make_flag(store, inspection)
    clock.forward(seconds=21)
    with store.begin() as db:
        clocks.beat(db, clock.now)
    assert visit.client.get("/healthz").json == {"dispatcher": "at work", "late": 1}
    assert visit.client.get("/healthz").status_code == 503


def test_a_silent_dispatcher_is_said_on_the_desk_and_at_the_door(
    desk, store, inspection, clock
):
    assert "no dispatcher has ever run" in desk.get("/duty/").main.text
    desk.post("/staff/sign-out")
    assert "may not see it soon" in desk.get("/").main.text
    with store.begin() as db:
        clocks.beat(db, clock.now)
    assert "may not see it soon" not in desk.get("/").main.text
