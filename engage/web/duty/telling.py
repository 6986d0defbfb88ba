"""How you are told: addresses, their order, a test, and this very phone."""

from flask import (
    Blueprint,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engage.core.people import InspectionId, Role
from engage.services import telling
from engage.services.channels import push
from engage.web.access import allow, me
from engage.web.i18n import gettext as _
from engage.web.limiting import limited
from engage.web.wiring import engage

bp = Blueprint("telling", __name__)
_TESTED = "tested"
_ONE = "/how/<int(max=2147483647):number>"
Page = str | tuple[str, int] | Response


@bp.app_errorhandler(telling.NotTheirs)
def not_theirs(_error: telling.NotTheirs) -> Page:
    return current_app.handle_user_exception(NotFound())  # type: ignore[return-value]


@bp.get("/how")
@allow(Role.DUTY, Role.LEAD)
def how() -> Page:
    return _page(tested=session.pop(_TESTED, ""))


def _page(*, wrong: str = "", at: str = "", tested: str = "") -> str:
    wired, staff = engage(), me()
    channels = wired.settings.channels
    return render_template(
        "duty/telling.html",
        mine=telling.mine(wired.store, staff),
        hubs=telling.hubs(wired.store, staff),
        available=channels.available,
        push_key=push.public_key(channels),
        staff=staff,
        wrong=wrong,
        at=at,
        tested=tested,
        typed=request.form,
    )


@bp.post("/how")
@allow(Role.DUTY, Role.LEAD)
def add() -> Page:
    channel = request.form.get("channel", "")
    not_mail = _("This is not an e-mail address. It looks like name@example.org.")
    wrong = {
        "mail": not_mail,
        "notify-mail": not_mail,
        "sms": _("This is not a mobile number. It looks like 07400 123456."),
        "push": _("This device could not be signed up. Try again."),
        "webhook": _("This is not the address of a hub. It starts with https://."),
    }
    if channel not in wrong or channel not in engage().settings.channels.available:
        return _page(wrong=_("This way is not set up here.")), 422
    try:
        _add(channel)
    except telling.NotAnAddress:
        return _page(wrong=wrong[channel], at=channel), 422
    except telling.AlreadyThere:
        return _page(wrong=_("You have this one already."), at=channel), 422
    return redirect(url_for(".how"), 303)


def _add(channel: str) -> None:
    wired, staff, form = engage(), me(), request.form
    store, now, typed = wired.store, wired.now(), form.get("address", "")
    match channel:
        case "sms":
            telling.add_phone(store, staff, typed, now)
        case "push":
            telling.add_push(store, staff, typed, form, now)
        case "webhook":
            number = form.get("inspection", "")
            of = InspectionId(int(number) if number.isdecimal() else 0)
            telling.add_hub(store, staff, wired.settings.channels, of, typed, now)
        case _:
            telling.add_mail(store, staff, channel, typed, now)


@bp.post(f"{_ONE}/remove")
@allow(Role.DUTY, Role.LEAD)
def remove(number: int) -> Page:
    telling.remove(engage().store, me(), number, engage().now())
    return redirect(url_for(".how"), 303)


@bp.post(f"{_ONE}/up")
@allow(Role.DUTY, Role.LEAD)
def up(number: int) -> Page:
    telling.up(engage().store, me(), number)
    return redirect(url_for(".how"), 303)


@bp.post(f"{_ONE}/test")
@limited("10 per minute")
@allow(Role.DUTY, Role.LEAD)
def test(number: int) -> Page:
    wired = engage()
    why = telling.test(wired.store, me(), wired.settings.channels, number, wired.now())
    session[_TESTED] = (
        _("The test did not get through: %(why)s.", why=why)
        if why
        else _("The test is on its way. If it does not come, look among your spam.")
    )
    return redirect(url_for(".how"), 303)


@bp.get("/push-worker.js")
@allow(Role.DUTY, Role.LEAD)
def worker() -> Response:
    """It may only act on the desk's pages, so it must be served from there."""
    answer = make_response(current_app.send_static_file("js/push-worker.js"))
    answer.headers["Service-Worker-Allowed"] = "/duty/"
    answer.headers["Cache-Control"] = "no-store"
    return answer
