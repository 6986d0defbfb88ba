"""Every page, asked by everybody, compared with a table that an auditor can read."""

import re
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from engage.core.dialogue.answers import Place, Silence
from engage.core.people import Role, Voice
from engage.core.safeguarding.interruption import Findable
from engage.services import joining, signing_in, talking
from engage.web.access import STAFF, TALK, allowed
from tests.factories import NAMES, NOON, PASSWORD, make_flag

TABLE = Path(__file__).with_name("access.txt")
NOT_OURS = {"HEAD", "OPTIONS"}
ENDING = {("POST", "/staff/sign-out"), ("POST", "/talk/delete")}


def pages(app):
    """Address and method of every page; last those that end what they are asked by."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - NOT_OURS)
    ]
    return sorted(
        found,
        key=lambda page: ((page[1], page[0].rule) in ENDING, page[0].rule, page[1]),
    )


def readable(rule):
    """`/flags/<int(max=9):number>` → `/flags/<number>`."""
    return re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule.rule)


def filled(rule, flag):
    """An address of this kind that is there, as far as there is one."""
    there = {
        "number": flag,
        "filename": "css/base.css",
        "code": "TEAL-FOX-42",
        "slug": "craigmore",
        "place": "practice",
    }
    values = {name: there.get(name, "none") for name in rule.arguments}
    _domain, address = rule.build(values, append_unknown=False)
    return address


def ask(app, session, method, address):
    """What somebody with this session is answered."""
    client = app.test_client()
    with client.session_transaction() as held:
        held.update(session)
    return client.open(address, method=method, buffered=True).status_code


def begun(app, inspection):
    """The cookie of a young person who has answered one question."""
    wired = app.extensions["engage"]
    way = joining.Way(inspection.id, Findable.OPEN)
    key = joining.begin(wired.store, wired.library, way, Voice.OLDER, NOON)
    talk = talking.open_talk(wired.store, wired.library, key, NOON)
    talking.answer(talk, Place("practice"), Silence.SKIP)
    return {TALK: urlsafe_b64encode(key).decode()}


@pytest.fixture
def sessions(app, store, inspection):
    """What each role's cookie holds."""
    held = {Role.ANYONE: {}, Role.YOUNG_PERSON: begun(app, inspection)}
    for name, (_called, role) in NAMES.items():
        token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
        held[role] = {STAFF: {"token": token, "seen": int(NOON.timestamp())}}
    return held


def test_every_page_says_who_may_see_it(app):
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not allowed(app, rule.endpoint)
    ]
    assert silent == []


def test_everybody_sees_what_the_table_says(app, store, inspection, sessions, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = False
    flag = make_flag(store, inspection)
    width = max(len(readable(rule)) for rule, _ in pages(app))
    lines = [f"{'':<5}{'':<{width}}  " + "  ".join(f"{r:<18}" for r in Role).rstrip()]
    for rule, method in pages(app):
        address = filled(rule, flag)
        seen = [
            "404" if ask(app, sessions[role], method, address) == 404 else "yes"
            for role in Role
        ]
        cells = "  ".join(f"{cell:<18}" for cell in seen).rstrip()
        lines.append(f"{method:<5}{readable(rule):<{width}}  {cells}")
    table = "\n".join(lines) + "\n"
    now = tmp_path / "access.txt"
    now.write_text(table, "utf-8")
    assert table == TABLE.read_text("utf-8"), f"if this is meant: cp {now} {TABLE}"


def test_a_page_that_does_not_say_is_seen_by_nobody(app, sessions):
    app.add_url_rule("/forgotten", "forgotten", lambda: "should never be seen")
    seen = {role: ask(app, sessions[role], "GET", "/forgotten") for role in Role}
    assert set(seen.values()) == {404}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("address", ["/duty", "/duty/", "/duty/flags/1/open"])
def test_no_way_of_asking_tells_a_stranger_that_the_desk_exists(
    app, inspection, method, address
):
    assert ask(app, {}, method, address) == 404


def test_a_cookie_that_we_did_not_sign_is_nobody(app, inspection):
    client = app.test_client()
    client.set_cookie("engage", "eyJzdGFmZiI6IHsidG9rZW4iOiAiMDAifX0.forged.forged")
    assert client.get("/duty/").status_code == 404
