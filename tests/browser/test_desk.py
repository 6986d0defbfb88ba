"""The duty inspector at the desk, in a browser."""

from tests.factories import PASSWORD, make_flag


def test_sign_in_open_and_acknowledge(page, axe, store, inspection):
    make_flag(store, inspection)
    page.goto("/staff/sign-in")
    axe(page)
    page.get_by_label("Name").fill("dee")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Waiting flags").wait_for()
    axe(page)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("nobody").wait_for()
    axe(page)
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("Acknowledged by Dee Duty").wait_for()
    axe(page)
    page.get_by_role("link", name="Waiting").click()
    page.get_by_text("No flag waits").wait_for()
    axe(page)


def test_the_desk_works_without_scripts_and_at_the_width_of_a_phone(
    page, store, inspection
):
    make_flag(store, inspection)
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("dee")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
