"""How somebody is told, in a browser: on a phone, on a desk, without scripts."""

from dataclasses import replace

import pytest

from engage.services.channels.settings import Channels
from tests.factories import PASSWORD

WIDE = {"width": 1280, "height": 800}
VAPID = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
LONG = "a-rather-long-name-of-somebody-on-duty@a-rather-long-council.engage.example"


@pytest.fixture
def sending(app):
    """With mail, text messages, hubs and push set up; nothing answers."""
    wired = app.extensions["engage"]
    channels = Channels(
        address="https://engage.example",
        smtp_host="localhost",
        smtp_port=9,
        smtp_from="desk@engage.example",
        hook_secret="x",
        notify_key="engage-" + "12345678-1234-4234-8234-123456789012-" * 2,
        notify_sms="s",
        notify_url="http://127.0.0.1:9",
        vapid_key=VAPID,
        vapid_contact="mailto:ops@engage.example",
    )
    settings = replace(wired.settings, channels=channels)
    app.extensions["engage"] = replace(wired, settings=settings)


def sign_in(page):
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("lena")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()
    page.goto("/duty/how")
    page.get_by_role("heading", name="How you are told", level=1).wait_for()
    return page


@pytest.fixture
def how(page, inspection, sending):
    return sign_in(page)


def add(page, label, typed):
    form = page.locator("form", has=page.get_by_label(label, exact=True))
    form.get_by_label(label, exact=True).fill(typed)
    form.get_by_role("button", name="Add").click()
    page.wait_for_load_state()


def fits(page):
    width = page.viewport_size["width"]
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_fits_a_small_phone_whatever_is_in_it(how, axe):
    axe(how)
    add(how, "E-mail address", LONG)
    add(how, "UK mobile number, for text messages", "07400 123456")
    add(how, "Address of the hub", f"https://hub.example/{'x' * 300}")
    how.get_by_role("button", name=f"Send a test: {LONG}").click()
    how.get_by_role("status").get_by_text("did not get through").wait_for()
    assert how.locator("main li.flag").count() == 3
    assert fits(how)
    axe(how)
    low = how.evaluate(
        "[...document.querySelectorAll('main button, main a, main input')]"
        ".filter(each => each.offsetParent && each.type != 'hidden' &&"
        " each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"
    )
    assert low == []
    how.set_viewport_size(WIDE)
    assert fits(how)
    axe(how)


def test_what_is_wrong_stands_beside_its_field_and_can_be_mended(how, axe):
    add(how, "UK mobile number, for text messages", "0131 496 0000")
    how.get_by_role("alert").first.wait_for()
    field = how.get_by_role("textbox", name="UK mobile number, for text messages")
    assert field.input_value() == "0131 496 0000"
    wrong = how.locator(f"#{field.get_attribute('aria-describedby')}")
    assert "not a UK mobile number" in wrong.inner_text()
    assert fits(how)
    axe(how)


def test_with_the_keyboard_alone_the_order_is_changed(how):
    add(how, "E-mail address", "lena@engage.example")
    add(how, "UK mobile number, for text messages", "07400 123456")
    how.get_by_role("button", name="Try it earlier: +447400123456").focus()
    how.keyboard.press("Enter")
    later = how.get_by_role("button", name="Try it earlier: lena@engage.example")
    later.wait_for()
    assert "+447400123456" in how.locator("main li.flag").first.inner_text()


def test_this_device_is_offered_only_where_a_script_can_sign_it_up(how, chrome, server):
    assert how.get_by_role("button", name="Tell me on this phone").is_visible()
    assert not how.locator("#no-push").is_visible()
    context = chrome.new_context(base_url=server, java_script_enabled=False)
    plain = sign_in(context.new_page())
    assert not plain.get_by_role("button", name="Tell me on this phone").is_visible()
    assert plain.locator("#no-push").is_visible()
    add(plain, "E-mail address", "lena@engage.example")
    assert "lena@engage.example" in plain.locator("main li.flag").inner_text()
    context.close()


def test_a_device_that_does_not_allow_it_says_what_to_do(how):
    how.context.clear_permissions()
    how.get_by_role("button", name="Tell me on this phone").click()
    alert = how.locator("#push [role=alert]")
    alert.get_by_text("Allow them in its settings").wait_for()
    assert how.get_by_role("button", name="Tell me on this phone").is_enabled()


def test_the_worker_is_registered_for_the_desk_alone(how):
    scope = how.evaluate(
        "navigator.serviceWorker.register("
        "document.getElementById('push').dataset.worker, {scope: '/duty/'})"
        ".then(made => new URL(made.scope).pathname)"
    )
    assert scope == "/duty/"
