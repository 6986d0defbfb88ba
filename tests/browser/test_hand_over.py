"""The hand-over form, in a browser: on a small phone, by keyboard, with and without
scripts, and on paper."""

import pytest

from engage.core.safeguarding.flags import Move
from engage.store import flags
from tests.factories import NOON, PASSWORD, make_flag


@pytest.fixture
def number(store, inspection):
    number = make_flag(store, inspection)
    with store.begin() as db:
        for move in (Move.OPEN, Move.ACKNOWLEDGE, Move.TAKE):
            flags.move(db, number, move, by=inspection.staff["dee"], at=NOON)
    return number


def sign_in(page):
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("dee")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()


@pytest.fixture
def form(page, number):
    sign_in(page)
    page.goto(f"/duty/flags/{number}/hand-over")
    return page


def width(page):
    return page.evaluate("document.documentElement.scrollWidth")


def finish(page):
    page.get_by_role("button", name="Record that it was handed over").click()


def test_it_is_handed_over_and_received_on_a_small_phone(form, axe):
    axe(form)
    assert width(form) <= 360
    form.get_by_label("By what means").select_option("phone")
    finish(form)
    form.get_by_text("Handed over to Morag Local.").wait_for()
    form.get_by_role("link", name="Hand-over form").first.click()
    axe(form)
    form.get_by_label("Received by (name)").fill("Morag Local")
    form.locator("#f-by-role").fill("Local lead")
    form.locator("#f-received-at").fill("2026-11-25T12:00")
    form.get_by_label("What they decided").select_option("accepted")
    form.get_by_role("button", name="Confirm receipt").click()
    form.get_by_text("Received by Morag Local.").wait_for()
    axe(form)


def test_every_group_open_still_fits_the_phone_and_each_target_a_thumb(form, axe):
    shut = form.locator("details:not([open]) > summary")
    while shut.count():
        shut.first.click()
    assert width(form) <= 360
    axe(form)
    targets = form.locator("main :is(button, input, select, textarea, summary)")
    for each in targets.all():
        if each.is_visible():
            assert each.bounding_box()["height"] >= 44, each.evaluate(
                "e => e.outerHTML"
            )


def test_what_is_missing_is_said_with_the_way_to_it_and_nothing_typed_is_lost(
    form, axe
):
    form.get_by_text("Who reports it").click()
    form.get_by_label("How to reach you").fill("01632 960 444")
    finish(form)
    alert = form.get_by_role("alert").filter(has_text="missing or not right")
    alert.wait_for()
    axe(form)
    assert width(form) <= 360
    assert form.locator("#f-reporter-contact").input_value() == "01632 960 444"
    alert.get_by_role("link", name="By what means").click()
    field = form.locator("#f-means")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.is_visible()


def test_a_flag_about_somebody_with_a_duty_says_why_the_address_is_left_out(form, axe):
    form.get_by_label("Is it about somebody with a duty").select_option("worker")
    form.get_by_role("button", name="Save for later").click()
    form.get_by_text("left out on purpose").wait_for()
    assert form.locator("#f-to").input_value() == ""
    axe(form)
    assert width(form) <= 360


def test_it_is_filled_in_and_kept_by_the_keyboard_alone(form):
    form.locator("#f-to").focus()
    form.keyboard.press("Control+A")
    form.keyboard.type("Iain Other")
    # The enter key hands nothing over: it keeps it for later.
    form.keyboard.press("Enter")
    form.get_by_text("Nothing has been handed over yet.").wait_for()
    assert form.locator("#f-to").input_value() == "Iain Other"


def test_a_session_that_ran_out_meanwhile_loses_nothing_typed(form):
    form.locator("#f-to").fill("Iain Other")
    kept = form.context.cookies()
    form.context.clear_cookies()
    form.get_by_role("button", name="Save for later").click()
    form.get_by_text("You have been signed out.").wait_for()
    assert form.locator("#f-to").input_value() == "Iain Other"
    form.context.add_cookies(kept)
    form.get_by_role("button", name="Save for later").click()
    form.get_by_text("Nothing has been handed over yet.").wait_for()
    assert form.locator("#f-to").input_value() == "Iain Other"


def test_it_works_without_scripts(chrome, server, number):
    context = chrome.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    page.goto(f"/duty/flags/{number}/hand-over")
    page.get_by_label("By what means").select_option("phone")
    finish(page)
    page.get_by_text("Handed over to Morag Local.").wait_for()
    context.close()


def test_on_paper_it_shows_the_words_and_no_buttons(form, axe):
    form.get_by_role("link", name="To print").click()
    form.get_by_text("CONFIDENTIAL.").wait_for()
    axe(form)
    assert width(form) <= 360
    form.emulate_media(media="print")
    assert form.get_by_text("nobody").first.is_visible()
    assert form.get_by_role("navigation").count() == 0
    assert not form.get_by_role("link", name="Back to the form").is_visible()


def test_the_pdf_is_named_by_the_reference_alone(form):
    with form.expect_download() as waiting:
        form.get_by_role("link", name="Download as PDF").click()
    assert waiting.value.suggested_filename == "AB12.pdf"
