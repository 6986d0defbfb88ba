"""A child's talk through its pages, with scripting and without."""

import pytest

from engage.core.dialogue.answers import LONGEST, Chosen, Written
from engage.core.people import Voice
from engage.store import talks
from tests.web.child import WAYS, Child, bubbles, open_flag, print_card

CAN_BE_FOUND = {
    "gathering": "which get-together",
    "card": "gave you your card",
    "open": "We don’t know who you are, so we can’t find you.",
}
AT_A_CONCERN = {
    "gathering": "People will know which get-together this came from.",
    "card": "The person who gave you your card can tell the inspector who you are.",
    "open": "We can’t tell who you are. If you want help from us, leave a first name",
}
ODD = [
    "🙂👨‍👩‍👧 ok",
    "أنا بخير 123 שלום",
    "<b>bold</b> & &amp; <script>alert(1)</script>",
    "one\r\n\r\ntwo",
    "  around  ",
    "\nfirst line empty",
    "{person} {home-word|x} *not strong* %s %(x)s {{ 7*7 }}",
    "e\u0301 \u202eturned\u202c \u200b",
]


@pytest.fixture
def child(app, inspection):
    return Child(app)


def two_tabs(app, child):
    """Another tab of the same browser, on the same page."""
    other = Child(app)
    other.client.set_cookie("engage", child.client.get_cookie("engage").value)
    other.page = child.page
    return other


@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_whole_talk_goes_through_to_its_end(app, inspection, htmx, voice):
    child = Child(app, htmx=htmx).joins(voice=voice)
    for _ in range(90):
        if child.place is None:
            break
        child.says_something()
    assert "That’s everything" in child.page.text
    assert child.talk().path.ended
    assert all(t.answer for t in child.talk().path.turns if t.step.asks)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_said_truthfully_at_the_start_whether_they_can_be_found(
    app, inspection, child, way
):
    print_card(app, inspection)
    child.comes_by(way)
    child.sends(child.page.select_one("form[action='/voice']"), voice="older")
    said = {w: text in child.page.main.text for w, text in CAN_BE_FOUND.items()}
    assert said == {w: w == way for w in WAYS}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_said_truthfully_at_a_concern_whether_they_can_be_found(
    app, inspection, child, way
):
    print_card(app, inspection)
    child.joins(way).skips_to("safe-home").says(answer="never")
    page = child.page.main.text
    said = {w: text in page for w, text in AT_A_CONCERN.items()}
    assert said == {w: w == way for w in WAYS}


def test_who_comes_in_on_a_shared_tablet_is_told_of_their_own_way(
    app, inspection, child
):
    print_card(app, inspection)
    child.joins("gathering")
    child.comes_by("open")
    child.sends(child.page.select_one("form[action='/voice']"), voice="older")
    assert CAN_BE_FOUND["open"] in child.page.main.text
    assert CAN_BE_FOUND["gathering"] not in child.page.main.text


def test_a_closed_gathering_and_a_wrong_code_let_nobody_in(child, clock):
    form = child.opens("/").select_one("form[action='/join']")
    child.sends(form, 422, code="<b>no</b>")
    assert child.page.select_one("#code")["value"] == "<b>no</b>"
    clock.forward(hours=5)
    child.sends(form, 422, code="tealfox42")
    assert "closed" in child.page.main.text


def test_whoever_says_not_now_is_asked_nothing_and_leaves_no_row(
    child, store, inspection
):
    child.comes_by("gathering")
    child.sends(child.page.select_one("form[action='/voice']"), voice="younger")
    child.sends(child.page.select_one("form[action='/begin']"), answer="no")
    assert "Code on your card" in child.page.text
    child.opens("/talk", 404)
    with store.read() as db:
        assert talks.count(db, inspection.id) == 0


def test_two_presses_of_begin_begin_one_talk(child, store, inspection):
    child.comes_by("gathering")
    child.sends(child.page.select_one("form[action='/voice']"), voice="older")
    form = child.page.select_one("form[action='/begin']")
    held = child.client.get_cookie("engage").value
    child.sends(form, answer="yes")
    child.says(answer="a-lot")
    child.client.set_cookie("engage", held)
    child.sends(form, answer="yes")
    assert [answer.given.ids for answer in child.talk().answers] == [("a-lot",)]
    with store.read() as db:
        assert talks.count(db, inspection.id) == 1


def test_the_same_turn_sent_twice_leaves_one_answer(child):
    child.joins()
    form = child.form
    child.sends(form, answer="a-lot")
    once = child.talk().answers
    child.sends(form, answer="a-lot")
    assert child.talk().answers == once
    assert len(once) == 1


def test_a_reload_shows_the_same_and_asks_the_same(child):
    child.joins().skips_to("safe-home").says(answer="sometimes")
    first = child.opens("/talk")
    again = child.opens("/talk")
    assert first.main.text == again.main.text
    assert child.place == "worried/safe-home/check-in"


