"""Nobody is forgotten, whatever breaks: `python -m tests.bench.outage [--json]`.

500 flags are raised within 60 seconds while the mail server is down. It stays down for
an hour, on a clock that runs thirty times as fast. All the while two dispatchers are
killed, again and again, and the database is restarted twice. At the end each flag must
have been told to somebody, each step of each clock must have come at its time, and
nobody may have had the same step of the same flag twice but where a dispatcher died
with it in its hands. `--postgresql` does it on a PostgreSQL of its own.
"""

import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from engage.core.duty.clock import ACKNOWLEDGE, AGAIN
from engage.core.duty.journal import Verb
from engage.core.duty.rota import Shift, Span
from engage.core.safeguarding.concerns import Level
from engage.services import auditing, raising
from engage.store import contacts, inspections, journal, shifts
from engage.store.contacts import NewContact
from engage.store.engine import open_store
from tests.bench.databases import PostgreSQL
from tests.bench.dispatching import Fast, Process
from tests.bench.mailbox import Mailbox
from tests.bench.served import free_port
from tests.bench.verdict import Row, say
from tests.factories import make_inspection

FLAGS, WITHIN, KILLS, HOUR = 500, 60, 20, timedelta(hours=1)
SPEED = 30
SEED = 7
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONGEST_WAIT = timedelta(minutes=11)
LATE = timedelta(minutes=8)
"""A killed dispatcher is away for some seconds, which are minutes on the fast clock."""


class Outage:
    def __init__(self, kept, *, postgresql):
        self.folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        self.server = kept.enter_context(PostgreSQL()) if postgresql else None
        self.url = (
            self.server.new("outage")
            if self.server
            else f"sqlite:///{self.folder / 'outage.sqlite'}"
        )
        self.store = open_store(self.url)
        self.store.migrate()
        self.clock = Fast(self.folder / "clock.json")
        self.clock.run(NOON, 1)
        self.made = _inspection(self.store)
        self.mailbox = Mailbox(free_port())
        self.chance = random.Random(SEED)
        self.raised = []
        self.kills = 0
        self.restarts = 0
        environment = self.mailbox.environment()
        clock = self.clock.path
        self.dispatchers = [Process(self.url, clock, environment) for _ in range(2)]
        kept.callback(self.end)

    def end(self):
        for each in self.dispatchers:
            each.kill()
        self.mailbox.down()
        self.store.dispose()

    def raise_all(self):
        """500 flags in 60 seconds; whoever is refused tries again, as a child would."""
        began = time.monotonic()
        for number in range(FLAGS):
            level = Level.NOW if number % 2 else Level.CONCERN
            self._raise(level)
            ahead = began + (number + 1) * WITHIN / FLAGS - time.monotonic()
            time.sleep(max(0, ahead))
        return time.monotonic() - began

    def _raise(self, level):
        with self.store.read() as db:
            inspection = inspections.get(db, self.made.id)
        while True:
            try:
                found = raising.drill(self.store, inspection, level, self.clock())
            except (DBAPIError, OperationalError):
                time.sleep(0.05)
            else:
                self.raised.append(found)
                return

    def kill_some(self, count, seconds):
        """Kill one or the other now and then; it is started again at once."""
        for _ in range(count):
            time.sleep(seconds / count)
            one = self.chance.choice(self.dispatchers)
            one.kill()
            one.start()
            self.kills += 1

    def restart_database(self):
        """PostgreSQL is stopped at once and started; SQLite loses all who use it."""
        if self.server is not None:
            self.server.restart()
        else:
            for each in self.dispatchers:
                each.kill()
            self.store.dispose()
            for each in self.dispatchers:
                each.start()
        self.restarts += 1

    def quiet(self, seconds):
        """Until no mail has come for a while."""
        until = time.monotonic() + seconds
        count = -1
        while time.monotonic() < until and count != len(self.mailbox.mails):
            count = len(self.mailbox.mails)
            time.sleep(8)


