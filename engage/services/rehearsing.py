"""A rehearsed inspection of an invented area, for the demo: nobody in it is real.

The children talk through the same engine as everybody: every answer is sealed, and
every flag is raised by what was said.
"""

import random
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from engage.core.duty.rota import Shift, Span
from engage.core.people import GatheringId, InspectionId, Role, StaffId, Voice
from engage.core.safeguarding.clock import SCOTLAND
from engage.core.safeguarding.interruption import Findable
from engage.services import (
    asking_for_a_person,
    covering,
    duty_desk,
    founding,
    joining,
    moving,
    signing_in,
    talking,
)
from engage.services import rehearsed_words as made_up
from engage.services.library import Library
from engage.services.rehearsed_answers import Chance, Child
from engage.services.signing_in import SignedIn
from engage.store import gatherings, shifts
from engage.store import staff as staff_store
from engage.store.engine import Store
from engage.store.gatherings import NewGathering
from engage.store.inspections import NewInspection

TALKS, YOUNGER = 40, 16
CARDS = 12
_EVERY_CARD = 6
_BY_LINK = 37
AREA, SLUG = "Strathlarig and the Inner Firth", "strathlarig"
JOIN_CODE = "TEAL-OTTER-24"
PEOPLE = {
    "dee": ("Dee Duncan", Role.DUTY),
    "omar": ("Omar Ross", Role.DUTY),
    "elspeth": ("Elspeth Gray", Role.EVIDENCE),
    "lewis": ("Lewis Adair", Role.LEAD),
    "ada": ("Ada Munro", Role.ADMIN),
    "priya": ("Priya Nairn", Role.FACILITATOR),
}
_WORDS = ("amber", "birch", "cairn", "drift", "ember", "fern", "glen", "heron", "islay")
_SEED = 24
"""The same made-up children every time; keys and passwords are new."""
_AGO = timedelta(hours=3)
"""Between two talks: they go back over some days."""
_LAST_QUIET_TALK = timedelta(hours=1)
_OPEN_FOR = timedelta(days=365)
"""A real gathering closes the same day; this one is there for whoever tries it."""
_ROTA_BEFORE, _ROTA_DAYS = 14, 56
_GAP_IN, _EARLY = 8, time(13)
_UNTIL_OPENED, _UNTIL_ACKNOWLEDGED = timedelta(minutes=6), timedelta(minutes=9)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    store: Store
    library: Library
    now: datetime
    ways: tuple[joining.Way, ...]
    chance: Chance


def prepare(
    store: Store, now: datetime, *, library: Library, secret: bytes
) -> Mapping[str, Any]:
    """Make it all. Returns what somebody trying it out needs to be told."""
    passwords = {name: _password() for name in PEOPLE}
    inspection = _found(store, passwords, now)
    _rota(store, inspection, now)
    gathering = _gather(store, inspection, now)
    cards = _print_cards(store, inspection, secret)
    ways = _ways(inspection, gathering, cards)
    # Seeded: it decides nothing that must be secret.
    chance = Chance(random.Random(_SEED))  # noqa: S311
    rehearsal = Rehearsal(store, library, now, ways, chance)
    for number in range(TALKS):
        _whole_talk(rehearsal, number)
    _work_the_desk(store, passwords, now)
    return {
        "join_code": JOIN_CODE,
        "card": cards[-1],
        "open_link": f"/o/{SLUG}",
        "staff": [
            {"name": name, "password": passwords[name], "called": called, "role": role}
            for name, (called, role) in PEOPLE.items()
        ],
    }


def _password() -> str:
    words = "-".join(secrets.choice(_WORDS) for _ in range(4))
    return f"{words}-{secrets.randbelow(90) + 10}"


def _found(store: Store, passwords: Mapping[str, str], now: datetime) -> InspectionId:
    staff: list[StaffId] = [
        founding.add_staff(store, name, passwords[name], called=called, role=role)
        for name, (called, role) in PEOPLE.items()
    ]
    new = NewInspection(
        slug=SLUG,
        programme="living-at-home",
        area=AREA,
        script_id="living-at-home",
        cover={"days": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "17:00"},
        local={
            "name": "Morag Sinclair, children’s social work",
            "phone": "01632 960111",
            "out_of_hours": "01632 960999",
        },
    )
    return founding.found(store, new, staff, now)


def _gather(store: Store, inspection: InspectionId, now: datetime) -> GatheringId:
    with store.begin() as db:
        return gatherings.add(
            db,
            NewGathering(
                inspection=inspection,
                join_code=joining.tidy(JOIN_CODE),
                place="The youth café, Inverlarig",
                adult="Priya Nairn, young inspection volunteer",
                phone="01632 960222",
                day=(now - _AGO * TALKS).date(),
                closes_at=now + _OPEN_FOR,
            ),
        )


