"""Once a day each lead is mailed the head of the journal, out of reach of the database.

Who was, the journal itself says. Two dispatchers at the same moment may mail it twice:
that proves no less.
"""

from dataclasses import dataclass
from datetime import datetime, time

from engage.core.duty.chain import Head
from engage.core.duty.journal import Verb
from engage.core.people import Role, StaffId
from engage.core.safeguarding.clock import SCOTLAND
from engage.services.channels import mail
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels
from engage.store import contacts, inspections, journal, staff
from engage.store.engine import Connection, Store

_TEXT = """\
Keep this message. It proves, later, that nobody has rewritten what was done.

The newest entry of the journal is number {number}. Its hash:

{hash}

Whoever looks after Engage can check at any time that nothing up to this entry was \
changed, removed, added or moved:

engage audit verify --head {number}:{hash}
"""


@dataclass(frozen=True, slots=True)
class HeadMail:
    """To be sent to one lead, as plain text."""

    staff: StaffId
    head: Head
    subject: str
    text: str


def due(store: Store, now: datetime) -> list[HeadMail]:
    """To whom today's head still has to go. The day is Scotland's."""
    today = now.astimezone(SCOTLAND).date()
    midnight = datetime.combine(today, time(), SCOTLAND)
    with store.read() as db:
        head = journal.head(db)
        if head is None:
            return []
        mailed = {each.staff for each in journal.since(db, Verb.HEAD_MAILED, midnight)}
        return [_mail(each, head) for each in _leads(db) if each not in mailed]


def send(store: Store, channels: Channels, now: datetime) -> None:
    """Mail today's head to every lead who has not had it, by their mail addresses."""
    if "mail" not in channels.available:
        return
    for each in due(store, now):
        with store.read() as db:
            theirs = contacts.of_staff(db, each.staff)
        addresses = [to.address for to in theirs if to.channel == "mail"]
        sent = [to for to in addresses if _sent(channels, to, each)]
        if sent:
            mailed(store, each, now)


def _sent(channels: Channels, to: str, head: HeadMail) -> bool:
    try:
        mail.send_text(channels, to, head.subject, head.text)
    except (Failed, Refused):
        return False
    return True


def mailed(store: Store, sent: HeadMail, now: datetime) -> None:
    """Write down that a mail server took it: none is due to them until tomorrow."""
    with store.begin() as db:
        journal.write(
            db,
            Verb.HEAD_MAILED,
            at=now,
            staff=sent.staff,
            detail={"number": sent.head.number},
        )


def _leads(db: Connection) -> list[StaffId]:
    """Of every inspection, closed ones too; each once."""
    found = {
        member.id: None
        for inspection in inspections.every(db)
        for member in staff.of_inspection(db, inspection.id)
        if member.role is Role.LEAD
    }
    return list(found)


def _mail(to: StaffId, head: Head) -> HeadMail:
    return HeadMail(
        to,
        head,
        f"Engage journal: entry {head.number}",
        _TEXT.format(number=head.number, hash=head.hash),
    )
