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
from engage.services.channels import push, webhook
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
_UK = 44
MOST = 10
"""Addresses of one person, or hubs of one inspection."""


class NotAnAddress(Exception):
    """This cannot be an address of its channel."""


class TooMany(Exception):
    """They have as many as anybody needs."""


class NotTheirs(Exception):
    """No such address, or another's."""


@dataclass(frozen=True, slots=True)
class Hub:
    """The hubs of an inspection that this person leads."""

    inspection: Inspection
    contacts: tuple[Contact, ...]


def mine(store: Store, me: SignedIn) -> tuple[Contact, ...]:
    """Their own addresses, in the order in which they are tried."""
    with store.read() as db:
        return contacts.of_staff(db, me.id)


def hubs(store: Store, me: SignedIn) -> tuple[Hub, ...]:
    """The hubs of the inspections that this person leads."""
    with store.read() as db:
        return _hubs(db, me)


def add_mail(
    store: Store, me: SignedIn, channel: str, typed: str, now: datetime
) -> None:
    """Add a mail address (`channel`: mail or notify-mail).

    Raises:
        NotAnAddress, AlreadyThere, TooMany: see there.
    """
    typed = typed.strip()
    try:
        address = Address(addr_spec=typed)
    except (ValueError, IndexError, MessageError):
        raise NotAnAddress from None
    # Many servers cannot send to other letters, and would say so only at the alarm.
    if not typed.isascii() or "." not in address.domain or len(typed) > LONGEST:
        raise NotAnAddress
    _add(store, me, NewContact(channel=channel, address=typed, staff=me.id), now)


def add_phone(store: Store, me: SignedIn, typed: str, now: datetime) -> None:
    """Add a UK mobile number, kept as +447…. Raises as `add_mail`."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise NotAnAddress from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotAnAddress
    if phonenumbers.number_type(number) not in _MOBILE or number.country_code != _UK:
        raise NotAnAddress
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    _add(store, me, NewContact(channel="sms", address=kept, staff=me.id), now)


def add_push(
    store: Store,
    me: SignedIn,
    channels: Channels,
    endpoint: str,
    keys: Mapping[str, str],
    now: datetime,
) -> None:
    """Add this very device, as its browser says. Raises as `add_mail`."""
    if not push.allowed(channels, endpoint) or not push.sound(keys):
        raise NotAnAddress
    if len(endpoint) > 2 * LONGEST:
        raise NotAnAddress
    kept = {name: keys[name] for name in push.KEYS}
    new = NewContact(channel="push", address=endpoint, staff=me.id, keys=kept)
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
        NotTheirs, NotAnAddress, AlreadyThere, TooMany: see there.
    """
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
    with store.begin() as db:
        gone = _theirs(db, me, number)
        contacts.remove(db, number)
        _journal(db, Verb.CONTACT_REMOVED, me, gone, {}, now)


def up(store: Store, me: SignedIn, number: int) -> None:
    """Try it one place earlier. Raises `NotTheirs`; see there."""
    with store.begin() as db:
        order = [each.id for each in contacts.of_staff(db, me.id)]
        if number not in order:
            raise NotTheirs
        at = order.index(number)
        if at:
            order[at - 1], order[at] = order[at], order[at - 1]
        for place, each in enumerate(order, 1):
            contacts.put_at(db, each, place)


def test(
    store: Store, me: SignedIn, channels: Channels, number: int, now: datetime
) -> str:
    """Send a test at once. What stood in its way, in words; empty if nothing did.

    An address that had refused is used again if this gets through, and the other way
    round.

    Raises:
        NotTheirs: see there.
    """
    with store.read() as db:
        chosen = _theirs(db, me, number)
    outcome, why = _try(channels, chosen, now)
    with store.begin() as db:
        if outcome != "failed":
            contacts.refused(db, number, now if why else None, why)
        verb = Verb.NOT_SENT if why else Verb.SENT
        _journal(db, verb, me, chosen, {"step": "test", "outcome": outcome}, now)
    return why


def _try(channels: Channels, to: Contact, now: datetime) -> tuple[str, str]:
    """What came of it, in a word and in words."""
    key = f"engage-test-{to.id}-{now.timestamp():.0f}"
    said = Notice("TEST", Level.CONCERN, now, "test", address=channels.address, key=key)
    try:
        send(channels, to.channel, to.address, to.keys, said)
    except Refused as refused:
        return "refused", str(refused)
    except Failed as failed:
        return "failed", str(failed)
    return "sent", ""


def _theirs(db: Connection, me: SignedIn, number: int) -> Contact:
    held = [*contacts.of_staff(db, me.id)]
    for hub in _hubs(db, me):
        held += hub.contacts
    found = next((each for each in held if each.id == number), None)
    if found is None:
        raise NotTheirs
    return found


def _hubs(db: Connection, me: SignedIn) -> tuple[Hub, ...]:
    if me.role is not Role.LEAD:
        return ()
    return tuple(
        Hub(each, contacts.of_inspection(db, each.id))
        for each in inspections.of_staff(db, me.id)
    )


def _add(store: Store, me: SignedIn, new: NewContact, now: datetime) -> None:
    with store.begin() as db:
        if new.inspection is None:
            held = contacts.of_staff(db, me.id)
        elif all(each.inspection.id != new.inspection for each in _hubs(db, me)):
            raise NotTheirs
        else:
            held = contacts.of_inspection(db, new.inspection)
        if len(held) >= MOST:
            raise TooMany
        contacts.add(db, new)
        _journal(db, Verb.CONTACT_ADDED, me, new, {}, now)


def _journal(
    db: Connection,
    verb: Verb,
    me: SignedIn,
    about: Contact | NewContact,
    more: Mapping[str, str],
    now: datetime,
) -> None:
    detail = {"channel": about.channel, **more}
    journal.write(
        db, verb, at=now, staff=me.id, inspection=about.inspection, detail=detail
    )