def _inspection(store):
    made = make_inspection(store)
    day = Span(NOON - timedelta(hours=2), NOON + timedelta(hours=12))
    with store.begin() as db:
        shifts.add_many(db, made.id, [Shift(made.staff["dee"], day)])
        for name in ("dee", "lena"):
            mail = NewContact(
                staff=made.staff[name], channel="mail", address=f"{name}@engage.example"
            )
            contacts.add(db, mail)
    return made


def main(*, as_json, postgresql):
    with ExitStack() as kept:
        outage = Outage(kept, postgresql=postgresql)
        killer = threading.Thread(target=outage.kill_some, args=(KILLS // 2, WITHIN))
        killer.start()
        took = outage.raise_all()
        killer.join()
        outage.restart_database()
        # An hour without mail, in two minutes.
        outage.clock.run(outage.clock(), SPEED)
        rest = (HOUR - timedelta(seconds=took)).total_seconds() / SPEED
        outage.kill_some(KILLS // 2, rest)
        outage.restart_database()
        unsent = len(outage.mailbox.mails)
        outage.clock.run(outage.clock(), 1)
        outage.mailbox.up()
        # The longest wait between two tries is ten minutes: let them pass. Not in one
        # jump, or what falls due in them would come as late as the jump is long.
        outage.clock.run(outage.clock(), SPEED)
        time.sleep(LONGEST_WAIT.total_seconds() / SPEED)
        outage.clock.run(outage.clock(), 1)
        outage.quiet(240)
        say(judged(outage, took, unsent), as_json=as_json)


def judged(outage, took, unsent):
    told = Counter((mail.reference, mail.to, mail.id) for mail in outage.mailbox.mails)
    people = Counter((mail.reference, mail.to) for mail in outage.mailbox.mails)
    references = {reference for _, reference in outage.raised}
    heard = {mail.reference for mail in outage.mailbox.mails}
    late, wrong = _clocks(outage)
    broken = len(auditing.verify(outage.store).broken)
    return [
        Row("Flags raised", len(outage.raised)),
        Row("Seconds that took", took, WITHIN + 30, "s"),
        Row("Dispatchers killed", outage.kills, KILLS, least=True),
        Row("Database restarted", outage.restarts, 2, least=True),
        Row("Mails while the server was down", unsent, 0),
        Row("Flags of which nobody was told", len(references - heard), 0),
        Row("Notices that came twice", sum(n - 1 for n in told.values()), outage.kills),
        Row("Mails for one person about one flag, at most", max(people.values()), 3),
        Row("Steps that came out of order", wrong, 0),
        Row("Steps that came too late", late, 0),
        Row("Breaks in the journal", broken, 0),
    ]


def _clocks(outage):
    """How many steps were too late, and how many too early or in another order."""
    levels = {}
    steps = {}
    with outage.store.read() as db:
        for entry in journal.since(db, Verb.DRILL, NOON - HOUR):
            levels[entry.flag] = Level(json.loads(entry.detail)["level"])
            steps[entry.flag] = [("raised", datetime.fromisoformat(entry.at))]
        for entry in journal.since(db, Verb.STEP, NOON - HOUR):
            step = json.loads(entry.detail)["step"]
            steps[entry.flag].append((step, datetime.fromisoformat(entry.at)))
    late = wrong = 0
    for flag, taken in steps.items():
        limit = ACKNOWLEDGE[levels[flag]]
        names = [name for name, _ in taken]
        wanted = ["raised", "on-duty", "lead", *["everybody"] * len(names)]
        wrong += names != wanted[: len(names)]
        gaps = [b - a for (_, a), (_, b) in pairwise(taken)]
        for name, gap in zip(names[1:], gaps, strict=True):
            due = timedelta(0) if name == "on-duty" else limit
            if name == "everybody" and names.index(name) != len(names) - 1:
                due = limit if gap < AGAIN else max(limit, AGAIN)
            wrong += gap < due
            late += gap > max(due, AGAIN if name == "everybody" else due) + LATE
    return late, wrong


if __name__ == "__main__":
    main(as_json="--json" in sys.argv, postgresql="--postgresql" in sys.argv)
