"""The concern form, as national guidance has it (domain 4.7): its groups and fields.

The child's own words are no field: they are shown and printed as they were said, and
nobody can change them. What is not known stays empty; only four things must be said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def _(words: str) -> str:
    """Offered to translators here, translated where it is shown."""
    return words


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    TIME = "time"
    DAY = "day"


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """`needed`: part of the minimum without which nothing is handed over."""

    id: str
    label: str
    kind: Kind = Kind.LINE
    options: Options = ()
    needed: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    fields: tuple[Field, ...]


class About(StrEnum):
    """Whom the flag may be about, of those with a duty to the child."""

    NOBODY = "nobody"
    WORKER = "worker"
    CARER = "carer"
    VOLUNTEER = "volunteer"
    INSPECTOR = "inspector"
    LOCAL_LEAD = "local-lead"
    NOT_SURE = "not-sure"


LOCAL_LEAD = "local-lead"
"""The role of the usual address."""
_YES_NO: Options = (("yes", _("Yes")), ("no", _("No")), ("not-known", _("Not known")))
_ROLES: Options = (
    (LOCAL_LEAD, _("Local lead")),
    ("police", _("Police")),
    ("out-of-hours", _("Social work, out of hours")),
    ("adult-protection", _("Adult protection")),
    ("other", _("Somebody else")),
)
_MEANS: Options = (
    ("phone", _("By phone")),
    ("mail", _("By secure e-mail")),
    ("in-person", _("In person")),
    ("other", _("Another way")),
)
_ABOUT: Options = (
    (About.NOBODY, _("No")),
    (About.WORKER, _("Somebody who works with the child")),
    (About.CARER, _("Somebody who cares for the child")),
    (About.VOLUNTEER, _("A volunteer of the inspection")),
    (About.INSPECTOR, _("An inspector")),
    (About.LOCAL_LEAD, _("The local lead, or somebody in their team")),
    (About.NOT_SURE, _("Not sure")),
)
_AGES: Options = (
    ("not-known", _("Not known")),
    ("under-16", _("Under 16")),
    ("16-17", _("16 or 17")),
    ("18-plus", _("18 or over")),
)
_CHECKED: Options = (
    ("nobody", _("None of them is meant, nor close to whoever is")),
    ("kept", _("Whoever is meant, or close to them, has been kept from it")),
)


def _text(id: str, label: str, hint: str = "") -> Field:
    return Field(id, label, Kind.TEXT, hint=hint)


def _choice(id: str, label: str, options: Options, *, needed: bool = False) -> Field:
    return Field(id, label, Kind.CHOICE, options, needed)


_TO_WHOM = (
    _choice("about", _("Is it about somebody with a duty to the child?"), _ABOUT),
    _choice("age", _("How old is the child?"), _AGES),
    Field("to", _("Handed over to (name)"), needed=True),
    _choice("role", _("Who they are"), _ROLES, needed=True),
    _choice("means", _("By what means"), _MEANS, needed=True),
    Field("at", _("When"), Kind.TIME, needed=True),
    Field("contact", _("Their phone or address")),
    _text(
        "safe-because",
        _("Why it is safe to hand it to them"),
        _("Needed when it may be about somebody with a duty to the child."),
    ),
    Field(
        "checked",
        _("Have you checked who can open this flag?"),
        Kind.CHOICE,
        _CHECKED,
        hint=_("Needed when it may be about an inspector. Their names are below."),
    ),
)
_REPORTER = (
    Field("reporter", _("Name")),
    Field("reporter-role", _("Role")),
    Field("reporter-contact", _("How to reach you")),
    Field("arose", _("How the concern arose")),
    Field("since", _("When it first came to light")),
)
_CHILD = (
    Field("name", _("Name")),
    Field("born", _("Age or date of birth")),
    Field("address", _("Address")),
    Field("code", _("Number of their card")),
    Field("school", _("School or nursery")),
    Field("language", _("Language, culture, how they communicate, interpreter")),
    _choice("register", _("On the Child Protection Register?"), _YES_NO),
    Field("legal", _("Legal status, such as a supervision order")),
    Field("workers", _("Named person, lead professional, social worker")),
)
_FAMILY = (
    _text("parents", _("Names, address, phone")),
    _text("others", _("Other children in the home")),
)
_CONCERN = (
    Field("category", _("What kind of concern")),
    _text(
        "happened",
        _("What happened, when and where"),
        _("Only as far as it was volunteered. Their own words are above."),
    ),
    Field("pattern", _("Once, or again and again?")),
)
_NOW = (
    _text("where", _("Where the child is, and who is there")),
    _choice("safe", _("Safe now?"), _YES_NO),
    _text("injuries", _("Injuries, or need of a doctor")),
    _text("feeling", _("How they are, and what would reassure them")),
    _choice("unaided", _("Can they speak for themselves, unaided?"), _YES_NO),
)
_RESPONSIBLE = (
    _text("who", _("Name, address, occupation, relationship")),
    _text("access", _("Access to this or other children")),
    _text("known-risk", _("Any risk that is known")),
)
_RISKS = (_text("risks", _("Disability, pregnancy, online, missing, adults at risk")),)
_VIEWS = (
    _text("wants", _("What the child wants")),
    _text("told", _("What they have been told")),
    _choice("parents-told", _("Have parents been told?"), _YES_NO),
    _text("why-not", _("If not, why"), _("To tell them may raise the risk.")),
)
_DONE = (
    _text("calls", _("Calls to 999 or 101, incident numbers, times")),
    _text("advice", _("Advice asked or given, by whom")),
)
GROUPS = (
    Group("to-whom", _("To whom, how and when"), _TO_WHOM),
    Group("reporter", _("Who reports it"), _REPORTER),
    Group("child", _("The child, as far as known"), _CHILD),
    Group("family", _("Parents and carers, as far as known"), _FAMILY),
    Group("concern", _("The concern"), _CONCERN),
    Group("now", _("Now"), _NOW),
    Group(
        "responsible", _("Who is believed responsible, as far as known"), _RESPONSIBLE
    ),
    Group("other-risk", _("Other risks"), _RISKS),
    Group("views", _("What the child wants, and what they have been told"), _VIEWS),
    Group("done", _("Done so far"), _DONE),
)
FIELDS: Mapping[str, Field] = {
    field.id: field for group in GROUPS for field in group.fields
}

_DECISIONS: Options = (
    ("accepted", _("They take it on")),
    ("advice", _("They gave advice")),
    ("no action", _("Nothing further, with a reason")),
)
RECEIPT = (
    Field("by", _("Received by (name)"), needed=True),
    Field("by-role", _("Who they are"), needed=True),
    Field("received-at", _("When"), Kind.TIME, needed=True),
    _choice("decision", _("What they decided"), _DECISIONS, needed=True),
    _text("reason", _("Their reason")),
    _text("feedback", _("What the child will be told, by whom and when")),
    Field("review", _("Look at it again on"), Kind.DAY),
)
RECEIPT_FIELDS: Mapping[str, Field] = {field.id: field for field in RECEIPT}


def said(field: Field, value: str) -> str:
    """A value as a person reads it: the words of an option, a time without its T."""
    if field.options:
        return dict(field.options).get(value, value)
    return value.replace("T", " ", 1) if field.kind is Kind.TIME else value


def filled(group: Group, form: Mapping[str, str]) -> list[tuple[Field, str]]:
    """What has been said in one group, as a person reads it."""
    return [
        (each, said(each, form[each.id])) for each in group.fields if form.get(each.id)
    ]


def left_empty(form: Mapping[str, str]) -> list[str]:
    """The labels of what is not known of the concern itself."""
    _to_whom, *concern = GROUPS
    fields = [each for group in concern for each in group.fields]
    return [each.label for each in fields if not form.get(each.id)]
