"""Who will see this, in words: made from the tables that choose the keys.

A reader who is not in the tables is never named, and one who is cannot be left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engage.core.people import Role
from engage.core.safeguarding.interruption import Findable
from engage.core.sealing.keys import OPENED_BY, Holder, Sealed
from engage.services.granting import HELD_BY
from engage.services.joining import Way
from engage.services.talking import NoTalk
from engage.web.i18n import gettext as _
from engage.web.young import holding


@dataclass(frozen=True)
class Row:
    what: str
    who: list[str]
    not_who: list[str]


CHILD = "child"
Reader = Role | str
"""A role of staff who hold a key, or the child."""


def who_opens(sealed: Sealed) -> frozenset[Reader]:
    """Everybody whose key opens this: the child, and the roles that hold a vault."""
    readers: set[Reader] = set()
    for holder in OPENED_BY[sealed]:
        readers |= {CHILD} if holder is Holder.CHILD else set(HELD_BY[holder])
    return frozenset(readers)


def called(reader: Reader) -> str:
    names: dict[Reader, Callable[[], str]] = {
        CHILD: lambda: _("You, on this device, until you leave"),
        Role.EVIDENCE: lambda: _("The inspectors whose job is to read this"),
        Role.DUTY: lambda: _("The duty inspector, a real person who looks out for you"),
        Role.LEAD: lambda: _("The person in charge of the inspection"),
        Role.ADMIN: lambda: _("The people who look after the computers"),
    }
    return names[reader]()


def readers() -> list[Row]:
    """What is kept, who can open it, and who can not."""
    return [
        _row(_("What you tell me"), Sealed.ANSWER, _never()),
        _row(
            _("If it sounds like someone is not safe: that part, and how to find you"),
            Sealed.FLAG,
            (),
            also=[_("Then the people here whose job is to keep you safe")],
        ),
        _row(
            _("If the duty inspector writes to you: that, and what you write back"),
            Sealed.MESSAGE,
            # What a child writes back is also a part of their flag, and goes with it.
            (),
            also=[_("Then the people here whose job is to keep you safe")],
        ),
    ]


def _row(
    what: str, sealed: Sealed, never: Iterable[str], also: Iterable[str] = ()
) -> Row:
    opens = who_opens(sealed)
    staff = [Role.EVIDENCE, Role.DUTY, Role.LEAD]
    order: list[Reader] = [CHILD, *staff]
    not_who = [called(each) for each in (*staff, Role.ADMIN) if each not in opens]
    who = [called(each) for each in order if each in opens]
    return Row(what, [*who, *also], [*not_who, *never])


def _never() -> list[str]:
    return [_("Your family, your school, or the people who work with you")]


def findable(way: Findable) -> str:
    """Whether anyone could find them by the way they came in (domain 2.6)."""
    match way:
        case Findable.CARD:
            return _(
                "We don’t know your name. Only the person who gave you your card does. "
                "If you may not be safe, they can tell the inspector who you are."
            )
        case Findable.GATHERING:
            return _(
                "We don’t know your name. If you may not be safe, people will know "
                "which get-together it was, but not which person."
            )
        case Findable.OPEN:
            return _(
                "We don’t know who you are, so we can’t find you. If you may not be "
                "safe, we ask if you want to leave a way to reach you."
            )


def findable_now(beginning: Way | None) -> str:
    """The sentence for whoever asks; empty before they have come in.

    `beginning`: how somebody came in who is about to begin. On a shared device the
    talk before theirs may still be open.
    """
    if beginning is not None:
        return findable(beginning.findable)
    try:
        return findable(holding.talk().findable)
    except NoTalk:
        way = holding.way()
        return findable(way.findable) if way else ""
