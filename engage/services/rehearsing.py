"""A rehearsed inspection of an invented area, for the demo: nobody in it is real.

The children talk through the same engine as everybody: every answer is sealed, and
every flag is raised by what was said.
"""

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engage.core.dialogue.answers import (
    Chosen,
    Given,
    Named,
    Silence,
    Sorted,
    Written,
    name_people,
)
from engage.core.dialogue.path import Turn, Worry
from engage.core.dialogue.script import Kind
from engage.core.people import InspectionId, Role, StaffId, Voice
from engage.core.safeguarding.interruption import Findable
from engage.services import (
    asking_for_a_person,
    duty_desk,
    founding,
    joining,
    signing_in,
    talking,
)
from engage.services import rehearsed_words as made_up
from engage.services.library import Library
from engage.services.rehearsed_words import Mood
from engage.services.talking import Talk
from engage.store import gatherings
from engage.store.engine import Store
from engage.store.gatherings import NewGathering
from engage.store.inspections import NewInspection

TALKS, YOUNGER = 40, 16
CARDS = 12
AREA, SLUG = "Strathlarig and the Inner Firth", "strathlarig"
JOIN_CODE = "TEAL-OTTER-24"
PEOPLE = {
    "dee": ("Dee Duncan", Role.DUTY),
    "omar": ("Omar Ross", Role.DUTY),
    "elspeth": ("Elspeth Gray", Role.EVIDENCE),
    "lewis": ("Lewis Adair", Role.LEAD),
    "ada": ("Ada Munro", Role.ADMIN),
}
_WORDS = ("amber", "birch", "cairn", "drift", "ember", "fern", "glen", "heron", "islay")
_SEED = 24
"""The same made-up children every time; keys and passwords are new."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    store: Store
    library: Library
    now: datetime
    ways: tuple[joining.Way, ...]
    chance: random.Random


def prepare(
    store: Store, now: datetime, *, library: Library, secret: bytes
) -> Mapping[str, Any]:
    """Make it all. Returns what somebody trying it out needs to be told."""
    passwords = {name: _password() for name in PEOPLE}
    inspection = _found(store, passwords)
    gathering = _gather(store, inspection, now)
    cards = _print_cards(store, inspection, secret)
    ways = (
        *[joining.Way(inspection, Findable.GATHERING, gathering)] * 6,
        *[joining.Way(inspection, Findable.CARD, card=card) for card in cards[:3]],
        joining.Way(inspection, Findable.OPEN),
    )
    chance = random.Random(_SEED)  # noqa: S311 - decides nothing that must be secret
    rehearsal = Rehearsal(store, library, now, ways, chance)
    for number in range(TALKS):
        _whole_talk(rehearsal, number)
    _work_the_desk(store, passwords["dee"], now)
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


def _found(store: Store, passwords: Mapping[str, str]) -> InspectionId:
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
    return founding.found(store, new, staff)


def _gather(store: Store, inspection: InspectionId, now: datetime) -> Any:
    with store.begin() as db:
        return gatherings.add(
            db,
            NewGathering(
                inspection=inspection,
                join_code=joining.tidy(JOIN_CODE),
                place="The youth café, Inverlarig",
                adult="Priya Nairn, young inspection volunteer",
                phone="01632 960222",
                day=now.date(),
                closes_at=now + timedelta(days=30),
            ),
        )


def _print_cards(store: Store, inspection: InspectionId, secret: bytes) -> list[str]:
    letters = "ACDEFGHJKLMNPRTUVWXY3479"
    cards = ["".join(secrets.choice(letters) for _ in range(8)) for _ in range(CARDS)]
    hashes = [joining.card_hash(secret, inspection, card) for card in cards]
    with store.begin() as db:
        gatherings.add_cards(db, inspection, hashes)
    return cards


WORRIES: Mapping[int, str] = {
    4: "written",
    11: "not safe today",
    19: "not safe",
    27: "asks for a person",
    35: "check",
}
"""Which of the made-up talks raise a flag, and how."""


def _whole_talk(rehearsal: Rehearsal, number: int) -> None:
    voice = Voice.YOUNGER if number < YOUNGER else Voice.OLDER
    at = rehearsal.now - timedelta(minutes=11 * (TALKS - number))
    way = rehearsal.ways[number % len(rehearsal.ways)]
    key = joining.begin(rehearsal.store, rehearsal.library, way, voice, at)
    talk = talking.open_talk(rehearsal.store, rehearsal.library, key, at)
    mood = rehearsal.chance.choice(made_up.MOODS)
    worry = WORRIES.get(number, "")
    while (waiting := talk.path.waiting) is not None:
        given = _given(rehearsal.chance, talk, waiting, mood, worry)
        talk, reply = talking.answer(talk, waiting.place, given)
        if reply.answer and reply.answer.concern:
            worry = ""
    if worry == "asks for a person":
        asking_for_a_person.ask(talk, made_up.ASKED, made_up.REACHED)


def _given(
    chance: random.Random, talk: Talk, turn: Turn, mood: Mood, worry: str
) -> Given:
    if turn.worry:
        return _to_a_worried_bot(turn.worry)
    worried = _worrying(turn, talk.voice, worry)
    if worried is not None:
        return worried
    if chance.random() < 0.06:
        return chance.choice(list(Silence))
    return _ordinary(chance, talk, turn, mood)


def _to_a_worried_bot(worry: Worry) -> Given:
    answers: Mapping[Worry, Given] = {
        Worry.CHECK_IN: Chosen(("pass-on",)),
        Worry.SAFE_NOW: Chosen(("yes",)),
        Worry.ADD: Written(made_up.ADDED),
        Worry.REACH: Written(made_up.REACHED),
        Worry.NEXT: Chosen(("carry-on",)),
    }
    return answers[worry]


def _worrying(turn: Turn, voice: Voice, worry: str) -> Given | None:
    """The answer that raises this talk's flag, if this is the place for it."""
    level = {"not safe today": "now", "not safe": "concern", "check": "check"}
    if worry == "written" and turn.step.kind is Kind.WRITE and not turn.step.short:
        return Written(made_up.WRITTEN)
    for option in turn.step.options_for(voice):
        if option.safeguard and option.safeguard.level == level.get(worry):
            return Chosen((option.id,))
    return None


