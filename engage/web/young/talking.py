"""The talk itself: what has been said, the next question, and changing an answer."""

from flask import (
    Blueprint,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from engage.core.dialogue.answers import NotAccepted, Place, Unfit
from engage.core.dialogue.passing_on import was_passed_on
from engage.core.dialogue.path import Turn
from engage.core.dialogue.talk import NotOnPath
from engage.core.people import Role
from engage.services import talking
from engage.services.talking import Busy, NoTalk, Talk
from engage.web.access import allow
from engage.web.i18n import gettext as _
from engage.web.young import asking, holding, showing, writing
from engage.web.young.reading_forms import Typed, given_from, typed_in
from engage.web.young.showing import Bubble

bp = Blueprint("talking", __name__)
Page = str | tuple[str, int] | AnyResponse


@bp.app_errorhandler(NoTalk)
def gone(_error: NoTalk) -> Page:
    """Left, deleted, or another device. The stale key goes with it."""
    if request.headers.get("HX-Request"):
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = "/talk"
        return answer
    holding.forget_talk()
    return render_template("young/gone.html"), 404


@bp.app_errorhandler(Busy)
def busy(_error: Busy) -> Page:
    return render_template(
        "errors/error.html",
        title=_("That was a lot at once"),
        message=_("Go back and try again. What you said before is kept."),
    ), 503


@bp.get("/talk")
@allow(Role.ANYONE)
def talk() -> Page:
    return _whole(holding.talk())


def _whole(talk: Talk, notice: str = "", typed: Typed | None = None) -> str:
    turns = showing.recent(talk.path)
    page = _page(talk, showing.log(talk, turns), notice, typed)
    return render_template(
        "young/talk.html",
        page=page,
        trail=page.trail,
        earlier=len(turns) < len(talk.path.turns),
        heard=writing.heard(talk),
    )


def _part(page: showing.Page, *, told: bool = False) -> str:
    """What htmx swaps into the page that is there.

    `told`: something was passed on for the first time, so that the page has to ask
    from now on whether the inspector writes.
    """
    turn = get_template_attribute("parts/turn.html", "turn")
    return str(turn(page, told=told))


def _page(
    talk: Talk, log: list[Bubble], notice: str = "", typed: Typed | None = None
) -> showing.Page:
    waiting = talk.path.waiting
    question = asking.question(talk, waiting, typed) if waiting else None
    return showing.Page(
        showing.title(talk),
        showing.trail(talk),
        log,
        question,
        talk.path.ended,
        showing.stopped_at(talk),
        notice,
    )


@bp.post("/talk")
@allow(Role.ANYONE)
def answer() -> Page:
    talk = holding.talk()
    place = Place(request.form.get("place", "")[:200])
    turn = talk.path.places.get(place)
    if turn is None:
        return _to_talk()
    waited = turn.waits
    told_before = any(each.passed_on for each in talk.answers)
    try:
        given = given_from(request.form, turn)
        talk, reply = talking.answer(talk, place, given)
    except NotAccepted as unfit:
        return _refused(talk, turn, unfit.unfit)
    except NotOnPath:
        return _to_talk()
    if reply.pause:
        return _to("/pause")
    if not (request.headers.get("HX-Request") and waited and reply.answer):
        return _to_talk()
    told = bool(reply.notes) and not told_before
    return _part(_page(talk, showing.news(talk, place)), told=told)


def _to(where: str) -> AnyResponse:
    if request.headers.get("HX-Request"):
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = where
        return answer
    return redirect(where, 303)


def _to_talk() -> AnyResponse:
    return _to("/talk")


def _refused(talk: Talk, turn: Turn, unfit: Unfit) -> Page:
    """The question again, with what they typed, and what to do about it."""
    words = {
        Unfit.NOTHING: _("Choose an answer, or Skip. Both are fine."),
        Unfit.NOT_OFFERED: _("That answer isn’t here any more. Choose another."),
        Unfit.TOO_LONG: _("That’s a bit too long. Can you make it shorter?"),
        Unfit.TOO_MANY: _("That’s more than I can keep. Choose a few less."),
    }[unfit]
    typed = typed_in(request.form)
    if turn.place != getattr(talk.path.waiting, "place", None):
        return _change(talk, turn, words, typed), 422
    if request.headers.get("HX-Request"):
        # 200, since htmx swaps nothing else: the question comes back with the notice.
        return _part(_page(talk, [], words, typed))
    return _whole(talk, words, typed), 422


@bp.get("/talk/change/<path:place>")
@allow(Role.ANYONE)
def change(place: str) -> Page:
    talk = holding.talk()
    turn = talk.path.places.get(Place(place))
    if turn is None or turn.answer is None:
        return redirect("/talk", 303)
    return _change(talk, turn)


def _change(
    talk: Talk, turn: Turn, notice: str = "", typed: Typed | None = None
) -> str:
    question = asking.question(talk, turn, typed)
    return render_template(
        "young/change.html",
        question=question,
        notice=notice,
        passed_on=was_passed_on(talk.answers, turn.place),
    )


@bp.get("/pause")
@allow(Role.ANYONE)
def pause() -> Page:
    return render_template("young/pause.html")
