"""One flag: open it, read it, take it on, and see it to its end."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import (
    Blueprint,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engage.core.people import FlagId, Role
from engage.core.safeguarding.flags import IllegalMove, Outcome
from engage.services import auditing, duty_desk, handing_over, moving
from engage.services.signing_in import SignedIn
from engage.web.access import allow, me
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("flag", __name__, url_prefix="/flags")

# What a column of whole numbers can hold; more than that is no flag.
_ONE = "/<int(max=2147483647):number>"
Page = str | tuple[str, int] | Response


@bp.app_errorhandler(duty_desk.NotThere)
def not_there(_error: duty_desk.NotThere) -> Page:
    return current_app.handle_user_exception(NotFound())  # type: ignore[return-value]


@bp.get(_ONE)
@allow(Role.DUTY, Role.LEAD)
def flag(number: int) -> Page:
    return _page(number)


def _page(number: int, *, notice: str = "", wrong: str = "") -> str:
    wired, staff = engage(), me()
    opened = duty_desk.read(wired.store, staff, FlagId(number))
    if opened.notes:
        moving.read(wired.store, staff, FlagId(number), wired.now())
    return render_template(
        "duty/flag.html",
        opened=opened,
        entries=auditing.history(wired.store, staff, FlagId(number)),
        careful=handing_over.careful(opened),
        staff=staff,
        now=wired.now(),
        beside=duty_desk.beside(wired.store, staff, FlagId(number), wired.now()),
        notice=notice,
        wrong=wrong,
        typed=request.form,
        outcomes=list(Outcome),
    )


@bp.get(f"{_ONE}/news")
@allow(Role.DUTY, Role.LEAD)
def news(number: int) -> Page:
    """Whether somebody else looks at it, or has changed it meanwhile."""
    wired, staff = engage(), me()
    beside = duty_desk.beside(wired.store, staff, FlagId(number), wired.now())
    opened = duty_desk.read(wired.store, staff, FlagId(number))
    seen = request.args.get("seen", "")
    return render_template("duty/beside.html", opened=opened, beside=beside, seen=seen)


@bp.post(f"{_ONE}/open")
@allow(Role.DUTY, Role.LEAD)
def open_(number: int) -> Page:
    # Somebody else, or a second press, was first: the words can be read all the same.
    with suppress(moving.AlreadyMoved):
        moving.open_(*_who(), FlagId(number), engage().now())
    return redirect(url_for(".flag", number=number), 303)


@bp.post(f"{_ONE}/acknowledge")
@allow(Role.DUTY, Role.LEAD)
def acknowledge(number: int) -> Page:
    return _move(number, lambda flag: moving.acknowledge(*_who(), flag, engage().now()))


@bp.post(f"{_ONE}/take")
@allow(Role.DUTY, Role.LEAD)
def take(number: int) -> Page:
    return _move(number, lambda flag: moving.take(*_who(), flag, engage().now()))


@bp.post(f"{_ONE}/note")
@allow(Role.DUTY, Role.LEAD)
def note(number: int) -> Page:
    text = request.form.get("text", "")
    corrects = request.form.get("corrects", "")
    return _move(
        number,
        lambda flag: moving.note(
            *_who(),
            flag,
            text,
            engage().now(),
            corrects=int(corrects) if corrects.isdecimal() else 0,
        ),
        anchor="notes",
    )


@bp.post(f"{_ONE}/tell")
@allow(Role.DUTY, Role.LEAD)
def tell(number: int) -> Page:
    how = request.form.get("how", "")[:40]
    text = request.form.get("text", "")
    return _move(
        number, lambda flag: moving.tell(*_who(), flag, how, text, engage().now())
    )


@bp.post(f"{_ONE}/close")
@allow(Role.DUTY, Role.LEAD)
def close(number: int) -> Page:
    outcome = request.form.get("outcome", "")
    reason = request.form.get("text", "")
    if outcome not in set(Outcome):
        return _page(number, wrong=_("Choose how it ends.")), 422
    return _move(
        number,
        lambda flag: moving.close(
            *_who(), flag, Outcome(outcome), reason, engage().now()
        ),
    )


@bp.post(f"{_ONE}/reopen")
@allow(Role.DUTY, Role.LEAD)
def reopen(number: int) -> Page:
    text = request.form.get("text", "")
    return _move(
        number, lambda flag: moving.reopen(*_who(), flag, text, engage().now())
    )


def _who() -> tuple[Any, SignedIn]:
    return engage().store, me()


def _move(
    number: int, make: Callable[[FlagId], None], *, anchor: str | None = None
) -> Page:
    """Make it, and say kindly what stood in the way."""
    try:
        make(FlagId(number))
    except moving.AlreadyMoved:
        said = _(
            "Somebody else was first, or it has come further meanwhile. "
            "This is how it stands now."
        )
        return _page(number, notice=said), 409
    except moving.NothingSaid:
        return _page(
            number, wrong=_("Write a few words first: up to 5,000 letters.")
        ), 422
    except IllegalMove:
        said = _("It can’t end like this: choose another outcome, or write the reason.")
        return _page(number, wrong=said), 422
    return redirect(url_for(".flag", number=number, _anchor=anchor), 303)