def _ways(
    inspection: InspectionId, gathering: GatheringId, cards: Iterable[str]
) -> tuple[joining.Way, ...]:
    """How each came: most at the gathering, some by a card, two by the link."""
    unused = iter(cards)
    ways = []
    for number in range(TALKS):
        worry = made_up.WORRIES.get(number)
        how = worry.way if worry else _quietly(number)
        findable = Findable(how)
        card = next(unused) if findable is Findable.CARD else ""
        met = gathering if findable is Findable.GATHERING else None
        ways.append(joining.Way(inspection, findable, met, card))
    return tuple(ways)


def _quietly(number: int) -> str:
    if number == _BY_LINK:
        return "open"
    return "card" if number % _EVERY_CARD == 0 else "gathering"


def _print_cards(store: Store, inspection: InspectionId, secret: bytes) -> list[str]:
    letters = "ACDEFGHJKLMNPRTUVWXY3479"
    cards = ["".join(secrets.choice(letters) for _ in range(8)) for _ in range(CARDS)]
    hashes = [joining.card_hash(secret, inspection, card) for card in cards]
    with store.begin() as db:
        gatherings.add_cards(db, inspection, hashes)
    return cards


def _whole_talk(rehearsal: Rehearsal, number: int) -> None:
    voice = Voice.YOUNGER if number < YOUNGER else Voice.OLDER
    worry = made_up.WORRIES.get(number)
    at = rehearsal.now - (
        timedelta(minutes=worry.minutes)
        if worry
        else _AGO * (TALKS - number) + _LAST_QUIET_TALK
    )
    way = rehearsal.ways[number]
    key = joining.begin(rehearsal.store, rehearsal.library, way, voice, at)
    talk = talking.open_talk(rehearsal.store, rehearsal.library, key, at)
    mood = rehearsal.chance.random.choice(made_up.MOODS)
    detector = rehearsal.library.detector
    child = Child(rehearsal.chance, mood, detector, worry)
    while (waiting := talk.path.waiting) is not None:
        given = child.answer(talk.path, waiting)
        talk, _ = talking.answer(talk, waiting.place, given)
    if worry and worry.by == "person":
        asking_for_a_person.ask(talk, made_up.ASKED, worry.reached)


def _work_the_desk(store: Store, passwords: Mapping[str, str], now: datetime) -> None:
    """Flags at different stages: two taken on, one opened, the others waiting."""
    dee = _sign_in(store, "dee", passwords["dee"], now)
    omar = _sign_in(store, "omar", passwords["omar"], now)
    # Worst first, then newest: the last ones have waited longest.
    waiting = duty_desk.desk(store, dee, now).waiting
    *_, opened, taken, first = (each.flag for each in waiting)
    moves = ((opened, dee), (taken, dee), (first, omar))
    for flag, who in moves:
        moving.open_(store, who, flag.id, flag.raised_at + _UNTIL_OPENED)
    for flag, who in moves[1:]:
        at = flag.raised_at + _UNTIL_ACKNOWLEDGED
        moving.acknowledge(store, who, flag.id, at)


def _rota(store: Store, inspection: InspectionId, now: datetime) -> None:
    """Dee first and Omar next, in office hours, but for one afternoon: a gap to see.

    And on the day itself until midnight, so that whoever tries it meets somebody.
    """
    people = (_id_of(store, "dee"), _id_of(store, "omar"))
    today = now.astimezone(SCOTLAND).date()
    made = [
        Shift(people[0], _hours(today, time(0), time(23, 59))),
        Shift(people[1], _hours(today, time(0), time(23, 59)), 2),
    ]
    for ahead in range(-_ROTA_BEFORE, _ROTA_DAYS):
        day = today + timedelta(days=ahead)
        if ahead and day.weekday() in covering.WEEKDAYS:
            closes = _EARLY if ahead == _GAP_IN else time(17)
            made.append(Shift(people[0], _hours(day, time(9), closes)))
            made.append(Shift(people[1], _hours(day, time(9), closes), 2))
    with store.begin() as db:
        shifts.add_many(db, inspection, made)


def _hours(day: date, opens: time, closes: time) -> Span:
    return Span(
        datetime.combine(day, opens, SCOTLAND), datetime.combine(day, closes, SCOTLAND)
    )


def _id_of(store: Store, name: str) -> StaffId:
    with store.read() as db:
        member = staff_store.by_name(db, name)
    assert member is not None  # noqa: S101 - just made
    return member.id


def _sign_in(store: Store, name: str, password: str, now: datetime) -> SignedIn:
    token = signing_in.sign_in(store, name, password, now=now)
    me = signing_in.who(store, token, seen=int(now.timestamp()), now=now)
    signing_in.sign_out(store, token, now=now)
    assert me is not None  # noqa: S101 - they have just signed in
    return me
