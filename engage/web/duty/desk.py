"""What waits for somebody."""

from flask import Blueprint, render_template

from engage.core.people import Role
from engage.services import duty_desk
from engage.web.access import allow, me
from engage.web.wiring import engage

bp = Blueprint("desk", __name__)


@bp.get("/")
@allow(Role.DUTY, Role.LEAD)
def desk() -> str:
    staff = me()
    waiting = duty_desk.waiting(engage().store, staff)
    return render_template("duty/desk.html", waiting=waiting, staff=staff)
