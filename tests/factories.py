"""Make what a test needs, with sensible defaults. Plain functions, no mocks."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from engage.core.duty.rota import Shift, Span
from engage.core.people import FlagId, GatheringId, InspectionId, Role, StaffId
from engage.core.safeguarding.clock import SCOTLAND
from engage.core.safeguarding.concerns import Level
from engage.core.sealing.envelope import seal_to
from engage.core.sealing.keys import Holder
from engage.services import founding
from engage.services.duty_desk import part_context
from engage.store import flags, gatherings, inspections, shifts, staff
from engage.store.engine import Store
from engage.store.inspections import NewInspection

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

NAMES = {
    "dee": ("Dee Duty", Role.DUTY),
    "evan": ("Evan Evidence", Role.EVIDENCE),
    "lena": ("Lena Lead", Role.LEAD),
    "adam": ("Adam Admin", Role.ADMIN),
    "fay": ("Fay Facilitator", Role.FACILITATOR),
}
"""Whoever works on the inspection: what they sign in with, and as what."""


@dataclass(frozen=True)
class Made:
    """A made-up inspection."""

    id: InspectionId
    staff: dict[str, StaffId]
    gathering: GatheringId
    join_code: str


class Clock:
    """A clock that a test can move."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


def office_shifts(staff, *, place=1, around=NOON, days=40) -> list[Shift]:
    """On duty from 9 to 5 in Scotland on every weekday around a day."""
    first = around.date() - timedelta(days=days // 2)
    found = [first + timedelta(days=ahead) for ahead in range(days)]

    def at(day, hour):
        return datetime.combine(day, time(hour), SCOTLAND)

    return [
        Shift(staff, Span(at(day, 9), at(day, 17)), place)
        for day in found
        if day.weekday() < 5
    ]


def make_staff(store: Store, name: str, called: str, role: Role) -> StaffId:
    with store.begin() as db:
        return staff.add(db, _new_staff(name, called, role))


@cache
def _new_staff(name: str, called: str, role: Role) -> staff.NewStaff:
    """The same keys in every test: making them is slow by intent."""
    return founding.new_staff(name, PASSWORD, called=called, role=role)


def make_inspection(store: Store, *, slug="craigmore", **changes) -> Made:
    """One inspection of an invented area, its people, a gathering and its code."""
    people = {
        name: make_staff(store, name, called, role)
        for name, (called, role) in NAMES.items()
    }
    new = {
        "slug": slug,
        "programme": "living-at-home",
        "area": "Craigmore",
        "script_id": "living-at-home",
        "cover": {"days": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "17:00"},
        "local": {
            "name": "Morag Local",
            "phone": "01632 960 111",
            "out_of_hours": "01632 960 999",
        },
    } | changes
    number = founding.found(store, NewInspection(**new), people.values())
    with store.begin() as db:
        shifts.add_many(db, number, office_shifts(people["dee"]))
        gathering = gatherings.add(
            db,
            gatherings.NewGathering(
                inspection=number,
                join_code="TEALFOX42",
                place="Craigmore library",
                adult="Ann Adult",
                phone="01632 960 222",
                day=date(2026, 11, 25),
                closes_at=NOON + timedelta(hours=4),
            ),
        )
    return Made(number, people, gathering, "TEALFOX42")


@cache
def _words() -> dict:
    return {
        "kind": "raised",
        "level": "concern",
        "categories": ["home"],
        "rule": "feel-safe-home: not-at-all",
        "because": "They said they do not feel safe at home.",
        "prompt": "Do you feel safe at home?",
        "options": ["Yes", "A bit", "No"],
        "words": "No, and <b>nobody</b> & nothing helps",
        "said_at": NOON.isoformat(),
        "language": "en",
        "voice": "older",
        "digest": "d1" * 32,
        "place": "feel-safe-home",
        "joined": {
            "how": "gathering",
            "gathering": {
                "place": "Craigmore library",
                "adult": "Ann Adult",
                "phone": "01632 960 222",
            },
        },
        "told": ["Thank you for telling me."],
        "text": "You said you do not feel safe at home.",
    }


def make_flag(
    store: Store,
    made: Made,
    *,
    level=Level.CONCERN,
    at=NOON,
    reference="AB12",
    parts=None,
) -> FlagId:
    """A flag as the talk raises it, with its parts sealed to the duty vault."""
    with store.read() as db:
        vault = inspections.current_vaults(db, made.id)[Holder.DUTY]
    new = flags.NewFlag(
        inspection=made.id,
        reference=reference,
        level=level,
        raised_at=at,
        due_at=at + timedelta(minutes=15),
        vault=vault.id,
    )
    with store.begin() as db:
        number = flags.add(db, new)
        flag = flags.get(db, number, made.staff["dee"])
        for count, part in enumerate(parts or [{}], start=1):
            plain = json.dumps(_words() | part).encode()
            envelope = seal_to(vault.public, plain, part_context(flag, count))
            flags.add_part(db, number, count, at, envelope)
    return number
