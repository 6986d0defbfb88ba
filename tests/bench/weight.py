"""What a first visit weighs, and how long it takes on a slow phone.

`python -m tests.bench.weight [--json]`, in a real Chromium with a cold cache.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import talkers
from tests.bench.served import Server, engage
from tests.bench.talkers import Refused, Talker
from tests.bench.verdict import Row, say
from tests.browser.conftest import HOW, chromium
from tests.factories import make_inspection

TIMES = 5
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER_CPU = 4
_ANSWERABLE = """
new MutationObserver((_seen, watch) => {
  const button = document.querySelector("#turn form button");
  if (!button || window.answerable) return;
  watch.disconnect();
  const look = () => {
    if (!button.getBoundingClientRect().height) return requestAnimationFrame(look);
    // The frame after this one has been painted with the button in it.
    requestAnimationFrame(() => { window.answerable = performance.now(); });
  };
  requestAnimationFrame(look);
}).observe(document, {childList: true, subtree: true});
"""


class Visit:
    """A phone with an empty cache, and all that comes to it over the network."""

    def __init__(self, browser, port, cookie):
        base = f"http://127.0.0.1:{port}"
        self.context = browser.new_context(viewport={"width": 360, "height": 740})
        self.context.add_cookies([{"name": "engage", "value": cookie, "url": base}])
        self.page = self.context.new_page()
        self.wire = self.context.new_cdp_session(self.page)
        self.address = f"{base}/talk"
        self.came = {}
        self.sizes = []

    def listens(self):
        self.wire.on("Network.responseReceived", self._began)
        self.wire.on("Network.loadingFinished", self._ended)
        self.wire.send("Network.enable")
        return self

    def _began(self, event):
        self.came[event["requestId"]] = event["response"]["url"]

    def _ended(self, event):
        url = self.came.get(event["requestId"], "")
        if url.startswith("http"):
            self.sizes.append((url, event["encodedDataLength"]))

    def weighs(self):
        """What the talk's first view makes it load."""
        self.page.goto(self.address, wait_until="networkidle")
        return list(self.sizes)

    def turn(self):
        """What the first answer makes it load."""
        before = len(self.sizes)
        with self.page.expect_response(lambda each: each.request.method == "POST"):
            self.page.click("#turn form button")
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector("#log li.me")
        return self.sizes[before:]

    def waits(self):
        """Milliseconds until the first question can be answered on slow 3G."""
        self.wire.send("Network.enable")
        self.wire.send("Network.emulateNetworkConditions", SLOW_3G)
        self.wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        self.page.add_init_script(_ANSWERABLE)
        self.page.goto(self.address, wait_until="commit")
        while not (answerable := self._answerable()):
            self.page.wait_for_timeout(200)
        return answerable

    def _answerable(self):
        # By the wire: the page's policy lets nobody evaluate anything in it.
        found = self.wire.send("Runtime.evaluate", {"expression": "window.answerable"})
        return found["result"].get("value")


def every_turn(talker):
    """What each turn of a whole talk weighs, with every kind of question in it."""
    weights = []
    talker.opens()
    while talker.place:
        try:
            talker.says()
        except Refused:
            break
        weights.append(talker.weight)
    return weights


def _all(sizes):
    return sum(size for _, size in sizes)


def measure(browser, app, made, port):
    def new_talk():
        return talkers.cookie(app, talkers.begins(app, made))

    visit = Visit(browser, port, new_talk()).listens()
    sizes = visit.weighs()
    turn = visit.turn()
    whole = every_turn(Talker(port, new_talk()))
    waited = [Visit(browser, port, new_talk()).waits() for _ in range(TIMES)]
    return [
        Row("First view of the talk, headers included", sizes[0][1], 14_000, "B"),
        Row("All of a first visit on a cold cache", _all(sizes), 40_000, "B"),
        Row("Requests of a first visit", len(sizes), 4),
        Row("The first turn, in the browser", _all(turn), 3_000, "B"),
        Row("Requests of a turn", len(turn), 1),
        Row("A turn, median of a whole talk", statistics.median(whole), 3_000, "B"),
        Row("The heaviest turn of a whole talk", max(whole), 3_000, "B"),
        Row(
            f"First question answerable on slow 3G, median of {TIMES}",
            round(statistics.median(waited)),
            1_500,
            "ms",
        ),
    ]


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        where = chromium(driver)
        if where is None:
            sys.exit(HOW)
        url = f"sqlite:///{Path(folder) / 'engage.sqlite'}"
        app = engage(url)
        made = make_inspection(app.extensions["engage"].store)
        server = Server("engage", url)
        browser = driver.chromium.launch(executable_path=where, args=["--no-sandbox"])
        try:
            rows = measure(browser, app, made, server.port)
        finally:
            browser.close()
            server.stop()
    say(rows, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
