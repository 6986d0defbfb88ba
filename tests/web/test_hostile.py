"""2,000 random and hostile requests: no error, nothing written, nothing leaked."""

import random
from base64 import urlsafe_b64encode

import pytest
from sqlalchemy import select

from engage.core.dialogue.answers import Chosen, Place, Silence, Written
from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from engage.services import joining, signing_in, talking
from engage.store import clocks
from engage.store.tables import metadata
from engage.web.access import STAFF, TALK
from tests.factories import NOON, PASSWORD
from tests.web.hostile import MARK, Attacker

SECRET = "kanarienvogel"
SEED = 20_261_125
FORGED = (
    "eyJ0YWxrIjoiQUFBQSJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "." * 3_000,
    "eyJzdGFmZiI6W119",
    "\xff\xfe",
    "",
)
TELLTALE = (
    "Traceback",
    "sqlalchemy",
    "werkzeug",
    "sqlite",
    "site-pack",
    SECRET,
    f"<{MARK}>",
)


@pytest.fixture
def app(app):
    app.testing = False  # an error is a page, as it would be for everybody
    with app.extensions["engage"].store.begin() as db:
        clocks.beat(db, NOON)  # else /healthz rightly says that something is wrong
    return app


@pytest.fixture
def victim(app, inspection):
    """Somebody else's talk, with a flag, and words that nobody may see."""
    talk = begin(app, inspection)
    while (waiting := talk.path.waiting).place != "safe-home":
        talk, _ = talking.answer(talk, waiting.place, Silence.SKIP)
    talk, _ = talking.answer(talk, Place("safe-home"), Chosen(("never",)))
    add = Place("worried/safe-home/add")
    talk, _ = talking.answer(talk, Place("worried/safe-home/safe-now"), Silence.SKIP)
    talk, _ = talking.answer(talk, add, Written(f"{SECRET} is what I said"))
    return talk


def begin(app, inspection):
    wired = app.extensions["engage"]
    way = joining.Way(inspection.id, Findable.OPEN)
    key = joining.begin(wired.store, wired.library, way, Voice.OLDER, NOON)
    return talking.open_talk(wired.store, wired.library, key, NOON)


def held_by(talk):
    return {TALK: urlsafe_b64encode(talk.key).decode()}


def session_of(store, name):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return {STAFF: {"token": token, "seen": int(NOON.timestamp())}}


def cookie_and_token(app, session):
    """What a browser with this session holds, and the token of its forms."""
    client = app.test_client()
    with client.session_transaction() as held:
        held.update(session)
    page = client.get("/staff/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert token
    return client.get_cookie("engage").value, token


GROWING = frozenset(
    {"talk", "talk_key", "answer", "flag", "flag_part", "thread", "message"}
)
"""What a child's own talk adds to. What others have there stays as it is."""
MEANT = frozenset({"journal", "journal_head", "presence"})
"""What grows by being asked: that a sign-in was refused, and who looks at a flag."""


def everything(store):
    with store.read() as db:
        return {
            table.name: sorted(map(repr, db.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name not in MEANT
        }


def ask(app, cookie, request):
    client = app.test_client()
    if cookie is not None:
        client.set_cookie("engage", cookie)
    answer = client.open(**request, buffered=True)
    said = f"{request['method']} {request['path'][:60]} -> {answer.status_code}"
    assert answer.status_code < 500, said
    body = answer.get_data().decode("utf-8", "replace")
    if answer.mimetype != "text/css":
        assert [word for word in TELLTALE if word in body] == [], said
    assert "Set-Cookie: a=b" not in str(answer.headers), said


def test_strangers_write_nothing_and_learn_nothing(
    app, store, inspection, victim, caplog
):
    rng = random.Random(SEED)  # noqa: S311
    stale = begin(app, inspection)
    deleted, deleted_token = cookie_and_token(app, held_by(stale))
    talking.delete(stale)
    nobody, token = cookie_and_token(app, {})
    victims, _ = cookie_and_token(app, held_by(victim))
    evidence, _ = cookie_and_token(app, session_of(store, "evan"))
    duty, _ = cookie_and_token(app, session_of(store, "dee"))
    strange = [None, *FORGED, victims, evidence, duty]
    # Strangers have tokens of their own, never the victim's or those of staff.
    ways = [(cookie, [token, "x", "\u00e9" * 500]) for cookie in strange]
    ways += [(nobody, [token]), (deleted, [deleted_token])] * 5
    before = everything(store)
    attacker = Attacker(rng, list(app.url_map.iter_rules()))
    requests = attacker.requests(1_500)
    for _ in range(1_500):
        cookie, attacker.tokens = rng.choice(ways)
        request = next(requests)
        if cookie == victims and request["method"] in ("GET", "HEAD"):
            cookie = None  # reading one's own words is no attack
        ask(app, cookie, request)
    assert everything(store) == before
    assert SECRET not in caplog.text
    assert MARK not in caplog.text


def test_a_child_who_sends_anything_at_all_touches_no_talk_but_their_own(
    app, store, inspection, victim, caplog
):
    rng = random.Random(SEED + 1)  # noqa: S311
    before = everything(store)
    attacker = Attacker(rng, list(app.url_map.iter_rules()))
    mine = None
    for request in attacker.requests(500):
        if mine is None or gone(mine):
            mine = begin(app, inspection)
            cookie, token = cookie_and_token(app, held_by(mine))
            attacker.tokens = [token]
        ask(app, cookie, request)
    after = everything(store)
    for name, rows in before.items():
        assert set(rows) <= set(after[name]), name
        if name not in GROWING:
            assert after[name] == rows, name
    kept = talking.open_talk(store, victim.library, victim.key, NOON)
    assert kept.answers == victim.answers
    assert SECRET not in caplog.text
    assert MARK not in caplog.text


def gone(talk):
    try:
        talking.open_talk(talk.store, talk.library, talk.key, NOON)
    except talking.NoTalk:
        return True
    return False
