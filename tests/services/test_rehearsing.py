"""The demo's inspection: forty finished talks, five flags, and keys that hold."""

import time
from collections import Counter
from contextlib import suppress

import pytest

from engage.core.dialogue.path import walk
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import Stage
from engage.core.safeguarding.interruption import Findable
from engage.core.sealing.envelope import WontOpen, open_with
from engage.core.sealing.keys import Holder
from engage.services import (
    duty_desk,
    joining,
    moving,
    rehearsing,
    signing_in,
    talking,
)
from engage.services.granting import vault_keys
from engage.store import flags, inspections, talks
from tests.factories import NOON


@pytest.fixture
def books(app):
    return app.extensions["engage"].library


@pytest.fixture
def told(store, books):
    return rehearsing.prepare(store, NOON, library=books, secret=b"test" * 8)


@pytest.fixture
def signed_in(store, told):
    def sign_in(name):
        passwords = {each["name"]: each["password"] for each in told["staff"]}
        token = signing_in.sign_in(store, name, passwords[name], now=NOON)
        return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)

    return sign_in


def test_forty_talks_are_finished_and_only_evidence_opens_them(
    store, books, told, signed_in
):
    me = signed_in("elspeth")
    ((vault, private),) = vault_keys(store, me, Holder.EVIDENCE).items()
    assert not vault_keys(store, me, Holder.DUTY)
    duty = next(iter(vault_keys(store, signed_in("dee"), Holder.DUTY).values()))
    with store.read() as db:
        sealed = talks.keys(db, vault)
        rows = {number: talks.by_id(db, number) for number in sealed}
    voices, ways, cards, worried, days = Counter(), Counter(), [], 0, set()
    for number, envelope in sealed.items():
        row = rows[number]
        context = joining.key_context(row.inspection, number, row.digest)
        with pytest.raises(WontOpen):
            open_with(duty, envelope, context)
        key = open_with(private, envelope, context)
        talk = talking.open_talk(store, books, key, NOON)
        assert talk.path.ended
        assert talk.path == walk(talk.script, talk.voice, talk.answers)
        voices[talk.voice.value] += 1
        ways[talk.findable] += 1
        cards += [talk.card] if talk.card else []
        worried += any(each.concern for each in talk.answers)
        days.add(row.day)
    assert voices == {"younger": 16, "older": 24}
    assert ways[Findable.OPEN] == 2
    assert ways[Findable.GATHERING] > ways[Findable.CARD] == len(set(cards))
    assert told["card"] not in cards, "a card is one child's"
    assert worried == 4, "the fifth flag is one that a child raised by hand"
    assert len(days) > 3


def test_five_flags_stand_at_different_stages_and_read_as_they_were_said(
    store, signed_in
):
    me = signed_in("dee")
    with store.read() as db:
        inspection = inspections.by_slug(db, rehearsing.SLUG)
        found = [flags.get(db, number, me.id) for number in range(1, 6)]
        assert flags.get(db, 6, me.id) is None
    stages = Counter(each.stage for each in found)
    assert stages == {Stage.RAISED: 2, Stage.OPENED: 1, Stage.ACKNOWLEDGED: 2}
    waiting = [each.level for each in found if each.stage is Stage.RAISED]
    assert set(waiting) == {Level.NOW, Level.CONCERN}
    people = {each.acknowledged_by for each in found if each.acknowledged_by}
    assert len(people) == 2
    evidence = vault_keys(store, signed_in("elspeth"), Holder.EVIDENCE).values()
    for each in found:
        with store.read() as db:
            parts = flags.parts(db, each.id)
        for part in parts:
            for key in evidence:
                with pytest.raises(WontOpen):
                    open_with(
                        key, part.envelope, duty_desk.part_context(each, part.number)
                    )
        with suppress(moving.AlreadyMoved):
            moving.open_(store, me, each.id, NOON)
        opened = duty_desk.read(store, me, each.id)
        assert opened.area == inspection.area
        assert opened.altered == 0
        assert len(opened.notes) == len(parts) > 0
        assert all(note.text for note in opened.notes)


def test_the_printed_code_card_and_link_let_a_child_in(store, told):
    def by_code(typed):
        return joining.by_code(store, b"test" * 8, typed, NOON).findable

    assert by_code(told["join_code"].lower().replace("-", " ")) is Findable.GATHERING
    assert by_code(told["card"]) is Findable.CARD
    slug = told["open_link"].removeprefix("/o/")
    assert joining.by_link(store, slug).findable is Findable.OPEN


def test_the_demo_is_ready_before_anybody_gets_bored(store, books):
    began = time.monotonic()
    rehearsing.prepare(store, NOON, library=books, secret=b"test" * 8)
    assert time.monotonic() - began < 15
