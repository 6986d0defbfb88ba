"""The demo's inspection: forty finished talks, five flags, and keys that hold."""

import time
from collections import Counter

import pytest

from engage.core.safeguarding.flags import Stage
from engage.core.sealing.envelope import WontOpen, open_with
from engage.core.sealing.keys import Holder
from engage.services import duty_desk, joining, rehearsing, signing_in, talking
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


def test_forty_talks_are_finished_and_only_evidence_opens_them(store, books, signed_in):
    me = signed_in("elspeth")
    ((vault, private),) = vault_keys(store, me, Holder.EVIDENCE).items()
    assert not vault_keys(store, me, Holder.DUTY)
    duty = next(iter(vault_keys(store, signed_in("dee"), Holder.DUTY).values()))
    with store.read() as db:
        sealed = talks.keys(db, vault)
        rows = {number: talks.by_id(db, number) for number in sealed}
    voices = Counter()
    for number, envelope in sealed.items():
        row = rows[number]
        context = joining.key_context(row.inspection, number, row.digest)
        with pytest.raises(WontOpen):
            open_with(duty, envelope, context)
        key = open_with(private, envelope, context)
        talk = talking.open_talk(store, books, key, NOON)
        assert talk.path.ended
        voices[talk.voice.value] += 1
    assert voices == {"younger": 16, "older": 24}


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
    assert len({each.level for each in found}) == 3
    for each in found:
        opened = duty_desk.read(store, me, each.id)
        assert opened.area == inspection.area
        assert opened.altered == 0
        assert opened.notes or each.stage is Stage.RAISED


def test_the_demo_is_ready_before_anybody_gets_bored(store, books):
    began = time.monotonic()
    rehearsing.prepare(store, NOON, library=books, secret=b"test" * 8)
    assert time.monotonic() - began < 20
