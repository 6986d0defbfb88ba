"""Make the README's pictures again: `python -m tests.pictures`."""

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from engage.app import create_app
from engage.settings import Settings
from tests.browser.child import Child
from tests.browser.conftest import HOW, chromium
from tests.factories import PASSWORD, Clock, make_inspection

PICTURES = Path(__file__).parents[1] / ".github" / "pictures"


def main():
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        settings = Settings(b"p" * 32, f"sqlite:///{folder}/a.sqlite", https=False)
        app = create_app(settings, now=Clock())
        make_inspection(app.extensions["engage"].store)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = chromium(driver)
        if where is None:
            raise SystemExit(HOW)
        browser = driver.chromium.launch(executable_path=where, args=["--no-sandbox"])
        _take(browser, f"http://127.0.0.1:{server.port}")
        browser.close()
        server.shutdown()


def _take(browser, address):
    phone = {"width": 360, "height": 740}
    page = browser.new_page(base_url=address, viewport=phone)
    child = Child(page)
    child.joins(voice="younger")
    page.mouse.move(0, 0)
    child.skips_to("safe-home")
    page.screenshot(path=PICTURES / "talk.png")
    child.answers("never")
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / "worried.png")
    desk = browser.new_page(base_url=address, viewport={"width": 900, "height": 740})
    desk.goto("/staff/sign-in")
    desk.get_by_label("Name").fill("dee")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_role("button", name="Open").wait_for()
    desk.screenshot(path=PICTURES / "desk.png")
    desk.get_by_role("button", name="Open").click()
    desk.get_by_role("button", name="Acknowledge").wait_for()
    desk.screenshot(path=PICTURES / "flag.png")


if __name__ == "__main__":
    main()
