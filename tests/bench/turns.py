"""What a turn costs beside one bare commit, in rows that take turns in one run.

`python -m tests.bench.turns [--json]`. A: a bare Flask POST with one durable SQLite
commit; A_pg: the same with psycopg and PostgreSQL. A turn: POST an answer in the
middle of the older script, get the next question. CPU is that of server and database.
"""

import functools
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from engage.services import talking
from tests.bench import talkers
from tests.bench.databases import PostgreSQL, counted, fill
from tests.bench.served import Server, engage
from tests.bench.talkers import Talker, timed, together
from tests.bench.verdict import Row, say
from tests.factories import make_inspection

MIDDLE = "person-listens@p1"
EACH = 12
"""Turns of one talk from the middle on: about the people who help, then the plan."""
ROUNDS = 11
CLIENTS = 8
TALKS = 48
BARE = 1200
WORDS = {"words": "x" * 330}
FEW, MANY = 1_000, 100_000


@dataclass
class Ours:
    """Our app on a database: made ready here, served elsewhere."""

    url: str

    def __post_init__(self):
        self.app = engage(self.url)
        self.store = self.app.extensions["engage"].store
        self.made = make_inspection(self.store)

    def in_the_middle(self, count, port):
        """So many talks, each with its first page on the screen."""
        found = []
        for _ in range(count):
            key = talkers.begins(self.app, self.made)
            talkers.goes_on(self.app, key, until=MIDDLE)
            found.append(Talker(port, talkers.cookie(self.app, key), key).opens())
            found[-1].hangs_up()
        return found

    def grows(self, count):
        wired = self.app.extensions["engage"]
        key = talkers.begins(self.app, self.made)
        like = talking.open_talk(self.store, wired.library, key, wired.now()).sealed
        fill(self.store, like, count)


def walk(talks, took):
    for each in talks:
        for _ in range(EACH):
            took.append(timed(each.says))
        each.hangs_up()


def shares(things, clients):
    return [things[n::clients] for n in range(clients)]


def our_turns(ours, server, *, talks=TALKS, clients=CLIENTS):
    """CPU of a turn, and how long each took."""
    ready = ours.in_the_middle(talks, server.port)
    took = []
    before = server.cpu()
    together([functools.partial(walk, each, took) for each in shares(ready, clients)])
    return (server.cpu() - before) / len(took), took


