"""The desk: what waits for somebody, who is on duty, and whether anybody is told."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from engage.core.people import Role
from engage.services import duty_desk
from engage.web.access import allow, me, watches
from engage.web.wiring import engage

bp = Blueprint("desk", __name__)


@bp.get("/")
@allow(Role.DUTY, Role.LEAD)
def desk() -> str:
    wired, staff = engage(), me()
    shown = duty_desk.desk(wired.store, staff, wired.now())
    return render_template("duty/desk.html", desk=shown, staff=staff, now=wired.now())


@bp.get("/news")
@watches
@allow(Role.DUTY, Role.LEAD)
def news() -> Response:
    """The desk again if there is something else to see, else nothing (204).

    It goes on when somebody has been away from the desk for a while, without opening
    anything: a desk that falls silent by itself would miss a flag.
    """
    wired, staff = engage(), me()
    locked = not staff.private
    shown = duty_desk.desk(wired.store, staff, wired.now(), locked=locked)
    version = f"{shown.version}{'-locked' if locked else ''}"
    if request.args.get("seen") == version:
        return make_response("", 204)
    newest = request.args.get("newest", "")
    is_new = newest.isdecimal() and shown.newest > int(newest)
    page = make_response(
        render_template(
            "duty/news.html", desk=shown, now=wired.now(), locked=locked, is_new=is_new
        )
    )
    if is_new:
        page.headers["HX-Trigger"] = "flag"
    return page


@bp.get("/closed")
@allow(Role.DUTY, Role.LEAD)
def closed() -> str:
    wired, staff = engage(), me()
    found = duty_desk.closed(wired.store, staff)
    return render_template("duty/closed.html", closed=found, staff=staff)
