"""The rota in a browser: on a phone and on a desk, with a keyboard, without scripts."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.factories import PASSWORD

WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def rota(page, inspection):
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("lena")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()
    desk = page.get_by_role("navigation", name="Desk")
    desk.get_by_role("link", name="Rota").click()
    page.get_by_role("heading", name="Rota of Craigmore").wait_for()
    return page


def fits(page):
    width = page.viewport_size["width"]
    return page.evaluate("document.documentElement.scrollWidth") <= width


def columns(page):
    """How many days stand side by side."""
    tops = page.evaluate(
        "[...document.querySelector('.week').querySelectorAll('.day')]"
        ".map(each => each.getBoundingClientRect().top)"
    )
    return tops.count(tops[0])


def test_on_a_phone_days_are_a_list_and_everything_can_be_touched(rota, axe):
    for summary in rota.locator("summary").all():
        summary.click()
    assert fits(rota)
    assert columns(rota) == 1
    axe(rota)
    low = rota.evaluate(
        "[...document.querySelectorAll('main button, main a, main input, main select,"
        " main summary')].filter(each => each.type != 'hidden' &&"
        " each.type != 'checkbox' && each.getBoundingClientRect().height < 44)"
        ".map(each => each.outerHTML)"
    )
    assert low == []


def test_on_a_desk_a_week_is_a_row(rota, axe):
    rota.set_viewport_size(WIDE)
    assert fits(rota)
    assert columns(rota) == 7
    axe(rota)


def test_a_shift_is_added_taken_off_and_put_back_with_the_keyboard(rota, axe):
    rota.get_by_text("Add one shift").focus()
    rota.keyboard.press("Enter")
    form = rota.locator("#one")
    form.get_by_label("Day").fill("2026-11-28")
    form.get_by_label("Who").select_option("Dee Duty")
    form.get_by_role("button", name="Add the shift").focus()
    rota.keyboard.press("Enter")
    rota.get_by_text("It is on the rota.").wait_for()
    saturday = "Take off: Dee Duty, Sat 28 Nov, 09:00"
    rota.get_by_role("button", name=saturday).focus()
    rota.keyboard.press("Enter")
    rota.get_by_text("Taken off the rota.").wait_for()
    axe(rota)
    assert rota.get_by_role("button", name=saturday).count() == 0
    rota.get_by_role("button", name="Put it back").focus()
    rota.keyboard.press("Enter")
    rota.get_by_text("It is on the rota.").wait_for()
    assert rota.get_by_role("button", name=saturday).count() == 1


def test_what_is_wrong_stands_beside_its_form(rota, axe):
    rota.get_by_text("Add one shift").click()
    form = rota.locator("#one")
    form.get_by_label("Who").select_option("Dee Duty")
    form.get_by_label("To", exact=True).fill("09:00")
    form.get_by_role("button", name="Add the shift").click()
    form.get_by_role("alert").wait_for()
    to = form.get_by_label("To", exact=True)
    assert to.input_value() == "09:00"
    assert to.evaluate("each => each === document.activeElement")
    assert fits(rota)
    axe(rota)


def test_six_weeks_are_printed_on_one_page(rota):
    page_count = len(PdfReader(BytesIO(rota.pdf(prefer_css_page_size=True))).pages)
    assert page_count == 1


def test_it_can_be_turned_to_other_weeks_and_printed(rota):
    rota.get_by_role("link", name="Six weeks after").click()
    rota.get_by_role("heading", name="Week of Monday 4 January 2027").wait_for()
    rota.emulate_media(media="print")
    rota.set_viewport_size({"width": 1000, "height": 700})
    assert columns(rota) == 7
    assert not rota.locator("main button:visible, main summary:visible").count()
