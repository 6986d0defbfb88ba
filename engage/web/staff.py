"""Where staff sign in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.core.people import Role
from engage.services import signing_in
from engage.web.access import allow, forget, may, remember, signed_in
from engage.web.i18n import gettext as _
from engage.web.limiting import limited
from engage.web.wiring import engage

bp = Blueprint("staff", __name__)


@bp.get("/sign-in")
@allow(Role.ANYONE)
def sign_in() -> str:
    at_desk = may("duty.desk.desk")
    return render_template("staff/sign-in.html", staff=signed_in(), at_desk=at_desk)


@bp.post("/sign-in")
@allow(Role.ANYONE)
@limited("10 per minute; 60 per hour")
def enter() -> Response | tuple[str, int]:
    name = request.form.get("name", "").strip()
    password = request.form.get("password", "")
    try:
        token = signing_in.sign_in(engage().store, name, password, now=engage().now())
    except signing_in.NotKnown:
        wrong = _("That name and password do not go together.")
        page = render_template("staff/sign-in.html", staff=None, wrong=wrong)
        return page, 422
    forget()
    remember(token)
    places = ("duty.desk.desk", "duty.raising.by_hand", ".sign_in")
    where = next(each for each in places if each == ".sign_in" or may(each))
    return redirect(url_for(where), 303)


@bp.post("/sign-out")
@allow(Role.ANYONE)
def sign_out() -> Response:
    forget()
    return redirect(url_for(".sign_in"), 303)
