"""What the tests of messages share."""

from datetime import timedelta

from sqlalchemy import text

from engage.core.people import Voice
from engage.core.safeguarding.interruption import Findable
from engage.core.sealing.keys import flag_tag
from engage.services import (
    joining,
    signing_in,
    talking,
    writing_back,
)
from engage.store import flags
from tests.factories import NOON, PASSWORD

LATER = NOON + timedelta(minutes=7)
SATURDAY = NOON + timedelta(days=3)
HELLO = "Hello. Are you safe right now?"


def begin(store, books, inspection, at=NOON):
    way = joining.Way(inspection.id, Findable.GATHERING, inspection.gathering)
    key = joining.begin(store, books, way, Voice.OLDER, at)
    return talking.open_talk(store, books, key, at)


def staff(store, name="dee"):
    token = signing_in.sign_in(store, name, PASSWORD, now=NOON)
    return signing_in.who(store, token, seen=int(NOON.timestamp()), now=NOON)


def flag_of(talk):
    with talk.store.read() as db:
        return flags.by_tag(db, flag_tag(talk.key))


def desk(store, me, number):
    return writing_back.thread(store, me, number)


def verbs(store):
    with store.read() as db:
        return list(
            db.execute(text("select verb from journal order by number")).scalars()
        )
