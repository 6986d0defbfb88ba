"""How things stand for somebody who is about to begin: is anybody there to read?"""

from dataclasses import dataclass
from datetime import datetime

from engage.core.people import InspectionId
from engage.services import covering, dispatching
from engage.store import inspections
from engage.store.engine import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """`told`: whether anything that is passed on reaches anybody at all just now."""

    told: bool
    covered: bool = True
    back_at: datetime | None = None
    """When somebody is on duty again; `None` while they are, or if nobody knows."""
    paused: bool = False
    """No talk begins while nobody is on duty."""
    out_of_hours: str = ""

    @property
    def quiet(self) -> bool:
        """Nothing needs to be said."""
        return self.told and self.covered


def at_the_door(store: Store, now: datetime) -> Standing:
    """Before it is known where somebody comes in."""
    return Standing(dispatching.health(store, now).well)


def of_inspection(store: Store, number: InspectionId, now: datetime) -> Standing:
    """For one inspection."""
    told = dispatching.health(store, now).well
    with store.read() as db:
        inspection = inspections.get(db, number)
    if inspection is None:
        return Standing(told)
    on_duty = covering.now_on_duty(store, inspection, now)
    covered = bool(on_duty.who)
    return Standing(
        told,
        covered,
        on_duty.back_at,
        inspection.pauses and not covered,
        str(inspection.local.get("out_of_hours", "")),
    )