def bare_posts(server):
    body = urlencode(WORDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    def post(count):
        line = HTTPConnection("127.0.0.1", server.port, timeout=60)
        for _ in range(count):
            line.request("POST", "/talk", body, headers)
            assert len(line.getresponse().read()) == 3000
        line.close()

    before = server.cpu()
    together([functools.partial(post, BARE // CLIENTS)] * CLIENTS)
    return (server.cpu() - before) / BARE


def with_database(server, postgresql):
    """The server's work and its database's, as one."""
    own = server.cpu
    server.cpu = lambda: own() + postgresql.cpu()
    return server


def cpu(folder, postgresql):
    """The four rows, one after the other in each round."""
    lite = Ours(f"sqlite:///{folder / 'ours.sqlite'}")
    grown = Ours(postgresql.new("ours"))
    bare = f"sqlite:///{folder / 'bare.sqlite'}"
    servers = {
        "A": Server("bare", bare),
        "A_pg": with_database(Server("bare", postgresql.new("bare")), postgresql),
        "turn": Server("engage", lite.url),
        "turn_pg": with_database(Server("engage", grown.url), postgresql),
    }
    rows = {
        "A": lambda: bare_posts(servers["A"]),
        "turn": lambda: our_turns(lite, servers["turn"])[0],
        "A_pg": lambda: bare_posts(servers["A_pg"]),
        "turn_pg": lambda: our_turns(grown, servers["turn_pg"])[0],
    }
    found = defaultdict(list)
    try:
        for round in range(ROUNDS + 1):
            for name, measure in rows.items():
                spent = measure()
                if round:  # the first one warms up
                    found[name].append(spent * 1_000_000)
    finally:
        for server in servers.values():
            server.stop()
    trips = round_trips(grown)
    a, a_pg, turn, turn_pg = (statistics.median(found[n]) for n in servers)
    return [
        Row("A: bare POST, one SQLite commit", round_(a), unit="µs"),
        Row("Turn on SQLite", round_(turn), unit="µs"),
        Row("Turn on SQLite ÷ A, median of rounds", ratio(found, "turn", "A"), 3.0),
        Row("A_pg: bare POST, one psycopg commit", round_(a_pg), unit="µs"),
        Row("Turn on PostgreSQL", round_(turn_pg), unit="µs"),
        Row(
            "Turn on PostgreSQL ÷ A_pg, median of rounds",
            ratio(found, "turn_pg", "A_pg"),
            3.5,
        ),
        Row("Round trips of a turn to PostgreSQL", trips, 3),
    ]


def round_(number):
    return round(number, 2)


def ratio(found, ours, theirs):
    """Of each round by itself: what disturbs a round disturbs both of its rows."""
    pairs = zip(found[ours], found[theirs], strict=True)
    return round_(statistics.median(one / other for one, other in pairs))


def round_trips(ours):
    """Of one turn, after another that has opened the connection."""
    key = talkers.begins(ours.app, ours.made)
    talkers.goes_on(ours.app, key, until=MIDDLE)
    client = ours.app.test_client()
    client.set_cookie("engage", talkers.cookie(ours.app, key))

    def of(turns):
        here = _InProcess(client)
        here.opens()
        with counted(ours.store) as trips:
            for _ in range(turns):
                here.says()
        return trips["round"]

    return of(2) - of(1)


class _InProcess(Talker):
    """A talk without a server between, where its database can be listened to."""

    def __init__(self, client):
        super().__init__(0, "")
        self.client = client

    def _sends(self, method, body):
        answer = self.client.open(
            "/talk",
            method=method,
            data=body,
            headers={"HX-Request": "true"},
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        self.html = answer.text


def waits(folder):
    """How long a child waits with two workers, and what they hold in memory."""
    ours = Ours(f"sqlite:///{folder / 'two.sqlite'}")
    server = Server("engage", ours.url, workers=2)
    try:
        our_turns(ours, server, talks=16)
        _, alone = our_turns(ours, server, talks=24, clients=1)
        _, eight = our_turns(ours, server, talks=120)
        workers, master = server.memory()
    finally:
        server.stop()
    return [
        Row("Two workers, 1 client, p50", round_(statistics.median(alone)), 6, "ms"),
        Row("Two workers, 8 clients, p50", round_(statistics.median(eight)), unit="ms"),
        Row("Two workers, 8 clients, p99", round_(_p99(eight)), 40, "ms"),
        Row("Memory of two workers, PSS", round_(workers), 90, "MB"),
        Row("Memory of the master beside them, PSS", round_(master), unit="MB"),
    ]


def _p99(took):
    return statistics.quantiles(took, n=100)[-1]


def growth(folder):
    """The same turn beside few talks and beside very many."""
    found = {}
    for count in (FEW, MANY):
        ours = Ours(f"sqlite:///{folder / f'{count}.sqlite'}")
        ours.grows(count)
        found[count] = (ours, Server("engage", ours.url), [], [])
    try:
        for round in range(ROUNDS + 1):
            for ours, server, spent, times in found.values():
                work, took = our_turns(ours, server, talks=16, clients=1)
                if round:
                    spent.append(work)
                    times.append(statistics.median(took))
    finally:
        for _, server, _, _ in found.values():
            server.stop()
    (_, _, *few), (_, _, *many) = found.values()
    work, waited = (
        statistics.median(m / f for m, f in zip(more, less, strict=True))
        for more, less in zip(many, few, strict=True)
    )
    what = f"{FEW:,} → {MANY:,} talks"
    return [
        Row(f"{what}: CPU of a turn, times", round_(work), 1.2),
        Row(f"{what}: p50 of a turn, times", round_(waited), 1.2),
    ]


def main():
    with tempfile.TemporaryDirectory() as name, PostgreSQL() as postgresql:
        folder = Path(name)
        rows = cpu(folder, postgresql) + waits(folder) + growth(folder)
    say(rows, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
