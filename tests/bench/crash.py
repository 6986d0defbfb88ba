"""What was acknowledged is kept, whatever happens to the server.

`python -m tests.bench.crash [--json] [--postgresql]`: the server is killed again and
again while children talk. With `--load`, 64 of them talk at the same time and nobody is
killed. The database is SQLite, or a PostgreSQL of its own.
"""

import json
import random
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import text

from engage.core.dialogue.answers import Chosen, Written
from engage.core.safeguarding.concerns import Level
from engage.core.sealing.envelope import open_with
from engage.core.sealing.keys import Holder, flag_tag
from engage.services import signing_in, talking
from engage.services.duty_desk import part_context
from engage.services.granting import vault_keys
from engage.store import flags
from engage.store.tables import metadata
from tests.bench import talkers
from tests.bench.databases import PostgreSQL
from tests.bench.served import Server, engage
from tests.bench.talkers import Refused, Talker, together
from tests.bench.verdict import Row, say
from tests.factories import PASSWORD, make_inspection

KILLS, CLIENTS = 50, 8
AT_ONCE, SECONDS = 64, 30
TALKS = 200
WORRYING = "My stepdad hits me"
SEED = 4


class Children:
    """All who talk: what each sent that was acknowledged, and what was refused."""

    def __init__(self, app, made, port):
        self.app, self.made, self.port = app, made, port
        self.acknowledged = []
        self.refused = []
        self.stop = threading.Event()
        self.waiting = deque(self._new() for _ in range(TALKS))

    def _new(self):
        key = talkers.begins(self.app, self.made)
        return Talker(self.port, talkers.cookie(self.app, key), key)

    def talk(self, seed):
        """One child after another, until it is time to stop."""
        chance = random.Random(seed)
        talker = None
        while not self.stop.is_set():
            talker = talker or self._next()
            try:
                going_on = self._one(talker, chance)
            except (OSError, HTTPException):
                # The server has gone; where the talk stands is for it to say.
                talker.hangs_up()
                talker.html = ""
                time.sleep(0.02)
            except Refused as refused:
                self.refused.append(refused)
                talker = None
            else:
                talker = talker if going_on else None

    def _next(self):
        try:
            return self.waiting.popleft()
        except IndexError:
            return self._new()

    def _one(self, talker, chance):
        """One page or one turn. False when the talk has come to its end."""
        if not talker.html:
            talker.opens()
            return bool(talker.place)
        place = talker.place
        fields = talker.fields(lambda answers: _picked(answers, chance))
        if "text" in fields:
            fields["text"] = chance.choice(("Nothing much", WORRYING))
        try:
            talker.says(fields)
        except Refused as refused:
            if not refused.elsewhere:
                raise
            talker.html = ""
        self.acknowledged.append((talker.key, place, fields))
        return bool(talker.place) or not talker.html


def _picked(answers, chance):
    """Anything, but seldom what ends a talk early: the ones that stop say less."""
    going_on = [each for each in answers if each not in ("stop", "pause")]
    return chance.choice(going_on)


class Evidence:
    """What the database holds at the end, opened with the keys that open it."""

    def __init__(self, app, made):
        wired = app.extensions["engage"]
        self.store, self.library, self.now = wired.store, wired.library, wired.now()
        token = signing_in.sign_in(self.store, "dee", PASSWORD, now=self.now)
        seen = int(self.now.timestamp())
        dee = signing_in.who(self.store, token, seen=seen, now=self.now)
        self.keys = vault_keys(self.store, dee, Holder.DUTY)
        self.script = self.library.published["living-at-home"]
        self.talks, self.flags = {}, {}

    def answers(self, key):
        if key not in self.talks:
            talk = talking.open_talk(self.store, self.library, key, self.now)
            self.talks[key] = talk.answers
        return self.talks[key]

    def passed_on(self, key):
        """The places of this talk that the duty inspector reads about."""
        if key not in self.flags:
            self.flags[key] = self._places(key)
        return self.flags[key]

    def _places(self, key):
        with self.store.read() as db:
            flag = flags.by_tag(db, flag_tag(key))
            parts = flags.parts(db, flag.id) if flag else ()
        return {
            json.loads(
                open_with(
                    self.keys[flag.vault],
                    part.envelope,
                    part_context(flag, part.number),
                )
            )["place"]
            for part in parts
        }

    def kept(self, key, place, fields):
        given = [each.given for each in self.answers(key) if each.place == place]
        return any(_same(each, fields) for each in given)

    def trigger(self, place, fields):
        """The place that a flag must tell of because of this; None if there is none."""
        if place.startswith("worried/"):
            return _at_worry(place, fields)
        if "text" in fields:
            return place if fields["text"] == WORRYING else None
        step = self.script.step(place.partition("@")[0])
        option = step.option(fields["answer"]) if "answer" in fields else None
        marked = option.safeguard if option else None
        return place if marked and marked.level is not Level.CHECK else None

    def whole(self):
        with self.store.read() as db:
            if db.dialect.name == "sqlite":
                return db.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            # PostgreSQL has no such word; it checks each page that it reads.
            return [db.execute(t.select()).all() for t in metadata.sorted_tables] != []


def _same(given, fields):
    if isinstance(given, Chosen):
        return given.ids == (fields.get("answer"),)
    if isinstance(given, Written):
        return given.text == fields.get("text")
    return True


def _at_worry(place, fields):
    about, _, worry = place.removeprefix("worried/").rpartition("/")
    if worry == "check-in":
        return about if fields["answer"] == "pass-on" else None
    return place if worry != "next" else None


def judged(children, evidence):
    lost = [each for each in children.acknowledged if not evidence.kept(*each)]
    triggers = [
        (key, about)
        for key, place, fields in children.acknowledged
        if (about := evidence.trigger(place, fields))
    ]
    silent = [(k, about) for k, about in triggers if about not in evidence.passed_on(k)]
    return [
        Row("Acknowledged turns", len(children.acknowledged)),
        Row("Of these lost", len(lost), 0),
        Row("Triggers among them", len(triggers), 1, least=True),
        Row("Of these without a flag that tells of them", len(silent), 0),
        Row("Turns refused", len(children.refused), 0),
        Row("Database whole", int(evidence.whole()), 1, least=True),
    ]


def killed(children, server):
    """Kill it under load, start it again, and so on. How often it was killed."""
    chance = random.Random(SEED)

    def kill():
        try:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.3, 1.0))
                server.kill()
                server.start()
            time.sleep(0.5)
        finally:
            children.stop.set()

    together([kill, *(_child(children, n) for n in range(CLIENTS))])
    return Row("Times the server was killed", KILLS)


def loaded(children):
    """So many turns at every moment."""

    def end():
        time.sleep(SECONDS)
        children.stop.set()

    together([end, *(_child(children, n) for n in range(AT_ONCE))])
    each = len(children.acknowledged) / SECONDS
    return Row(f"Turns a second, {AT_ONCE} at once", round(each))


def _child(children, seed):
    return lambda: children.talk(seed)


@contextmanager
def database():
    if "--postgresql" in sys.argv:
        with PostgreSQL() as server:
            yield server.new("ours")
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'engage.sqlite'}"


def main():
    with database() as url:
        app = engage(url)
        made = make_inspection(app.extensions["engage"].store)
        server = Server("engage", url, workers=2)
        children = Children(app, made, server.port)
        try:
            calm = "--load" in sys.argv
            done = loaded(children) if calm else killed(children, server)
        finally:
            server.kill()
        rows = [done, *judged(children, Evidence(app, made))]
    say(rows, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
