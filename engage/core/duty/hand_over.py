"""The hand-over of a flag: which roads are open, and what stands in the way."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from engage.core.duty.concern_form import (
    FIELDS,
    LOCAL_LEAD,
    RECEIPT_FIELDS,
    About,
    Field,
    Kind,
)
from engage.core.safeguarding.clock import SCOTLAND

LONGEST = 5000
"""Letters in one field."""
Form = Mapping[str, str]


class Problem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too-long"
    NOT_OFFERED = "not-offered"
    NOT_A_TIME = "not-a-time"
    IN_THE_FUTURE = "in-the-future"
    NOT_THEM = "not-them"
    """It may be about the very person it would be handed to."""


_NOT_KEPT = frozenset({Problem.TOO_LONG, Problem.NOT_OFFERED})
"""Problems with which a form cannot even be kept for later."""


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
    return about not in {"", About.NOBODY} or (by_staff and about != About.NOBODY)


def without_usual(form: Form, local: Form) -> dict[str, str]:
    """The form without the usual address, unless it says why that is safe.

    No reason makes it safe to hand to the local lead what is about them.

    Also of what was typed: it may have been filled in before it was said who it is
    about. `local`: the name and phone of the local lead.
    """
    kept = dict(form)
    about_them = kept.get("about") == About.LOCAL_LEAD
    if kept.get("safe-because", "").strip() and not about_them:
        return kept
    if kept.get("to", "").strip() in {"", local.get("name")}:
        kept.pop("to", None)
        if kept.get("role") == LOCAL_LEAD:
            kept.pop("role")
    if kept.get("contact", "").strip() == local.get("phone"):
        kept.pop("contact", None)
    return kept


def tidy(form: Form, names: Iterable[str]) -> dict[str, str]:
    """What is to be kept of it: known fields, not empty, with one kind of line end."""
    lines = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in names}
    return {name: value for name, value in lines.items() if value}


def problems(form: Form, now: datetime, *, careful: bool) -> dict[str, Problem]:
    """What stands in the way of handing over. `careful`: `withheld`.

    The form is `tidy`, as everywhere here.
    """
    found = _wrong_in(form, FIELDS, now)
    about = form.get("about")
    if careful and "safe-because" not in form:
        found.setdefault("safe-because", Problem.MISSING)
    if about == About.INSPECTOR and "checked" not in form:
        found.setdefault("checked", Problem.MISSING)
    if about == About.LOCAL_LEAD and form.get("role") == LOCAL_LEAD:
        found["role"] = Problem.NOT_THEM
    return found


def unkept(form: Form, now: datetime) -> dict[str, Problem]:
    """What cannot be kept even for later; all else may be unfinished."""
    found = _wrong_in(form, FIELDS, now)
    return {name: wrong for name, wrong in found.items() if wrong in _NOT_KEPT}


def receipt_problems(form: Form, now: datetime) -> dict[str, Problem]:
    """What stands in the way of confirming the receipt."""
    found = _wrong_in(form, RECEIPT_FIELDS, now)
    if form.get("decision") == "no action" and "reason" not in form:
        found["reason"] = Problem.MISSING
    return found


def changed(before: Form, after: Form, fields: Iterable[Field]) -> tuple[str, ...]:
    """The labels of what is not as it was."""
    return tuple(
        each.label for each in fields if before.get(each.id) != after.get(each.id)
    )


def _wrong_in(
    form: Form, fields: Mapping[str, Field], now: datetime
) -> dict[str, Problem]:
    return {
        field.id: wrong
        for field in fields.values()
        if (wrong := _wrong(field, form.get(field.id, ""), now))
    }


def _wrong(field: Field, value: str, now: datetime) -> Problem | None:
    if not value:
        return Problem.MISSING if field.needed else None
    if len(value) > LONGEST:
        return Problem.TOO_LONG
    if field.options and value not in dict(field.options):
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
    return datetime.strptime(value[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=SCOTLAND)


def as_typed(at: datetime) -> str:
    """`moment` the other way round, to the minute."""
    return at.astimezone(SCOTLAND).strftime("%Y-%m-%dT%H:%M")
