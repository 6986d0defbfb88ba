"""The rota: six weeks of who is on duty when, and how it is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engage.core.duty.planning import day_of, monday
from engage.core.people import Role, StaffId
from engage.services import letting_in
from engage.services import rota as rotas_
from engage.services.rota import BadLimits, BadShift, Gone, NotTheirs
from engage.web.access import allow, me
from engage.web.duty import rota_words as read
from engage.web.duty.rota_words import Unreadable
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("rota", __name__, url_prefix="/rota")

WEEKS = 6
_SAID = "rota"
"""Where the session keeps what was done until it has been said once."""
_SHIFT = "/<slug>/shifts/<int(max=2147483647):number>/remove"
Page = str | tuple[str, int] | Response
Said = dict[str, Any]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with which form, said beside its field."""

    form: str = ""
    field: str = ""
    words: str = ""


_NOTHING = Wrong()


@bp.app_errorhandler(NotTheirs)
def not_theirs(_error: NotTheirs) -> Page:
    # As if there were no such page: a 403 would confirm that it is there.
    return render_template("errors/404.html"), 404


@bp.get("")
@allow(Role.DUTY, Role.LEAD)
def rotas() -> Page:
    """Whoever works on one inspection need not choose."""
    staff = me()
    found = rotas_.mine(engage().store, staff)
    if len(found) == 1:
        return redirect(url_for(".rota", slug=found[0].slug))
    return render_template("duty/rotas.html", inspections=found, staff=staff)


@bp.get("/<slug>")
@allow(Role.DUTY, Role.LEAD)
def rota(slug: str) -> Page:
    return _page(slug, said=session.pop(_SAID, None))


@bp.post("/<slug>/shifts")
@allow(Role.DUTY, Role.LEAD)
def add(slug: str) -> Page:
    def make() -> Said:
        new = read.shift(request.form)
        is_new = rotas_.add(*_who(), slug, new, engage().now())
        return {"what": "added", "count": int(is_new)}

    return _change(slug, "one", make)


@bp.post("/<slug>/run")
@allow(Role.DUTY, Role.LEAD)
def add_run(slug: str) -> Page:
    def make() -> Said:
        count = rotas_.add_run(*_who(), slug, read.run(request.form), engage().now())
        return {"what": "run", "count": count}

    return _change(slug, "run", make)


@bp.post(_SHIFT)
@allow(Role.DUTY, Role.LEAD)
def remove(slug: str, number: int) -> Page:
    def make() -> Said:
        try:
            taken = rotas_.remove(*_who(), slug, number, engage().now())
        except Gone:
            return {"what": "gone"}
        back = {
            "who": taken.staff,
            "starts": taken.span.start.isoformat(),
            "ends": taken.span.end.isoformat(),
            "place": taken.place,
        }
        return {"what": "removed", "back": back}

    return _change(slug, "back", make)


@bp.post("/<slug>/back")
@allow(Role.DUTY, Role.LEAD)
def put_back(slug: str) -> Page:
    """Undo: what has just been taken off."""

    def make() -> Said:
        taken = read.taken(request.form)
        is_new = rotas_.add(*_who(), slug, taken, engage().now())
        return {"what": "added", "count": int(is_new)}

    return _change(slug, "back", make)


@bp.post("/<slug>/hours")
@allow(Role.LEAD)
def hours(slug: str) -> Page:
    def make() -> Said:
        office = read.hours(request.form, request.form.getlist("days"))
        rotas_.set_hours(*_who(), slug, office, engage().now())
        return {"what": "set"}

    return _change(slug, "hours", make)


@bp.post("/<slug>/limits")
@allow(Role.LEAD)
def limits(slug: str) -> Page:
    def make() -> Said:
        new = read.limits(request.form)
        rotas_.set_limits(*_who(), slug, new, engage().now())
        return {"what": "set"}

    return _change(slug, "limits", make)


@bp.post("/<slug>/pauses")
@allow(Role.LEAD)
def pauses(slug: str) -> Page:
    def make() -> Said:
        rotas_.set_pauses(*_who(), slug, "pauses" in request.form, engage().now())
        return {"what": "set"}

    return _change(slug, "pauses", make)


@bp.post("/<slug>/let-in/<int(max=2147483647):number>")
@allow(Role.DUTY, Role.LEAD)
def let_in(slug: str, number: int) -> Page:
    """Give somebody the keys of what was raised before they came."""

    def make() -> Said:
        count = letting_in.let_in(*_who(), slug, StaffId(number), engage().now())
        return {"what": "let-in", "count": count}

    return _change(slug, "", make)


def _who() -> tuple[Any, Any]:
    return engage().store, me()


def _change(slug: str, form: str, make: Callable[[], Said]) -> Page:
    """Make it and say so, or say beside its form what is wrong, with what was typed."""
    try:
        said = make()
    except BadShift as bad:
        field = read.field_of(bad, request.form)
        return _page(slug, Wrong(form, field, read.problem(bad))), 422
    except Unreadable as empty:
        return _page(slug, Wrong(form, empty.field, _what_belongs(form, empty))), 422
    except BadLimits:
        return _page(slug, Wrong(form, "acknowledge-now", read.limits_are())), 422
    session[_SAID] = said
    address: dict[str, Any] = {"slug": slug, "from": request.form.get("shown") or None}
    return redirect(url_for(".rota", **address), 303)


def _what_belongs(form: str, empty: Unreadable) -> str:
    if form == "back":
        return _("That could not be put back. Add it again below.")
    return read.what_belongs(empty.field)


def _page(slug: str, wrong: Wrong = _NOTHING, said: Said | None = None) -> str:
    wired, staff = engage(), me()
    today = day_of(wired.now())
    try:
        first = monday(read.day(request.values, "from" if request.args else "shown"))
    except Unreadable:
        first = monday(today)
    seen = rotas_.look(wired.store, staff, slug, wired.now(), first, WEEKS)
    return render_template(
        "duty/rota.html",
        rota=seen,
        staff=staff,
        now=wired.now(),
        today=today,
        first=first,
        before=first - timedelta(weeks=WEEKS),
        after=first + timedelta(weeks=WEEKS),
        lead=staff.role is Role.LEAD,
        outside=letting_in.outside(wired.store, staff, slug, wired.now()),
        wrong=wrong,
        typed={wrong.form: request.form},
        said=said or {},
        places=read.PLACES,
        minutes=read.minutes(seen.limits),
        read=read,
    )
