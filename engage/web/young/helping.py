"""Always there: help, a person, how it looks, and the way out."""

from flask import Blueprint, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from engage.core.people import Role
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.interruption import Findable, Part
from engage.services import asking_for_a_person
from engage.services.talking import NoTalk, Talk
from engage.web.access import allow
from engage.web.i18n import gettext as _
from engage.web.security import unguarded
from engage.web.wiring import engage
from engage.web.wording import words as marked
from engage.web.young import help_rows, holding

bp = Blueprint("helping", __name__)
Page = str | tuple[str, int] | AnyResponse

LOOKS = {
    "size": ("size-l", "size-xl"),
    "scheme": ("scheme-light", "scheme-dark"),
    "contrast": ("contrast",),
    "calm": ("calm",),
    "font": ("font-easy",),
}


def _talk() -> Talk | None:
    try:
        return holding.talk()
    except NoTalk:
        return None


@bp.get("/help")
@allow(Role.ANYONE)
def help() -> Page:
    talk = _talk()
    first, more = help_rows.rows(talk)
    local = talk.inspection.local if talk else {}
    here = talk is not None and talk.findable is Findable.GATHERING
    return render_template(
        "young/help.html",
        helplines=first,
        more=more,
        out_of_hours=_out_of_hours(str(local.get("out_of_hours", ""))),
        adult_here=here,
    )


def _out_of_hours(number: str) -> help_rows.Row | None:
    if not number:
        return None
    name = _("Social workers in this area, at night and at weekends")
    return help_rows.Row(name, number, None, None, "", "")


@bp.get("/person")
@allow(Role.ANYONE)
def person() -> Page:
    return _person(_talk())


def _person(talk: Talk | None, *, sent: bool = False, error: str = "") -> str:
    part = Part.PERSON if sent else Part.PERSON_FIRST
    said = talk.told(part, Level.CONCERN) if talk else ()
    return render_template(
        "young/person.html",
        said=[marked(each) for each in said],
        ask=talk.question(Part.PERSON)[0] if talk else "",
        reach=talk.question(Part.REACH)[0] if talk else "",
        sent=sent,
        error=error,
        can_send=talk is not None,
        text=request.form.get("text", ""),
        reach_text=request.form.get("reach", ""),
        helplines=help_rows.first_rows(talk),
    )


@bp.post("/person")
@allow(Role.ANYONE)
def tell() -> Page:
    talk = holding.talk()
    text = request.form.get("text", "").replace("\r\n", "\n")
    reach = request.form.get("reach", "")
    try:
        asking_for_a_person.ask(talk, text, reach)
    except asking_for_a_person.TooLong:
        error = _("That’s a bit too long. Can you make it shorter?")
        return _person(talk, error=error), 422
    # 303, so that a reload does not send it again.
    return redirect("/person/sent", 303)


@bp.get("/person/sent")
@allow(Role.ANYONE)
def sent() -> Page:
    return _person(holding.talk(), sent=True)


@bp.get("/look")
@allow(Role.ANYONE)
def look() -> Page:
    return render_template("young/look.html", next=request.args.get("next", "")[:100])


@bp.post("/look")
@allow(Role.ANYONE)
def keep_look() -> AnyResponse:
    chosen = [request.form.get(name, "") for name in LOOKS]
    kept = [v for v, known in zip(chosen, LOOKS.values(), strict=True) if v in known]
    session[holding.LOOK] = " ".join(kept)
    return redirect("/talk" if holding.TALK in session else "/", 303)


@bp.post("/leave")
@unguarded
@allow(Role.ANYONE)
def leave() -> AnyResponse:
    """Close the talk on this device and go somewhere neutral. Never refused.

    Without a check for forgery: the worst a forger could do is let a child out.
    """
    holding.forget()
    if "already" in request.form:
        answer = make_response("", 204)
    else:
        answer = make_response(redirect(engage().settings.leave_to, 303))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
