"""Raise a flag by hand, about something heard aloud. The same path, the same proof."""

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engage.core.people import InspectionId, Role
from engage.core.safeguarding.concerns import Level
from engage.services import raising
from engage.web.access import allow, me
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("raising", __name__, url_prefix="/raise")

_FIELDS = ("words", "where", "who", "reach")
_SENT = "sent"
"""Where the session keeps the reference until it has been shown once."""
_LEVELS = (Level.NOW, Level.CONCERN)
Page = str | tuple[str, int] | Response


@bp.get("/")
@allow(Role.DUTY, Role.LEAD, Role.EVIDENCE, Role.FACILITATOR)
def by_hand() -> Page:
    return _page(sent=session.pop(_SENT, ""))


@bp.post("/")
@allow(Role.DUTY, Role.LEAD, Role.EVIDENCE, Role.FACILITATOR)
def raise_() -> Page:
    form, wired = request.form, engage()
    heard = {name: form.get(name, "").replace("\r\n", "\n") for name in _FIELDS}
    heard["once"] = form.get("once", "")[:64]
    number, level = form.get("inspection", ""), form.get("level", "")
    if level not in set(_LEVELS):
        return _page(_("Choose how soon somebody must know.")), 422
    try:
        reference = raising.by_hand(
            wired.store,
            me(),
            InspectionId(int(number) if number.isdecimal() else 0),
            Level(level),
            heard,
            wired.now(),
        )
    except raising.NoInspection:
        return _page(_("Choose the inspection.")), 422
    except raising.NothingSaid:
        return _page(_("Write what you heard: up to 5,000 letters.")), 422
    session[_SENT] = reference
    return redirect(url_for(".by_hand"), 303)


def _page(wrong: str = "", sent: str = "") -> str:
    wired, staff = engage(), me()
    return render_template(
        "duty/raise.html",
        inspections=raising.mine(wired.store, staff),
        staff=staff,
        wrong=wrong,
        sent=sent,
        typed=request.form,
        once=request.form.get("once") or secrets.token_hex(16),
        at_desk=staff.role in {Role.DUTY, Role.LEAD},
    )
