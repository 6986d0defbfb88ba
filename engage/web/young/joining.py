"""From a code to the first question: join, voice, who will see this, begin."""

from flask import Blueprint, Response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from engage.core.people import Role, Voice
from engage.core.safeguarding.clock import said
from engage.services import joining, standing
from engage.web.access import TALK, allow
from engage.web.i18n import gettext as _
from engage.web.limiting import limited
from engage.web.wiring import engage
from engage.web.young import help_rows, holding, promises

bp = Blueprint("joining", __name__)
Page = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Role.ANYONE)
def start() -> Page:
    if TALK in session:
        return redirect("/talk", 303)
    return _start("")


@bp.post("/join")
@limited("120 per minute")
@allow(Role.ANYONE)
def join() -> Page:
    code = request.form.get("code", "")[:80]
    return _come_in(code)


@bp.get("/g/<code>")
@allow(Role.ANYONE)
def by_code(code: str) -> Page:
    """The address on the screen at a gathering, or on a card: the code filled in."""
    return _start(code[:40])


def _start(code: str, error: str | None = None) -> str:
    wired = engage()
    door = standing.at_the_door(wired.store, wired.now())
    return render_template(
        "young/start.html",
        code=code,
        error=error,
        standing=door,
        helplines=[] if door.told else help_rows.first_rows(None),
    )


@bp.get("/o/<slug>")
@allow(Role.ANYONE)
def by_link(slug: str) -> Page:
    """An open link: nobody can tell who comes by it, and the child is told so."""
    try:
        holding.hold_way(joining.by_link(engage().store, slug))
    except joining.NoSuchCode:
        return _again("", _("This link doesn’t work. Do you have a code instead?"))
    except joining.Closed:
        return _again("", _("This has closed. Thank you for wanting to take part."))
    return redirect("/voice", 303)


def _come_in(code: str) -> Page:
    wired = engage()
    secret = wired.settings.secret_key
    try:
        way = joining.by_code(wired.store, secret, code, wired.now())
    except joining.NoSuchCode:
        return _again(code, _("We don’t know that code. Check it and try again."))
    except joining.Closed:
        return _again(
            code, _("This code has closed. Ask the person who gave it to you.")
        )
    holding.hold_way(way)
    return redirect("/voice", 303)


def _again(code: str, error: str) -> Page:
    return _start(code, error), 422


@bp.get("/voice")
@allow(Role.ANYONE)
def voice() -> Page:
    if holding.way() is None:
        return redirect("/", 303)
    return render_template("young/voice.html")


@bp.post("/voice")
@allow(Role.ANYONE)
def choose_voice() -> Response | AnyResponse:
    chosen = request.form.get("voice", "")
    if holding.way() is None:
        return redirect("/", 303)
    if chosen not in set(Voice):
        return redirect("/voice", 303)
    session[holding.VOICE] = chosen
    return redirect("/who", 303)


@bp.get("/who")
@allow(Role.ANYONE)
def who() -> Page:
    """Who will see this: before the first question, and at any time after."""
    beginning = holding.way() if holding.VOICE in session else None
    return render_template(
        "young/who.html",
        readers=promises.readers(),
        findable=promises.findable_now(beginning),
        assent=beginning is not None,
        **(_how_things_stand(beginning) if beginning else {}),
    )


def _how_things_stand(way: joining.Way) -> dict[str, object]:
    """Whether anybody is there to read, said before the talk begins."""
    wired = engage()
    stands = standing.of_inspection(wired.store, way.inspection, wired.now())
    back = said(stands.back_at, wired.now()) if stands.back_at else ""
    needed = stands.paused or not stands.told
    rows = help_rows.first_rows(None) if needed else []
    return {"standing": stands, "back": back, "helplines": rows}


@bp.post("/begin")
@limited("120 per minute")
@allow(Role.ANYONE)
def begin() -> Page:
    way = holding.way()
    if way is None or holding.VOICE not in session:
        return redirect("/talk" if TALK in session else "/", 303)
    if request.form.get("answer") != "yes":
        holding.forget()
        return redirect("/", 303)
    wired = engage()
    chosen = Voice(session[holding.VOICE])
    try:
        key = joining.begin(
            wired.store, wired.library, way, chosen, wired.now(), holding.key()
        )
    except joining.Paused:
        return redirect("/who", 303)
    except joining.Closed:
        holding.forget()
        return _again("", _("This has closed. Thank you for wanting to take part."))
    holding.hold_talk(key)
    return redirect("/talk", 303)
