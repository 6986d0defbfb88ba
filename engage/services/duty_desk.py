"""What the duty inspector sees: the desk with all flags, and one flag."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engage.core.people import FlagId, InspectionId, StaffId
from engage.core.safeguarding.flags import UNSETTLED, WAITING, Flag, Origin, Stage
from engage.core.sealing.keys import Holder
from engage.services import covering, dispatching, drilling, flag_notes
from engage.services.covering import OnDuty
from engage.services.dispatching import Health
from engage.services.drilling import Drill
from engage.services.flag_notes import Note
from engage.services.flag_notes import part_context as part_context
from engage.services.granting import vault_keys
from engage.services.signing_in import SignedIn
from engage.store import flags, inspections, notices, presences, staff
from engage.store import threads as kept_threads
from engage.store.engine import Store
from engage.store.inspections import Inspection
from engage.store.notices import Told

CLOSED_SHOWN = 50
_LOOKING = timedelta(seconds=20)
_TROUBLE_AFTER = timedelta(minutes=2)
"""A channel that could not deliver something for so long is shown on the desk."""


class NotThere(Exception):
    """No such flag, or this person may not see it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A flag on the desk. No word of the child's."""

    flag: Flag
    area: str
    joined: Mapping[str, str]
    """How the child came, if this person holds the key."""
    holder: str
    due_at: datetime | None
    """By when what comes next must have been done."""
    unread: int = 0
    """Messages from the child that nobody at the desk has seen."""

    @property
    def waits(self) -> bool:
        return self.flag.stage in WAITING


@dataclass(frozen=True, slots=True)
class Covered:
    inspection: Inspection
    on_duty: OnDuty
    drill: Drill | None
    """The last one."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel that does not deliver."""

    channel: str
    since: datetime
    notices: int


@dataclass(frozen=True, slots=True)
class Desk:
    waiting: tuple[Line, ...]
    in_hand: tuple[Line, ...]
    received: tuple[Line, ...]
    cover: tuple[Covered, ...]
    health: Health
    troubles: tuple[Trouble, ...]

    @property
    def version(self) -> str:
        """Changes when there is something else to see."""
        lines = (*self.waiting, *self.in_hand, *self.received)
        seen: list[object] = [
            (
                each.flag.id,
                each.flag.stage,
                each.flag.level,
                each.holder,
                each.flag.turns,
                each.unread,
            )
            for each in lines
        ]
        seen += [(each.inspection.id, each.on_duty, each.drill) for each in self.cover]
        seen += [self.health.well, [each.channel for each in self.troubles]]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]

    @property
    def newest(self) -> int:
        """The highest number of a flag that waits."""
        return max((each.flag.id for each in self.waiting), default=0)


@dataclass(frozen=True, slots=True)
class Opened:
    flag: Flag
    area: str
    local: Mapping[str, Any]
    notes: tuple[Note, ...]
    """Empty while nobody has opened it, and for who does not hold its key."""
    holds_key: bool
    altered: int
    """How many parts would not open: they are not what was sealed."""
    opened_by: str
    acknowledged_by: str
    taken_by: str
    told: tuple[Told, ...]
    due_at: datetime | None

    @property
    def drill(self) -> bool:
        return self.flag.origin is Origin.DRILL


def desk(store: Store, me: SignedIn, now: datetime, *, locked: bool = False) -> Desk:
    """All that is open in this person's inspections: worst first, then newest.

    `locked`: they have not been here for a while; nothing is opened with their key.
    """
    keys = {} if locked else vault_keys(store, me, Holder.DUTY)
    with store.read() as db:
        mine = {each.id: each for each in inspections.of_staff(db, me.id)}
        names = {
            member.id: member.called
            for number in mine
            for member in staff.of_inspection(db, number)
        }
        found = flags.on_desk(db, me.id)
        parts = {each.id: flags.parts(db, each.id)[:1] for each in found}
        stuck = notices.stuck(db, now - _TROUBLE_AFTER)
        unread = kept_threads.unread(db, me.id)
    lines = [
        Line(
            each,
            mine[each.inspection].area,
            flag_notes.joined(
                flag_notes.opened(each, parts[each.id], keys.get(each.vault))
            ),
            names.get(holder, "") if (holder := _holder(each)) else "",
            _due(each, mine[each.inspection]),
            unread.get(each.id, 0),
        )
        for each in found
    ]
    settled = [each for each in lines if each.flag.stage not in UNSETTLED]
    return Desk(
        tuple(each for each in lines if each.waits),
        tuple(each for each in lines if not each.waits and each not in settled),
        tuple(settled),
        tuple(
            Covered(
                each,
                covering.now_on_duty(store, each, now),
                drilling.last(store, each.id),
            )
            for each in mine.values()
            if each.open
        ),
        dispatching.health(store, now),
        tuple(Trouble(name, *since) for name, since in stuck.items()),
    )


def closed(store: Store, me: SignedIn) -> tuple[Flag, ...]:
    """The newest of those that are closed."""
    with store.read() as db:
        return flags.closed(db, me.id, CLOSED_SHOWN)


def read(store: Store, me: SignedIn, number: FlagId) -> Opened:
    """A flag, with its words once somebody has opened it.

    Raises:
        NotThere: see there.
    """
    keys = vault_keys(store, me, Holder.DUTY)
    flag = find(store, me, number)
    key = keys.get(flag.vault)
    with store.read() as db:
        parts = () if flag.stage is Stage.RAISED else flags.parts(db, flag.id)
        inspection = inspections.get(db, flag.inspection)
        names = _names(store, flag.inspection)
        told = notices.told(db, flag.id)
    notes = flag_notes.opened(flag, parts, key)
    return Opened(
        flag,
        inspection.area if inspection else "",
        inspection.local if inspection else {},
        notes,
        key is not None,
        0 if key is None else len(parts) - len(notes),
        names.get(flag.opened_by or StaffId(0), ""),
        names.get(flag.acknowledged_by or StaffId(0), ""),
        names.get(flag.taken_by or StaffId(0), ""),
        told,
        _due(flag, inspection) if inspection else None,
    )


def find(store: Store, me: SignedIn, number: FlagId) -> Flag:
    """A flag that this person may see.

    Raises:
        NotThere: see there.
    """
    with store.read() as db:
        flag = flags.get(db, number, me.id)
    if flag is None:
        raise NotThere
    return flag


def beside(
    store: Store, me: SignedIn, number: FlagId, now: datetime
) -> tuple[str, ...]:
    """Note that this person looks at a flag. Who else does at this moment?

    Raises:
        NotThere: see there.
    """
    find(store, me, number)
    with store.begin() as db:
        presences.seen(db, number, me.id, now)
        return presences.others(db, number, me.id, now - _LOOKING)


def _names(store: Store, inspection: InspectionId) -> dict[StaffId, str]:
    with store.read() as db:
        return {each.id: each.called for each in staff.of_inspection(db, inspection)}


def _holder(flag: Flag) -> StaffId | None:
    if flag.stage in WAITING:
        return None
    return flag.taken_by or flag.acknowledged_by


def _due(flag: Flag, inspection: Inspection) -> datetime | None:
    if flag.stage in WAITING:
        return flag.due_at
    if flag.stage not in UNSETTLED or flag.since is None:
        return None
    return flag.since + covering.limits_of(inspection).hand_over[flag.level]
