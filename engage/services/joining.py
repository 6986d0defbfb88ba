"""Begin a talk: by a gathering's join code, by a card, or by an open link."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engage.core.people import GatheringId, InspectionId, TalkId, Voice
from engage.core.safeguarding.interruption import Findable
from engage.core.sealing.envelope import (
    KEY_BYTES,
    NONCE_BYTES,
    Context,
    Locker,
    seal_to,
)
from engage.core.sealing.keys import OPENED_BY, Carried, Holder, Sealed, token_hash
from engage.services import covering
from engage.services.library import Library
from engage.store import gatherings, inspections, talks
from engage.store.engine import Store

LONDON = ZoneInfo("Europe/London")


class NoSuchCode(Exception):
    """No gathering, card or link has this code now."""


class Closed(Exception):
    """The gathering or the inspection takes no new talks."""


class Paused(Exception):
    """The inspection begins no talk while nobody is on duty."""


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody came in. `card` is the printed number; it is only ever sealed."""

    inspection: InspectionId
    findable: Findable
    gathering: GatheringId | None = None
    card: str = ""


def tidy(code: str) -> str:
    """A code as it is kept: people type spaces, small letters and odd dashes."""
    return "".join(c for c in code.upper() if c.isalnum())


def card_hash(secret: bytes, inspection: InspectionId, number: str) -> str:
    text = f"card/{int(inspection)}/{tidy(number)}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def by_code(store: Store, secret: bytes, code: str, now: datetime) -> Way:
    """Find what a typed code stands for.

    Raises:
        NoSuchCode: see there.
        Closed: see there.
    """
    typed = tidy(code)
    if not typed or len(typed) > 40:
        raise NoSuchCode
    with store.read() as db:
        gathering = gatherings.by_join_code(db, typed)
        running = [each for each in inspections.every(db) if each.open]
        if gathering is not None:
            if gathering.closes_at < now:
                raise Closed
            if all(each.id != gathering.inspection for each in running):
                raise Closed
            return Way(gathering.inspection, Findable.GATHERING, gathering.id)
        for each in running:
            if gatherings.is_card(db, each.id, card_hash(secret, each.id, typed)):
                return Way(each.id, Findable.CARD, card=typed)
    raise NoSuchCode


def by_link(store: Store, slug: str) -> Way:
    """The open link of an inspection. Raises `NoSuchCode` or `Closed`."""
    with store.read() as db:
        inspection = inspections.by_slug(db, slug)
    if inspection is None:
        raise NoSuchCode
    if not inspection.open:
        raise Closed
    return Way(inspection.id, Findable.OPEN)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def begin(
    store: Store,
    library: Library,
    way: Way,
    voice: Voice,
    now: datetime,
    key: bytes | None = None,
) -> bytes:
    """Start the talk. Returns its key: only the child's cookie keeps it.

    With a `key` from `new_key`, whoever asks twice begins one talk.

    Raises:
        Closed: the inspection has ended meanwhile.
        Paused: see there.
    """
    key = key or new_key()
    with store.read() as db:
        inspection = inspections.get(db, way.inspection)
        if inspection is None or not inspection.open:
            raise Closed
        vaults = inspections.current_vaults(db, way.inspection)
    if inspection.pauses and not covering.now_on_duty(store, inspection, now).who:
        raise Paused
    script = library.published[inspection.script_id]
    talk = TalkId(secrets.token_hex(16))
    head = {"voice": voice.value, "how": way.findable.value, "card": way.card}
    sealed_head = Locker(key).lock(
        json.dumps(head).encode(),
        Context(Sealed.HEAD, int(way.inspection), talk, 0, script.digest),
        secrets.token_bytes(NONCE_BYTES),
    )
    # The table says who opens answers; each of them but the child gets the key sealed.
    holders = [h for h in OPENED_BY[Sealed.ANSWER] if h is not Holder.CHILD]
    keys = {
        vaults[holder].id: seal_to(
            vaults[holder].public, key, key_context(way.inspection, talk, script.digest)
        )
        for holder in holders
    }
    new = talks.NewTalk(
        id=talk,
        inspection=way.inspection,
        day=now.astimezone(LONDON).date(),
        digest=script.digest,
        key_hash=token_hash(key),
        head=sealed_head,
        keys=keys,
        gathering=way.gathering,
    )
    with suppress(talks.AlreadyBegun), store.begin() as db:
        talks.add(db, new)
    return key


def key_context(inspection: InspectionId, talk: TalkId, digest: str) -> Context:
    return Context(Carried.TALK_KEY, int(inspection), talk, 0, digest)


def way_record(way: Way) -> Mapping[str, str | int | None]:
    """For the cookie, between the code and the first question."""
    return {
        "inspection": int(way.inspection),
        "how": way.findable.value,
        "gathering": None if way.gathering is None else int(way.gathering),
        "card": way.card,
    }


def way_from(record: Mapping[str, object]) -> Way:
    gathering = record.get("gathering")
    return Way(
        InspectionId(int(str(record["inspection"]))),
        Findable(str(record["how"])),
        None if gathering is None else GatheringId(int(str(gathering))),
        str(record.get("card", "")),
    )