def _ordinary(chance: random.Random, talk: Talk, turn: Turn, mood: Mood) -> Given:
    step = turn.step
    safe = [o.id for o in step.options_for(talk.voice) if o.safeguard is None]
    match step.kind:
        case Kind.WRITE:
            return Written("Home" if step.short else chance.choice(mood.texts))
        case Kind.SORT:
            last = len(step.piles) - 1
            return Sorted(
                tuple(
                    (card, step.piles[_leaning(chance, mood, last)].id) for card in safe
                )
            )
        case Kind.PEOPLE:
            kinds = chance.sample(safe, chance.randint(1, made_up.NO_MORE_THAN))
            named = [(kind, chance.choice(made_up.NAMES)) for kind in kinds]
            return Named(name_people(named, ()))
        case Kind.SCALE:
            return Chosen((safe[_leaning(chance, mood, len(safe) - 1)],))
        case _:
            return Chosen((chance.choice(safe),))


def _leaning(chance: random.Random, mood: Mood, last: int) -> int:
    """A point between the best (0) and the last, near where this mood leans."""
    near = mood.leaning * last + chance.gauss(0, 0.7)
    return min(last, max(0, round(near)))


def _work_the_desk(store: Store, password: str, now: datetime) -> None:
    """Flags at different stages: two taken on, one opened, the others waiting."""
    token = signing_in.sign_in(store, "dee", password, now=now)
    me = signing_in.who(store, token, seen=int(now.timestamp()), now=now)
    assert me is not None  # noqa: S101 - they have just signed in
    waiting = duty_desk.waiting(store, me)
    for taken in waiting[-3:]:
        duty_desk.open_(store, me, taken.flag.id, now=now)
    for taken in waiting[-2:]:
        duty_desk.acknowledge(store, me, taken.flag.id, now=now)
    signing_in.sign_out(store, token)
