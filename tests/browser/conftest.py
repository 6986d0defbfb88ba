"""A real browser: ENGAGE_CHROMIUM, the system's Chromium, or Playwright's own."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "no Chromium: apt install chromium, or playwright install chromium"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and HOW in str(report.longrepr):
        # All from one place, so that pytest says it in one line.
        report.longrepr = (str(Path(__file__)), None, f"Skipped: {HOW}")
    return report


def chromium(playwright):
    """Where Chromium is, or None."""
    named = os.environ.get("ENGAGE_CHROMIUM")
    own = playwright.chromium.executable_path
    found = [named, *map(shutil.which, NAMES), own]
    return next((each for each in found if each and Path(each).exists()), None)


@pytest.fixture(scope="module")
def playwright():
    """For one file: while its event loop runs, no other can in this process."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chrome(playwright):
    where = chromium(playwright)
    if where is None:
        if os.environ.get("ENGAGE_CI"):
            pytest.fail(HOW)
        pytest.skip(HOW)
    browser = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
    yield browser
    browser.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


@pytest.fixture
def server(app):
    """The app, served: its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(chrome, server):
    """A page on a small phone. What the page complains of fails the test."""
    context = chrome.new_context(
        base_url=server, viewport={"width": 360, "height": 740}, locale="en-GB"
    )
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: _listen(said, complaints))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(phone):
    return phone


def _listen(said, complaints):
    # A refused form answers 4xx, which Chromium writes down as an error of its own.
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(said.text)


@pytest.fixture(scope="session")
def axe():
    """Fails with what axe found, said so that it can be mended."""
    engine = Axe()

    def nothing_found(page):
        found = engine.run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()

    return nothing_found
