"""Two browsers: the child in their talk, and the duty inspector who writes to them."""

import pytest

from tests.bench import talkers
from tests.browser.child import Child
from tests.factories import PASSWORD

HELLO = "Hello. I’m Dee. I have read what you wrote."
WITHIN = 15_000


@pytest.fixture
def child(page, server, app, inspection):
    """A child in a question with a box to write in, after their flag was raised."""
    key = talkers.begins(app, inspection)
    talkers.goes_on(app, key, until="safe-home")
    cookie = {"name": "engage", "value": talkers.cookie(app, key), "url": server}
    page.context.add_cookies([cookie])
    page.goto("/talk")
    child = Child(page)
    child.answers("never")
    child.answers("no")
    return child


@pytest.fixture
def desk(chrome, server, child):
    """The duty inspector's own browser, with the child's flag in their hands."""
    context = chrome.new_context(base_url=server, locale="en-GB")
    desk = context.new_page()
    complaints = []
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    desk.goto("/staff/sign-in")
    desk.get_by_label("Name").fill("dee")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_role("button", name="Open").click()
    desk.get_by_role("button", name="Acknowledge").click()
    desk.goto("/duty/flags/1/messages")
    yield desk
    context.close()
    assert complaints == []


def writes(desk, words=HELLO, axe=None):
    desk.get_by_label("Short and plain").fill(words)
    desk.get_by_role("button", name="Look at it").click()
    desk.get_by_role("heading", name="As they will see it").wait_for()
    if axe:
        axe(desk)
    desk.get_by_role("button", name="Send it to the child").click()
    desk.get_by_text("Not seen yet").last.wait_for()


def test_the_child_sees_it_where_they_are_and_what_they_type_stays(
    child, page, desk, axe
):
    box = page.locator("#turn textarea")
    box.focus()
    page.keyboard.type("please be qu")
    before = box.bounding_box()
    axe(desk)
    writes(desk, axe=axe)

    page.get_by_text(HELLO).wait_for(timeout=WITHIN)

    assert page.get_by_text("The duty inspector has written to you").is_visible()
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.type("ick")
    assert box.input_value() == "please be quick"
    after = box.bounding_box()
    assert abs(after["y"] - before["y"]) < 2, "nothing moves under their finger"
    assert page.locator("[role=log] #from").inner_text().count(HELLO) == 1
    axe(page)

    desk.get_by_text("Seen by the child").wait_for(timeout=WITHIN)
    page.locator("#turn .go").click()
    page.get_by_text("safe way to reach you").first.wait_for()
    assert page.get_by_text(HELLO).is_visible(), "it stays while the talk goes on"


def test_the_child_writes_back_and_the_desk_sees_it(child, page, desk, axe):
    writes(desk)
    child.writes("please be quick")
    # What they added to their flag must be read before anything else is.
    desk.get_by_text("nobody has opened yet").wait_for(timeout=WITHIN)
    desk.get_by_role("link", name="Go to the flag").click()
    desk.get_by_role("button", name="Open").click()
    desk.get_by_text("please be quick").first.wait_for()
    desk.goto("/duty/flags/1/messages")

    page.goto("/talk")
    page.get_by_role("link", name="Write back").click()
    axe(page)
    page.get_by_label("Write back").fill("Thank you")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It has gone to the duty inspector").wait_for()
    axe(page)
    desk.locator(".thread .child", has_text="Thank you").wait_for(timeout=WITHIN)
    assert desk.locator("#said").inner_text() == "The child has written."
    axe(desk)


def test_what_an_inspector_types_stays_when_the_child_writes(child, page, desk):
    desk.get_by_label("Short and plain").fill("Half a wo")
    page.goto("/messages")
    page.get_by_label("Write back").fill("Are you there")
    page.get_by_role("button", name="Send it").click()
    desk.locator(".thread .child", has_text="Are you there").wait_for(timeout=WITHIN)
    assert desk.get_by_label("Short and plain").input_value() == "Half a wo"


def test_a_page_that_is_not_on_the_screen_does_not_ask(child, page, desk):
    asked = []
    page.on("request", lambda each: "/messages/new" in each.url and asked.append(each))
    page.evaluate(
        """() => Object.defineProperty(document, "hidden", {get: () => true})"""
    )
    page.wait_for_timeout(12_000)
    assert asked == []


def test_a_lost_connection_says_nothing_of_answers_that_were_not_sent(
    chrome, server, child, page
):
    held = page.context.storage_state()
    context = chrome.new_context(base_url=server, storage_state=held)
    other = context.new_page()
    other.route("**/messages/new*", lambda route: route.abort())
    other.goto("/talk")
    with other.expect_event(
        "requestfailed", lambda each: "/messages/new" in each.url, timeout=WITHIN
    ):
        pass
    other.wait_for_timeout(300)
    assert other.locator("#lost").is_hidden()
    context.close()


@pytest.mark.parametrize("look", ["scheme-dark", "contrast", "size-xl"])
def test_axe_finds_nothing_on_the_childs_messages_in_any_look(
    child, page, desk, axe, look
):
    name = {"scheme-dark": "scheme", "contrast": "contrast", "size-xl": "size"}[look]
    page.goto("/look")
    page.locator(f"input[name={name}][value={look}]").check()
    page.get_by_role("button", name="Keep it like this").click()
    writes(desk)
    for path in ("/talk", "/messages"):
        page.goto(path)
        assert page.get_by_text(HELLO).first.is_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_scripts(chrome, server, child, page, desk):
    context = chrome.new_context(
        base_url=server,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        storage_state=page.context.storage_state(),
    )
    plain = context.new_page()
    writes(desk)
    plain.goto("/talk")
    assert plain.get_by_text(HELLO).first.is_visible()
    plain.get_by_role("link", name="Write back").click()
    plain.get_by_label("Write back").fill("OK")
    plain.get_by_role("button", name="Send it").click()
    plain.get_by_text("It has gone to the duty inspector").wait_for()
    plain.get_by_role("button", name="Close these messages").click()
    plain.get_by_role("button", name="Open them again").click()
    assert plain.get_by_label("Write back").is_visible()
    context.close()


def test_the_desk_fits_a_phone(child, page, desk, axe):
    writes(desk)
    desk.set_viewport_size({"width": 360, "height": 740})
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    axe(desk)
