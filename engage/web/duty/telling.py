"""How you are told: addresses, their order, a test, and this very phone."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

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
_SAID = "told"
"""Where the session keeps what was done until it has been said once."""
_ONE = "/how/<int(max=2147483647):number>"
_NUMBER = re.compile("[0-9]{1,9}")
OWN = (frozenset({"mail", "notify-mail"}), frozenset({"sms"}), frozenset({"push"}))
"""Ways to one person. It is enough if one of each is set up."""
Page = str | tuple[str, int] | Response


@bp.app_errorhandler(telling.NotTheirs)
def not_theirs(_error: telling.NotTheirs) -> Page:
    return current_app.handle_user_exception(NotFound())  # type: ignore[return-value]


@bp.get("/how")
@allow(Role.DUTY, Role.LEAD)
def how() -> Page:
    return _page(said=session.pop(_SAID, ""))


def _page(*, wrong: str = "", at: str = "", said: str = "") -> str:
    wired, staff = engage(), me()
    channels = wired.settings.channels
    mine, available = telling.mine(wired.store, staff), channels.available
    ways = [each for each in OWN if available & each]
    return render_template(
        "duty/telling.html",
        mine=mine,
        working=[e for e in mine if not e.refused_at and e.channel in available],
        hubs=telling.hubs(wired.store, staff),
        available=available,
        ways=ways,
        missing=[min(each) for each in OWN if each not in ways],
        push_key=push.public_key(channels),
        device=_device,
        staff=staff,
        wrong=wrong,
        at=at,
        said=said,
        typed=request.form,
    )


def _device(endpoint: str) -> str:
    """Enough to tell two phones apart: whose push service, and the end of its name."""
    return f"{urlsplit(endpoint).hostname}, …{endpoint[-6:]}"


@bp.post("/how")
@allow(Role.DUTY, Role.LEAD)
def add() -> Page:
    channel = request.form.get("channel", "")
    not_mail = _("This is not an e-mail address. It looks like name@example.org.")
    wrong = {
        "mail": not_mail,
        "notify-mail": not_mail,
        "sms": _("This is not a UK mobile number. It looks like 07700 900123."),
        "push": _("This device could not be signed up. Try again."),
        "webhook": _("This is not the address of a hub. It starts with https://."),
    }
    if channel not in wrong or channel not in engage().settings.channels.available:
        return _page(wrong=_("This way is not set up here.")), 422
    # Beside its form. The one for push has no field to mend.
    at = "" if channel == "push" else f"{channel}{request.form.get('inspection', '')}"
    try:
        _add(channel)
    except telling.NotAnAddress:
        return _page(wrong=wrong[channel], at=at), 422
    except telling.AlreadyThere:
        return _page(wrong=_("You have this one already."), at=at), 422
    except telling.TooMany:
        many = _("That is as many as fit. Remove one that you do not need first.")
        return _page(wrong=many, at=at), 422
    return _done(_("Added. Send a test now, to be sure that it gets through."))


def _add(channel: str) -> None:
    wired, staff, form = engage(), me(), request.form
    store, now, typed = wired.store, wired.now(), form.get("address", "")
    match channel:
        case "sms":
            telling.add_phone(store, staff, typed, now)
        case "push":
            telling.add_push(store, staff, wired.settings.channels, typed, form, now)
        case "webhook":
            number = form.get("inspection", "")
            of = InspectionId(int(number) if _NUMBER.fullmatch(number) else 0)
            telling.add_hub(store, staff, wired.settings.channels, of, typed, now)
        case _:
            telling.add_mail(store, staff, channel, typed, now)


@bp.post(f"{_ONE}/remove")
@allow(Role.DUTY, Role.LEAD)
def remove(number: int) -> Page:
    # Twice comes to the same, and another's address is as good as none.
    with suppress(telling.NotTheirs):
        telling.remove(engage().store, me(), number, engage().now())
    return _done(_("Removed. Nothing is sent there any more."))


@bp.post(f"{_ONE}/up")
@allow(Role.DUTY, Role.LEAD)
def up(number: int) -> Page:
    with suppress(telling.NotTheirs):
        telling.up(engage().store, me(), number)
    return redirect(url_for(".how"), 303)


@bp.post(f"{_ONE}/test")
@limited("10 per minute")
@allow(Role.DUTY, Role.LEAD)
def test(number: int) -> Page:
    wired = engage()
    channels = wired.settings.channels
    try:
        why = telling.test(wired.store, me(), channels, number, wired.now())
    except telling.NotTheirs:
        return _done(_("Nothing was sent: this address is not there any more."))
    return _done(
        _("The test did not get through: %(why)s.", why=why)
        if why
        else _("The test is on its way. If it does not come, look among your spam.")
    )


def _done(said: str) -> Response:
    session[_SAID] = said
    return redirect(url_for(".how"), 303)


@bp.get("/push-worker.js")
@allow(Role.DUTY, Role.LEAD)
def worker() -> Response:
    """It may only act on the desk's pages, so it must be served from there."""
    answer = make_response(current_app.send_static_file("js/push-worker.js"))
    answer.headers["Service-Worker-Allowed"] = "/duty/"
    answer.headers["Cache-Control"] = "no-store"
    return answer
