"""A child's whole way through, in a real browser, held to axe on every page."""

import pytest

from tests.browser.child import Child
from tests.factories import PASSWORD

LOOKS = [
    {},
    {"size": "size-xl"},
    {"scheme": "scheme-dark"},
    {"contrast": "contrast"},
    {"scheme": "scheme-dark", "contrast": "contrast"},
    {"calm": "calm", "font": "font-easy"},
]
PAGES = ["/talk", "/talk/said", "/talk/delete", "/help", "/person", "/look", "/pause"]


@pytest.fixture
def child(page, inspection):
    return Child(page)


def test_a_whole_talk_raises_a_flag_that_the_duty_inspector_reads(child, page, axe):
    child.joins()
    child.skips_to("safe-home")
    child.answers("never")
    assert child.place == "worried/safe-home/safe-now"
    assert page.get_by_role("link", name="0800 1111").first.is_visible()
    axe(page)
    child.answers("no")
    child.writes("please be quick")
    child.writes("Robin, after school")
    child.answers("carry-on")
    child.skips_to_the_end()
    page.get_by_text("That’s everything").wait_for()
    axe(page)
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("dee")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    for words in ("please be quick", "Robin, after school", "Craigmore library"):
        assert page.get_by_text(words).first.is_visible()
    assert page.get_by_text("Do you like rain").count() == 0


@pytest.mark.parametrize("voice", ["younger", "older"])
def test_a_talk_goes_through_without_scripting(chrome, server, inspection, voice):
    context = chrome.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.fill("#code", "TEALFOX42")
    page.click("text=Start")
    page.click(f"button[value={voice}]")
    page.click("text=Yes, let’s begin")
    for _ in range(80):
        # One or the other stands there as soon as the page has come.
        page.wait_for_selector("#turn form, #turn .list")
        if not page.query_selector("#turn form"):
            break
        page.click("#turn button[value=skip]")
    assert "That’s everything" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(look.values()) or "-")
def test_axe_finds_nothing_on_any_page_in_any_look(child, page, axe, look):
    page.goto("/look")
    for name, value in look.items():
        page.locator(f"input[name={name}][value={value}]").check()
    page.get_by_role("button", name="Keep it like this").click()
    for path in ("/", "/who", "/help", "/person", "/talk", "/deleted"):
        page.goto(path)
        axe(page)
    child.joins()
    child.skips_to("life-cards")
    axe(page)
    assert _no_sideways_scroll(page)
    child.skips_to("people-who-help")
    axe(page)
    assert _no_sideways_scroll(page)
    for path in PAGES:
        page.goto(path)
        axe(page)
        assert _no_sideways_scroll(page)


def test_the_keyboard_alone_is_enough(child, page):
    child.joins()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "answer":
            break
    page.keyboard.press("Enter")
    for _ in range(200):
        if child.place == "age-band":
            break
        page.wait_for_timeout(25)
    page.wait_for_function("document.activeElement.id == 'q'")


def test_leaving_blanks_the_page_and_closes_the_talk(child, page):
    page.route("**/*bbc.co.uk/**", lambda route: route.abort())
    child.joins()
    closes = page.expect_request(lambda request: "/leave" in request.url)
    goes = page.expect_event("requestfailed", lambda each: "bbc.co.uk" in each.url)
    with goes, closes:
        page.get_by_role("button", name="Leave").click()
    closed = page.get_by_text("There’s no talk open here")
    for _ in range(40):
        page.goto("/talk")
        if closed.is_visible():
            break
        page.wait_for_timeout(25)
    assert closed.is_visible()


def test_every_target_is_48_pixels_high_on_a_phone(child, page):
    child.joins()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, nav a, footer a")]
          .filter(each => each.getBoundingClientRect().height < 48)
          .map(each => each.textContent.trim())"""
    )
    assert small == []


def _no_sideways_scroll(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_worried_bot_is_seen_to_say_thank_you_before_it_asks(child, page):
    child.joins()
    child.skips_to("safe-home")
    child.answers("never")
    thanks = page.get_by_text("Thank you for telling me").bounding_box()
    assert 0 < thanks["y"] < 740
