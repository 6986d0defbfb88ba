"""The duty inspector at the desk, in a browser."""

import pytest

from engage.core.safeguarding.concerns import Level
from tests.factories import PASSWORD, make_flag


@pytest.fixture
def desk(page, inspection):
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("dee")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()
    return page


def test_a_flag_is_worked_from_the_first_look_until_it_is_in_hand(
    desk, axe, store, inspection
):
    make_flag(store, inspection)
    desk.reload()
    axe(desk)
    desk.get_by_role("button", name="Open").click()
    desk.get_by_text("nobody").first.wait_for()
    axe(desk)
    desk.get_by_role("button", name="Acknowledge").click()
    desk.get_by_text("Acknowledged by Dee Duty").wait_for()
    axe(desk)
    desk.get_by_role("button", name="Take it in hand").click()
    desk.get_by_role("link", name="Hand it over").wait_for()
    axe(desk)
    desk.get_by_role("link", name="Waiting", exact=True).click()
    desk.get_by_text("No flag waits").wait_for()
    axe(desk)


def test_the_desk_fits_a_phone_and_shows_the_first_decision_without_scrolling(
    desk, store, inspection
):
    number = make_flag(store, inspection, level=Level.NOW)
    desk.reload()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    button = desk.get_by_role("button", name="Open").bounding_box()
    assert button["y"] + button["height"] <= 740
    desk.get_by_role("button", name="Open").click()
    decision = desk.get_by_role("button", name="Acknowledge")
    decision.wait_for()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    box = decision.bounding_box()
    assert box["y"] + box["height"] <= 740
    assert desk.url.endswith(f"/duty/flags/{number}")


def test_a_new_flag_announces_itself_without_reloading_and_keeps_the_focus(
    desk, store, inspection
):
    make_flag(store, inspection, reference="OLD")
    desk.reload()
    desk.locator(".act button").focus()
    make_flag(store, inspection, reference="NEW", level=Level.NOW)
    desk.get_by_text("A new flag waits: now, NEW.").wait_for(
        state="attached", timeout=5000
    )
    assert desk.title() == "(2) Waiting flags"
    assert desk.locator("#said").get_attribute("aria-live") == "assertive"
    assert [each.text_content() for each in desk.locator(".flags .number").all()] == [
        "NEW",
        "OLD",
    ]
    assert desk.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Open OLD"
    )


def test_the_desk_is_worked_by_the_keyboard_alone(desk, store, inspection):
    make_flag(store, inspection)
    desk.reload()

    def press(name):
        for _ in range(40):
            desk.keyboard.press("Tab")
            told = desk.evaluate(
                "document.activeElement.getAttribute('aria-label')"
                " || document.activeElement.textContent"
            )
            if told.startswith(name):
                desk.keyboard.press("Enter")
                return
        raise AssertionError(name)

    for name, then in (
        ("Open AB12", "Acknowledge"),
        ("Acknowledge", "Take it in hand"),
        ("Take it in hand", "Hand it over"),
    ):
        press(name)
        desk.get_by_text(then, exact=False).first.wait_for()


def test_sound_is_only_on_request(desk):
    button = desk.get_by_role("button", name="Play a sound when a flag comes")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


def test_a_desk_that_loses_its_server_says_so(chrome, server, inspection):
    # A page of its own: htmx complains of the lost connection, and rightly.
    context = chrome.new_context(base_url=server)
    desk = context.new_page()
    desk.goto("/staff/sign-in")
    desk.get_by_label("Name").fill("dee")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.locator("#desk").wait_for()
    lost = desk.get_by_text("This page has lost its connection")
    context.set_offline(True)
    lost.wait_for(timeout=6000)
    context.set_offline(False)
    lost.wait_for(state="hidden", timeout=6000)
    context.close()


def test_what_was_heard_aloud_is_passed_on(desk, axe):
    desk.get_by_role("link", name="Raise a flag by hand").click()
    axe(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.get_by_label("Soon: somebody may not be safe").check()
    desk.get_by_label("What was said").fill("They said they are scared to go home.")
    desk.get_by_role("button", name="Tell the duty inspector now").click()
    desk.get_by_text("Passed on as flag").wait_for()
    axe(desk)
