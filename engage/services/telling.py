"""How somebody is told of flags: their addresses, in the order they are tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address

import phonenumbers

from engage.core.duty.journal import Verb
from engage.core.duty.notices import Notice
from engage.core.people import InspectionId, Role
from engage.core.safeguarding.concerns import Level
from engage.services.channels import webhook
from engage.services.channels.sending import Channels, Failed, Refused, send
from engage.services.signing_in import SignedIn
from engage.store import contacts, inspections, journal
from engage.store.contacts import AlreadyThere as AlreadyThere
from engage.store.contacts import Contact, NewContact
from engage.store.engine import Connection, Store
from engage.store.inspections import Inspection

LONGEST = 500
_MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}
_KEYS = ("p256dh", "auth")


class NotAnAddress(Exception):
    """This cannot be an address of its channel."""


class NotTheirs(Exception):
    """No such address, or another's."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub of an inspection that this person leads."""

    inspection: Inspection
    contacts: tuple[Contact, ...]


def mine(store: Store, me: SignedIn) -> tuple[Contact, ...]:
    """Their own addresses, in the order in which they are tried."""
    with store.read() as db:
        return contacts.of_staff(db, me.id)


def hubs(store: Store, me: SignedIn) -> tuple[Hub, ...]:
    """The hubs of the inspections that this person leads."""
    if me.role is not Role.LEAD:
        return ()
    with store.read() as db:
        return tuple(
            Hub(each, contacts.of_inspection(db, each.id))
            for each in inspections.of_staff(db, me.id)
        )


def add_mail(
    store: Store, me: SignedIn, channel: str, typed: str, now: datetime
) -> None:
    """Add a mail address (`channel`: mail or notify-mail).

    Raises:
        NotAnAddress, AlreadyThere: see there.
    """
    typed = typed.strip()
    try:
        address = Address(addr_spec=typed)
    except (ValueError, IndexError, MessageError):
        raise NotAnAddress from None
    if "." not in address.domain or len(typed) > LONGEST:
        raise NotAnAddress
    _add(store, me, NewContact(channel=channel, address=typed, staff=me.id), now)


def add_phone(store: Store, me: SignedIn, typed: str, now: datetime) -> None:
    """Add a mobile number, kept as +447…. Raises as `add_mail`."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise NotAnAddress from None
    if not phonenumbers.is_valid_number(number):
        raise NotAnAddress
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NotAnAddress
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    _add(store, me, NewContact(channel="sms", address=kept, staff=me.id), now)


def add_push(
    store: Store, me: SignedIn, endpoint: str, keys: Mapping[str, str], now: datetime
) -> None:
    """Add this very device. Raises as `add_mail`."""
    given = {name: keys.get(name, "") for name in _KEYS}
    if not endpoint.startswith("https://") or not all(given.values()):
        raise NotAnAddress
    if len(endpoint) > 2 * LONGEST or max(map(len, given.values())) > LONGEST:
        raise NotAnAddress
    new = NewContact(channel="push", address=endpoint, staff=me.id, keys=given)
    _add(store, me, new, now)


def add_hub(
    store: Store,
    me: SignedIn,
    channels: Channels,
    inspection: InspectionId,
    typed: str,
    now: datetime,
) -> None:
    """Add a hub to an inspection that they lead.

    Raises:
        NotTheirs, NotAnAddress, AlreadyThere: see there.
    """
    if all(each.inspection.id != inspection for each in hubs(store, me)):
        raise NotTheirs
    typed = typed.strip()
    try:
        webhook.allowed(channels, typed)
    except Refused:
        raise NotAnAddress from None
    if len(typed) > LONGEST:
        raise NotAnAddress
    new = NewContact(channel="webhook", address=typed, inspection=inspection)
    _add(store, me, new, now)


def remove(store: Store, me: SignedIn, number: int, now: datetime) -> None:
    """Raises `NotTheirs`; see there."""
    gone = _theirs(store, me, number)
    with store.begin() as db:
        contacts.remove(db, number)
        _journal(db, Verb.CONTACT_REMOVED, me, gone.channel, gone.inspection, now)


def up(store: Store, me: SignedIn, number: int) -> None:
    """Try it one place earlier. Raises `NotTheirs`; see there."""
    _theirs(store, me, number)
    order = [each.id for each in mine(store, me)]
    if number in order[1:]:
        at = order.index(number)
        order[at - 1], order[at] = order[at], order[at - 1]
    with store.begin() as db:
        for place, each in enumerate(order, 1):
            contacts.put_at(db, each, place)


def test(
    store: Store, me: SignedIn, channels: Channels, number: int, now: datetime
) -> str:
    """Send a test at once. What stood in its way, in words; empty if nothing did.

    Raises:
        NotTheirs: see there.
    """
    chosen = _theirs(store, me, number)
    said = Notice("TEST", Level.CONCERN, now, "test", address=channels.address)
    why = ""
    try:
        send(channels, chosen.channel, chosen.address, chosen.keys, said)
    except Refused as refused:
        why = str(refused)
    except Failed as failed:
        return str(failed)
    with store.begin() as db:
        contacts.refused(db, number, now if why else None, why)
    return why


def _theirs(store: Store, me: SignedIn, number: int) -> Contact:
    held = [*mine(store, me)]
    for hub in hubs(store, me):
        held += hub.contacts
    found = next((each for each in held if each.id == number), None)
    if found is None:
        raise NotTheirs
    return found


def _add(store: Store, me: SignedIn, new: NewContact, now: datetime) -> None:
    with store.begin() as db:
        contacts.add(db, new)
        _journal(db, Verb.CONTACT_ADDED, me, new.channel, new.inspection, now)


def _journal(
    db: Connection,
    verb: Verb,
    me: SignedIn,
    channel: str,
    inspection: InspectionId | None,
    now: datetime,
) -> None:
    detail = {"channel": channel}
    journal.write(db, verb, at=now, staff=me.id, inspection=inspection, detail=detail)
