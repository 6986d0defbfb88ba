"""The hand-over of a flag: a concern form, as national guidance has it (domain 4.7).

The child's own words are no field: they are shown and printed as they were said, and
nobody can change them. What is not known stays empty; only four things must be said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.core.safeguarding.clock import SCOTLAND

LONGEST = 5000


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    TIME = "time"
    DAY = "day"


class Problem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too-long"
    NOT_OFFERED = "not-offered"
    NOT_A_TIME = "not-a-time"
    IN_THE_FUTURE = "in-the-future"


@dataclass(frozen=True, slots=True)
class Field:
    """`needed`: part of the minimum without which nothing is handed over."""

    id: str
    label: str
    kind: Kind = Kind.LINE
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    fields: tuple[Field, ...]


_YES_NO = (("yes", "Yes"), ("no", "No"), ("not-known", "Not known"))
ROLES = (
    ("local-lead", "Local lead"),
    ("police", "Police"),
    ("out-of-hours", "Social work, out of hours"),
    ("adult-protection", "Adult protection"),
    ("other", "Somebody else"),
)
MEANS = (
    ("phone", "By phone"),
    ("mail", "By secure e-mail"),
    ("in-person", "In person"),
    ("other", "Another way"),
)
ABOUT = (
    ("nobody", "No"),
    ("worker", "Somebody who works with the child"),
    ("carer", "Somebody who cares for the child"),
    ("volunteer", "A volunteer of the inspection"),
    ("inspector", "An inspector"),
    ("local-lead", "The local lead, or somebody in their team"),
    ("not-sure", "Not sure"),
)
AGES = (
    ("not-known", "Not known"),
    ("under-16", "Under 16"),
    ("16-17", "16 or 17"),
    ("18-plus", "18 or over"),
)

TO_WHOM = Group(
    "to-whom",
    "To whom, how and when",
    (
        Field(
            "about",
            "Is it about somebody with a duty to the child?",
            Kind.CHOICE,
            ABOUT,
        ),
        Field("age", "How old is the child?", Kind.CHOICE, AGES),
        Field("to", "Handed over to (name)", needed=True),
        Field("role", "Who they are", Kind.CHOICE, ROLES, needed=True),
        Field("means", "By what means", Kind.CHOICE, MEANS, needed=True),
        Field("at", "When", Kind.TIME, needed=True),
        Field("contact", "Their phone or address"),
        Field(
            "safe-because",
            "Why it is safe to hand it to them",
            Kind.TEXT,
            hint="Needed when it may be about somebody with a duty to the child.",
        ),
    ),
)
GROUPS = (
    TO_WHOM,
    Group(
        "reporter",
        "Who reports it",
        (
            Field("reporter", "Name"),
            Field("reporter-role", "Role"),
            Field("reporter-contact", "How to reach you"),
            Field("arose", "How the concern arose"),
        ),
    ),
    Group(
        "child",
        "The child, as far as known",
        (
            Field("name", "Name"),
            Field("born", "Age or date of birth"),
            Field("address", "Address"),
            Field("school", "School or nursery"),
            Field("language", "Language, culture, how they communicate, interpreter"),
            Field(
                "register", "On the Child Protection Register?", Kind.CHOICE, _YES_NO
            ),
            Field("legal", "Legal status, such as a supervision order"),
            Field("workers", "Named person, lead professional, social worker"),
        ),
    ),
    Group(
        "family",
        "Parents and carers, as far as known",
        (
            Field("parents", "Names, address, phone", Kind.TEXT),
            Field("others", "Other children in the home", Kind.TEXT),
        ),
    ),
    Group(
        "concern",
        "The concern",
        (
            Field("category", "What kind of concern"),
            Field(
                "happened",
                "What happened, when and where, only as far as it was volunteered",
                Kind.TEXT,
            ),
            Field("pattern", "Once, or again and again?"),
        ),
    ),
    Group(
        "now",
        "Now",
        (
            Field("where", "Where the child is", Kind.TEXT),
            Field("safe", "Safe now?", Kind.CHOICE, _YES_NO),
            Field("injuries", "Injuries, or need of a doctor", Kind.TEXT),
            Field("feeling", "How they are, and what would reassure them", Kind.TEXT),
        ),
    ),
    Group(
        "responsible",
        "Who is believed responsible, as far as known",
        (
            Field("who", "Name, address, occupation, relationship", Kind.TEXT),
            Field("access", "Access to this or other children", Kind.TEXT),
        ),
    ),
    Group(
        "other-risk",
        "Other risks",
        (
            Field(
                "risks",
                "Disability, pregnancy, online, missing, adults at risk",
                Kind.TEXT,
            ),
        ),
    ),
    Group(
        "views",
        "What the child wants, and what they have been told",
        (
            Field("wants", "What the child wants", Kind.TEXT),
            Field("told", "What they have been told", Kind.TEXT),
            Field("parents-told", "Have parents been told?", Kind.CHOICE, _YES_NO),
            Field("why-not", "If not, why (it may raise the risk)", Kind.TEXT),
        ),
    ),
    Group(
        "done",
        "Done so far",
        (
            Field("calls", "Calls to 999 or 101, incident numbers, times", Kind.TEXT),
            Field("advice", "Advice asked or given, by whom", Kind.TEXT),
        ),
    ),
)
FIELDS: Mapping[str, Field] = {
    field.id: field for group in GROUPS for field in group.fields
}

_TAKEN, _ADVICE = ("accepted", "They take it on"), ("advice", "They gave advice")
DECISIONS = (_TAKEN, _ADVICE, ("no action", "Nothing further, with a reason"))
RECEIPT = (
    Field("by", "Received by (name)", needed=True),
    Field("by-role", "Who they are", needed=True),
    Field("received-at", "When", Kind.TIME, needed=True),
    Field("decision", "What they decided", Kind.CHOICE, DECISIONS, needed=True),
    Field("reason", "Their reason", Kind.TEXT),
    Field("feedback", "What the child will be told, by whom and when", Kind.TEXT),
    Field("review", "Look at it again on", Kind.DAY),
)

Form = Mapping[str, str]


class Route(StrEnum):
    CHILD = "child protection"
    ADULT = "adult support and protection"


def routes(age: str) -> tuple[Route, ...]:
    """The roads that are open, nearest first: from 16 both are shown (domain 4.1)."""
    match age:
        case "under-16":
            return (Route.CHILD,)
        case "18-plus":
            return (Route.ADULT, Route.CHILD)
        case _:
            return (Route.CHILD, Route.ADULT)


def withheld(by_staff: bool, about: str) -> bool:
    """Whether the usual address must not be shown or filled in (requirement 6).

    `by_staff`: the detector saw that it may be about somebody who works with the
    child. Whoever reads it may say that it is not; "not sure" is not enough.
    """
    return about not in {"", "nobody"} or (by_staff and about != "nobody")


def problems(form: Form, now: datetime, *, careful: bool) -> dict[str, Problem]:
    """What stands in the way of handing over. `careful`: `withheld`."""
    found = {
        field.id: wrong
        for field in FIELDS.values()
        if (wrong := _wrong(field, form, now))
    }
    if careful and not form.get("safe-because", "").strip():
        found.setdefault("safe-because", Problem.MISSING)
    return found


def receipt_problems(form: Form, now: datetime) -> dict[str, Problem]:
    """What stands in the way of confirming the receipt."""
    found = {
        field.id: wrong for field in RECEIPT if (wrong := _wrong(field, form, now))
    }
    if form.get("decision") == "no action" and not form.get("reason", "").strip():
        found["reason"] = Problem.MISSING
    return found


def _wrong(field: Field, form: Form, now: datetime) -> Problem | None:
    value = form.get(field.id, "").strip()
    if not value:
        return Problem.MISSING if field.needed else None
    if len(value) > LONGEST:
        return Problem.TOO_LONG
    if field.options and value not in {option for option, _ in field.options}:
        return Problem.NOT_OFFERED
    return _untimely(field, value, now)


def _untimely(field: Field, value: str, now: datetime) -> Problem | None:
    try:
        if field.kind is Kind.TIME:
            return Problem.IN_THE_FUTURE if moment(value) > now else None
        if field.kind is Kind.DAY:
            date.fromisoformat(value)
    except ValueError:
        return Problem.NOT_A_TIME
    return None


def moment(value: str) -> datetime:
    """A time as a page gives it: Scotland's wall clock. Raises `ValueError`."""
    return datetime.fromisoformat(value).replace(tzinfo=SCOTLAND)


def as_typed(at: datetime) -> str:
    """`moment` the other way round, to the minute."""
    return at.astimezone(SCOTLAND).strftime("%Y-%m-%dT%H:%M")
