"""Read what is typed into the forms of the rota, and say what is wrong with it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import flask_babel

from engage.core.duty.clock import Limits
from engage.core.duty.planning import BadShift, Problem, shift_on
from engage.core.duty.rota import Shift, Span
from engage.core.people import StaffId
from engage.core.safeguarding.clock import SCOTLAND, Cover
from engage.core.safeguarding.concerns import Level
from engage.services.rota import Run
from engage.services.rota_rules import TIMED
from engage.web.i18n import gettext as _

PLACES = (1, 2, 3, 4)
_YEARS = range(2000, 2100)
_LONGEST = 9
"""Digits of any number that somebody could mean."""
Form = Mapping[str, str]


class Unreadable(Exception):
    """A field is empty, or not what belongs there."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def day(form: Form, name: str) -> date:
    """Raises `Unreadable`; see there."""
    try:
        found = datetime.strptime(form.get(name, ""), "%Y-%m-%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise Unreadable(name) from None
    if found.year not in _YEARS:
        raise Unreadable(name)
    return found


def shift(form: Form) -> Shift:
    """Raises `Unreadable` or `BadShift`; see there."""
    return shift_on(
        day(form, "day"),
        _time(form, "starts"),
        _time(form, "ends"),
        StaffId(_number(form, "who")),
        _place(form),
    )


def run(form: Form) -> Run:
    """Raises `Unreadable`; see there."""
    return Run(
        day(form, "first"),
        day(form, "last"),
        StaffId(_number(form, "who")),
        _place(form),
    )


def taken(form: Form) -> Shift:
    """A shift that was taken off, exactly as it was. Raises `Unreadable`; see there."""
    try:
        span = Span(
            datetime.fromisoformat(form.get("starts", "")),
            datetime.fromisoformat(form.get("ends", "")),
        )
    except (ValueError, OverflowError):
        raise Unreadable("starts") from None
    return Shift(StaffId(_number(form, "who")), span, _place(form))


def hours(form: Form, days: list[str]) -> Cover:
    """Raises `Unreadable`; see there."""
    opens, closes = _time(form, "opens"), _time(form, "closes")
    chosen = tuple(number for number in range(7) if str(number) in days)
    if not chosen or len(chosen) != len(set(days)):
        raise Unreadable("days")
    if opens >= closes:
        raise Unreadable("closes")
    return Cover(chosen, opens, closes)


def limits(form: Form) -> Limits:
    """Raises `Unreadable`; see there."""
    acknowledge, hand_over = (
        {
            level: timedelta(minutes=_number(form, f"{what}-{level.value}"))
            for level in TIMED
        }
        for what in ("acknowledge", "hand-over")
    )
    return Limits(acknowledge, hand_over)


def minutes(set_now: Limits) -> dict[str, int]:
    """What the fields for limits hold."""
    held = {"acknowledge": set_now.acknowledge, "hand-over": set_now.hand_over}
    return {
        f"{what}-{level.value}": limit[level] // timedelta(minutes=1)
        for what, limit in held.items()
        for level in (Level.NOW, Level.CONCERN)
    }


def what_belongs(field: str) -> str:
    """What to type into a field that held something else, or nothing."""
    time_ = _("Give a time, such as 09:00.")
    return {
        "day": _("Choose a day."),
        "first": _("Choose the first day."),
        "last": _("Choose the last day."),
        "starts": time_,
        "ends": time_,
        "opens": time_,
        "closes": _("Give a time that is later than the one before."),
        "days": _("Choose at least one day."),
        "who": _("Choose who it is."),
        "place": _("Choose in which place they are told."),
    }.get(field) or limits_are()


def limits_are() -> str:
    return _(
        "Give whole minutes, from 1 to 4,320 (three days). “Now” may not take longer "
        "than a concern."
    )


def field_of(bad: BadShift, form: Form) -> str:
    """Beside which field what is wrong is said; in a run, its last day is typed."""
    night = "starts" if form.get("starts", "").startswith("01:") else "ends"
    day_typed = "last" if "last" in form else "day"
    return {
        Problem.NO_SUCH_TIME: night,
        Problem.SAME_TIME: "ends",
        Problem.OVERLAPS_OWN: "who",
        Problem.PLACE_TAKEN: "place",
    }.get(bad.problem, day_typed)


def problem(bad: BadShift) -> str:
    """What is wrong, and what to do about it."""
    on = day_name(bad.day) if bad.day else ""
    return {
        Problem.BACKWARDS: _("The last day comes before the first. Swap them."),
        Problem.NO_SUCH_TIME: _(
            "That night the clocks go forward: there is no time between 01:00 and "
            "02:00. Choose an earlier or a later one."
        ),
        Problem.SAME_TIME: _(
            "It begins and ends at the same time. Change one of the two."
        ),
        Problem.OVERLAPS_OWN: _(
            "They are on duty already in part of that time (%(day)s). Take that shift "
            "off first, or choose other times.",
            day=on,
        ),
        Problem.PLACE_TAKEN: _(
            "Somebody else is told in this place in part of that time (%(day)s). "
            "Choose another place, or other times.",
            day=on,
        ),
        Problem.IN_THE_PAST: _("That is over. Choose a time to come."),
        Problem.TOO_FAR: _(
            "That is more than two years ahead, or a run of more than a year. Check "
            "the year."
        ),
    }[bad.problem]


def day_name(of: date) -> str:
    """Mon 23 Nov."""
    return str(flask_babel.format_date(of, "EEE d MMM"))


def whole_day(of: date) -> str:
    """Monday 23 November 2026."""
    return str(flask_babel.format_date(of, "EEEE d MMMM y"))


def clock(at: datetime) -> str:
    """13:00, by Scotland's clock."""
    return f"{at.astimezone(SCOTLAND):%H:%M}"


def weekday(number: int) -> str:
    """Monday is 0."""
    return str(flask_babel.format_date(date(2024, 1, 1 + number), "EEEE"))


def _time(form: Form, name: str) -> time:
    try:
        return datetime.strptime(form.get(name, ""), "%H:%M").time()  # noqa: DTZ007 - a wall clock's
    except ValueError:
        raise Unreadable(name) from None


def _number(form: Form, name: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        raise Unreadable(name)
    return int(text)


def _place(form: Form) -> int:
    place = _number(form, "place")
    if place not in PLACES:
        raise Unreadable("place")
    return place