def test_back_and_another_answer_changes_it_and_goes_on_where_they_were(child):
    child.joins()
    old = child.form
    child.says(answer="a-lot")
    child.says(answer="under-16")
    here = child.place
    child.sends(old, answer="not-at-all")
    assert child.place == here
    assert child.talk().path.places["practice"].answer.given == Chosen(("not-at-all",))


def test_two_tabs_end_in_one_state(app, child):
    child.joins()
    other = two_tabs(app, child)
    child.says(answer="a-lot")
    child.says(answer="under-16")
    other.says(answer="not-at-all")
    other.opens("/talk")
    child.opens("/talk")
    assert child.place == other.place == "who-sees-check"
    assert bubbles(child.page) == bubbles(other.page)


def test_a_changed_answer_shows_and_the_path_follows(child):
    child.joins().skips_to("know-how-to-complain").says(answer="would")
    child.opens("/talk/change/know-how-to-complain")
    assert child.form.select_one(".chosen")["value"] == "would"
    child.sends(child.form, answer="do-not-know")
    assert "how-to-complain" in child.talk().path.places


@pytest.mark.parametrize("text", ODD)
def test_what_they_type_is_kept_and_shown_character_for_character(child, text):
    kept = text.replace("\r\n", "\n")
    child.joins().skips_to("one-change").says(text=text)
    assert child.talk().answers[-1].given == Written(kept)
    assert kept in bubbles(child.page)
    said = child.opens("/talk/said").select("dd")
    assert any(each.text.startswith(kept) for each in said)
    child.opens("/talk/change/one-change")
    assert child.page.textarea.text.removeprefix("\n") == kept


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_is_too_long_is_refused_and_not_one_word_is_lost(app, inspection, htmx):
    child = Child(app, htmx=htmx).joins().skips_to("one-change")
    before = child.talk().answers
    long = "long words " * (LONGEST // 10)
    child.says(200 if htmx else 422, text=long)
    assert child.page.textarea.text.removeprefix("\n") == long
    assert "too long" in child.page.select_one("#turn").text
    assert child.talk().answers == before


def test_what_is_too_long_for_a_changed_answer_is_not_lost_either(child):
    child.joins().skips_to("one-change").says(text="short")
    child.opens("/talk/change/one-change")
    long = "x" * (LONGEST + 1)
    child.sends(child.form, 422, text=long)
    assert child.page.textarea.text.removeprefix("\n") == long


def test_too_many_people_are_refused_and_their_names_are_not_lost(child):
    child.joins().skips_to("people-who-help")
    kinds = [k["value"] for k in child.form.select("[name=kind]")][:4]
    names = {f"called-{kind}-1": f"Name {kind}" for kind in kinds}
    child.says(422, kind=kinds, **names)
    for name, value in names.items():
        assert child.form.select_one(f"[name={name}]")["value"] == value
    assert len(child.form.select("[name=kind][checked]")) == 4


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_an_answer_that_is_not_offered_changes_nothing(app, inspection, htmx):
    child = Child(app, htmx=htmx).joins()
    for fields in ({"answer": "no-such"}, {}, {"silence": "shout"}):
        child.says(200 if htmx else 422, **fields)
        assert child.place == "practice"
    child.sends(child.form, place="safe-home", answer="never")
    assert child.talk().answers == ()


def test_a_deleted_talk_is_gone_from_every_tab(app, child):
    child.joins()
    other, third = two_tabs(app, child), two_tabs(app, child)
    child.opens("/talk/delete")
    child.sends(child.page.select_one("form[action='/talk/delete']"))
    assert "It’s deleted" in child.page.text
    other.says(404, answer="a-lot")
    assert "no talk open here" in other.page.text
    gone = third.client.post(
        "/talk",
        data={"csrf_token": third.form.input["value"], "place": "practice"},
        headers={"HX-Request": "true"},
    )
    assert gone.headers["HX-Redirect"] == "/talk"


def test_leaving_closes_the_talk_on_this_device_and_goes_elsewhere(app, child):
    child.joins()
    answer = child.client.post("/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == app.jinja_env.globals["leave_to"]
    assert "Clear-Site-Data" in answer.headers
    with child.client.session_transaction() as session:
        assert not session
    child.opens("/talk", 404)


def test_a_person_can_be_told_at_any_time(child, store):
    child.joins()
    form = child.opens("/person").select_one("form[action='/person']")
    child.sends(form, 422, text="x" * (LONGEST + 1), reach="at school")
    assert child.page.select_one("[name=reach]")["value"] == "at school"
    child.sends(form, text="please <i>come</i>", reach="at school")
    assert "I’ve passed it on" in child.page.main.text
    notes = open_flag(store)
    assert [note.words for note in notes] == ["please <i>come</i>", "at school"]
