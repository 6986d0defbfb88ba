"""Set up an inspection from the command line: what its pages cannot do yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from engage.core.people import InspectionId, StaffId
from engage.services import founding
from engage.store import inspections, staff
from engage.store.engine import Store, open_store
from engage.store.inspections import NewInspection
from engage.store.inspections import SlugTaken as SlugTaken
from engage.store.staff import NameTaken as NameTaken

SHORTEST_PASSWORD = 14
_LOCAL = {
    "lead_name": "name",
    "lead_phone": "phone",
    "out_of_hours": "out_of_hours",
}
_HOURS = {"days": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "17:00"}


class NoSuch(Exception):
    """Nobody, or no inspection, has this name: it is the message."""


def opened(url: str) -> Store:
    """The store of an installation, brought up to date."""
    store = open_store(url)
    store.migrate()
    return store


def add_inspection(
    store: Store,
    slug: str,
    people: Iterable[str],
    said: Mapping[str, str],
    now: datetime,
) -> InspectionId:
    """A closed inspection with its vaults and people.

    `said`: area, programme, script, lead_name, lead_phone, out_of_hours.

    Raises:
        NoSuch, SlugTaken: see there.
    """
    staff_ids = [_person(store, name.strip()) for name in people if name.strip()]
    new = NewInspection(
        slug=slug,
        programme=said["programme"],
        area=said["area"],
        script_id=said["script"],
        cover=_HOURS,
        local=_local(said),
        open=False,
    )
    return founding.found(store, new, staff_ids, now)


def number_of(store: Store, slug: str) -> InspectionId:
    """Raises `NoSuch`."""
    with store.read() as db:
        found = inspections.by_slug(db, slug)
    if found is None:
        raise NoSuch(slug)
    return found.id


def set_local(
    store: Store, number: InspectionId, said: Mapping[str, str | None]
) -> None:
    """Change what is given; leave the rest."""
    given = {name: value for name, value in said.items() if value is not None}
    with store.begin() as db:
        found = inspections.get(db, number)
        held = dict(found.local) if found else {}
        inspections.set_local(db, number, held | _local(given))


def _person(store: Store, name: str) -> StaffId:
    with store.read() as db:
        member = staff.by_name(db, name)
    if member is None:
        raise NoSuch(name)
    return member.id


def _local(said: Mapping[str, str]) -> dict[str, str]:
    return {_LOCAL[name]: value for name, value in said.items() if name in _LOCAL}
