"""Who must not see a flag, because it may be about them or somebody they know."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from engage.core.people import FlagId, InspectionId, StaffId
from engage.store.desk_tables import barred
from engage.store.inserting import InsertUnlessThere
from engage.store.tables import flag, inspection_staff, vault_grant

_BAR = InsertUnlessThere(barred)
# Of those who could still open it: on the inspection, with its key, and not barred.
_READERS = (
    select(func.count())
    .select_from(vault_grant)
    .join(flag, flag.c.vault_id == vault_grant.c.vault_id)
    .join(
        inspection_staff,
        (inspection_staff.c.staff_id == vault_grant.c.staff_id)
        & (inspection_staff.c.inspection_id == flag.c.inspection_id),
    )
    .where(
        flag.c.id == bindparam("flag"),
        vault_grant.c.staff_id != bindparam("but"),
        vault_grant.c.staff_id.not_in(
            select(barred.c.staff_id).where(barred.c.flag_id == bindparam("flag"))
        ),
    )
)
_LIFT = delete(barred).where(
    barred.c.flag_id == bindparam("flag"), barred.c.staff_id == bindparam("who")
)
_ON = select(inspection_staff.c.staff_id).where(
    inspection_staff.c.inspection_id == bindparam("of"),
    inspection_staff.c.staff_id == bindparam("who"),
)


def bar(db: Connection, flag_id: FlagId, staff_id: StaffId, at: datetime) -> bool:
    """Whether it is new."""
    row = {"flag_id": flag_id, "staff_id": staff_id, "at": at}
    return _BAR.added(db, row)


def lift(db: Connection, flag_id: FlagId, staff_id: StaffId) -> bool:
    """Whether they were kept from it until now."""
    return db.execute(_LIFT, {"flag": flag_id, "who": staff_id}).rowcount == 1


def readers_but(db: Connection, flag_id: FlagId, staff_id: StaffId) -> int:
    """How many could still open it if this person could not."""
    values = {"flag": flag_id, "but": staff_id}
    number: int = db.execute(_READERS, values).scalar_one()
    return number


def works_on(db: Connection, inspection_id: InspectionId, staff_id: StaffId) -> bool:
    values = {"of": inspection_id, "who": staff_id}
    return db.execute(_ON, values).first() is not None
