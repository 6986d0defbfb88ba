"""This very device signs up for push, and shows what is pushed to it."""

from dataclasses import replace

import pytest

from engage.services.channels.settings import Channels
from engage.store import contacts
from tests.factories import PASSWORD

ENDPOINT = "https://push.example/send/a-device"
SIGN_UP = """
PushManager.prototype.subscribe = async function (asked) {
  const [at] = await navigator.serviceWorker.getRegistrations();
  const right = asked.userVisibleOnly && asked.applicationServerKey.length === 65;
  if (!at.active || !right) throw new Error("as a browser would");
  const keys = { p256dh: "BA" + "A".repeat(85), auth: "A".repeat(22) };
  return { toJSON: () => ({ endpoint: "%s", keys }) };
};
"""
"""In the place of a push service, which no test may ask."""
AWAY = "PushManager.prototype.subscribe = async () => { throw new Error('away'); };"
SHOWN = """async () => {
  const at = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 100; tries += 1) {
    const all = await at.getNotifications();
    if (all.length) return all.map(({ title, body }) => [title, body]);
    await new Promise((soon) => setTimeout(soon, 50));
  }
}"""


@pytest.fixture
def how(app, page, inspection):
    """How the lead is told, where push is set up."""
    wired = app.extensions["engage"]
    channels = Channels(
        address="https://engage.example",
        vapid_key="AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
        vapid_contact="mailto:ops@engage.example",
    )
    settings = replace(wired.settings, channels=channels)
    app.extensions["engage"] = replace(wired, settings=settings)
    page.context.grant_permissions(["notifications"])
    page.goto("/staff/sign-in")
    page.get_by_label("Name").fill("lena")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Waiting flags").wait_for()
    return page


def sign_up(page):
    page.goto("/duty/how")
    page.get_by_role("button", name="Tell me on this phone").click()


def push(page, said):
    """What the browser does when its push service brings something."""
    devtools = page.context.new_cdp_session(page)
    found = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda seen: found.extend(seen["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    for _ in range(200):
        if found:
            break
        page.wait_for_timeout(25)
    (number,) = {each["registrationId"] for each in found}
    given = {"origin": page.evaluate("location.origin"), "registrationId": number}
    devtools.send("ServiceWorker.deliverPushMessage", given | {"data": said})


def test_a_device_signs_up_and_shows_a_flag_once_however_often_it_is_told(
    how, store, inspection
):
    how.add_init_script(SIGN_UP % ENDPOINT)
    sign_up(how)
    how.get_by_text("Added. Send a test now").wait_for()
    with store.read() as db:
        (mine,) = contacts.of_staff(db, inspection.staff["lena"])
    assert (mine.channel, mine.address) == ("push", ENDPOINT)
    for _ in range(2):
        push(how, '{"title": "A flag waits", "body": "You are on duty."}')
    assert how.evaluate(SHOWN) == [["A flag waits", "You are on duty."]]


def test_a_push_service_that_does_not_answer_is_said_and_can_be_tried_again(how):
    how.add_init_script(AWAY)
    sign_up(how)
    how.get_by_role("alert").get_by_text("push service does not answer").wait_for()
    assert how.get_by_role("button", name="Tell me on this phone").is_enabled()


def test_a_browser_without_push_says_what_it_needs(how):
    how.add_init_script("delete window.PushManager;")
    how.goto("/duty/how")
    assert how.locator("#no-push").is_visible()
    assert not how.locator("#push").is_visible()


def test_the_desk_goes_on_a_home_screen_and_nothing_of_a_childs_does(how):
    devtools = how.context.new_cdp_session(how)
    found = devtools.send("Page.getAppManifest")
    assert "/static/desk.webmanifest" in found["url"]
    assert found["errors"] == []
    faults = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's own context counts as a private window; nothing else is in the way.
    assert [each["errorId"] for each in faults] == ["in-incognito"]
    how.goto("/")
    assert how.locator("link[rel=manifest], link[rel=apple-touch-icon]").count() == 0
