"""How long until somebody knows: `python -m tests.bench.alarm [--json] [--postgresql]`.

From the child's tap to the mail in the hands of a real mail server, with TLS and
sign-in; and to the desk on the screen of a real browser that nobody touches. The
server is ours, with two workers and the dispatcher inside.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from engage.core.duty.rota import Shift, Span
from engage.store import contacts, shifts
from engage.store.contacts import NewContact
from tests.bench import talkers
from tests.bench.databases import PostgreSQL
from tests.bench.mailbox import Mailbox
from tests.bench.served import Server, engage, free_port
from tests.bench.talkers import Talker
from tests.bench.verdict import Row, say
from tests.browser.conftest import chromium
from tests.factories import PASSWORD, make_inspection

TAPS, SEEN = 150, 20
PLACE = "good-thing"
WORDS = "My stepdad hits me"


def main(*, as_json, postgresql):
    with ExitStack() as kept:
        url = _database(kept, postgresql)
        app = engage(url)
        made = _inspection(app)
        mailbox = Mailbox(free_port())
        mailbox.up()
        kept.callback(mailbox.down)
        server = Server("engage", url, workers=2, environment=mailbox.environment())
        kept.callback(server.stop)
        children = [_child(app, made, server.port) for _ in range(TAPS + SEEN)]
        mails = [_to_the_mail(child, mailbox) for child in children[:TAPS]]
        screens = _to_the_screen(server.port, children[TAPS:])
    twice = len(mailbox.mails) - len({mail.id for mail in mailbox.mails})
    say(
        [
            Row("Taps", TAPS),
            Row("Tap to mail, median", median(mails), unit="s"),
            Row("Tap to mail, p99", quantiles(mails, n=100)[98], 2, "s"),
            Row("Mails that came twice", twice, 0),
            Row("Tap to the desk on screen, median", median(screens), unit="s"),
            Row("Tap to the desk on screen, longest", max(screens), 5, "s"),
        ],
        as_json=as_json,
    )


def _database(kept, postgresql):
    if postgresql:
        return kept.enter_context(PostgreSQL()).new("alarm")
    folder = kept.enter_context(tempfile.TemporaryDirectory())
    return f"sqlite:///{Path(folder) / 'alarm.sqlite'}"


def _inspection(app):
    """Dee is on duty all the time, and has a mail address."""
    store = app.extensions["engage"].store
    made = make_inspection(store)
    now = datetime.now(UTC)
    day = Shift(
        made.staff["dee"], Span(now - timedelta(hours=1), now + timedelta(days=1))
    )
    with store.begin() as db:
        shifts.add_many(db, made.id, [day])
        mail = NewContact(
            staff=made.staff["dee"], channel="mail", address="dee@engage.example"
        )
        contacts.add(db, mail)
    return made


def _child(app, made, port):
    """A child at a question that takes words."""
    key = talkers.begins(app, made)
    talkers.goes_on(app, key, until=PLACE)
    return Talker(port, talkers.cookie(app, key), key).opens()


def _to_the_mail(child, mailbox):
    before = len(mailbox.mails)
    began = time.monotonic()
    child.says({"text": WORDS})
    if not mailbox.wait_for(before + 1):
        raise RuntimeError("no mail came")
    child.hangs_up()
    return mailbox.mails[before].at - began


def _to_the_screen(port, children):
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium(driver), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
        page.goto("/staff/sign-in")
        page.get_by_label("Name").fill("dee")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#desk").wait_for()
        for child in children:
            before = page.locator("#desk li.flag").count()
            began = time.monotonic()
            child.says({"text": WORDS})
            page.wait_for_function(
                "n => document.querySelectorAll('#desk li.flag').length > n",
                arg=before,
                polling=20,
            )
            taken.append(time.monotonic() - began)
        browser.close()
    return taken


if __name__ == "__main__":
    main(as_json="--json" in sys.argv, postgresql="--postgresql" in sys.argv)
