"""One flag: open it, read it, take it on."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.core.people import FlagId, Role
from engage.services import duty_desk
from engage.web.access import allow, me
from engage.web.wiring import engage

bp = Blueprint("flag", __name__, url_prefix="/flags")

# What a column of whole numbers can hold; more than that is no flag.
_ONE = "/<int(max=2147483647):number>"


@bp.get(_ONE)
@allow(Role.DUTY, Role.LEAD)
def flag(number: int) -> str:
    staff = me()
    try:
        opened = duty_desk.read(engage().store, staff, FlagId(number))
    except duty_desk.NotThere:
        abort(404)
    return render_template("duty/flag.html", opened=opened, staff=staff)


@bp.post(f"{_ONE}/open")
@allow(Role.DUTY, Role.LEAD)
def open_(number: int) -> Response:
    return _move(duty_desk.open_, number)


@bp.post(f"{_ONE}/acknowledge")
@allow(Role.DUTY, Role.LEAD)
def acknowledge(number: int) -> Response:
    return _move(duty_desk.acknowledge, number)


def _move(move: duty_desk.Move, number: int) -> Response:
    try:
        move(engage().store, me(), FlagId(number), now=engage().now())
    except duty_desk.NotThere:
        abort(404)
    return redirect(url_for(".flag", number=number), 303)
