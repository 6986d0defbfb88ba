"""Words between the child and the duty inspector: in the talk, and on their own page.

They are shown in the talk and on `/messages` alone. Pause, Help and "How it looks" say
nothing of them, not even that there is one: those are the pages that a child turns to
when somebody comes in, and they must look the same whether or not the child has ever
told anybody anything. After Leave nothing is left that could open a message.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from engage.core.duty.messages import Ended, Side
from engage.core.people import Role
from engage.core.safeguarding.clock import said as said_at
from engage.services import answering_back
from engage.services.answering_back import Thread
from engage.services.talking import NoTalk, Talk
from engage.services.threads import Message
from engage.services.writing_back import NotSent, Why
from engage.web.access import allow
from engage.web.i18n import gettext as _
from engage.web.wording import words as marked
from engage.web.young import help_rows, holding

bp = Blueprint("writing", __name__)
Page = str | tuple[str, int] | AnyResponse
STOP_ASKING = 286
"""What htmx takes for the end of its polling."""


@dataclass(frozen=True)
class Shown:
    """One message as a page shows it."""

    mine: bool
    who: str
    when: str
    lines: list[str]
    told: list[Markup]


@dataclass(frozen=True)
class Heard:
    """What a talk shows of messages: those that are new, or only that there are some.

    `last`: the number of the newest; the page asks for what comes after it.
    """

    new: list[Shown]
    last: int
    some: bool


def heard(talk: Talk) -> Heard | None:
    """For a whole page of the talk. What is new counts as seen: it is on the screen.

    A page that is only asked for writes here, since nothing else can tell the
    inspector that it was read; without scripts there is no other moment.
    """
    thread = answering_back.news(talk)
    if thread is None:
        return None
    new = thread.unseen
    answering_back.saw(talk, thread, thread.last)
    some = bool(thread.from_desk()) and thread.ended is None
    return Heard([_shown(talk, each) for each in new], thread.last, some)


@bp.get("/messages")
@allow(Role.ANYONE)
def messages() -> Page:
    return _page(holding.talk())


@bp.get("/messages/new")
@allow(Role.ANYONE)
def new() -> Page:
    """What has come since, for a page that asks by itself; 204 says "nothing".

    What the page has by now (`after`) was on the screen: it asks only when it is.
    """
    try:
        talk = holding.talk()
    except NoTalk:
        # Left or deleted elsewhere. What is being typed here is not torn away.
        return "", STOP_ASKING
    thread = answering_back.news(talk)
    if thread is None:
        return "", STOP_ASKING
    after = max(_numbers(request.args.getlist("after")), default=0)
    answering_back.saw(talk, thread, after)
    new = thread.from_desk(after)
    if not new:
        return "", 204
    shown = [_shown(talk, each) for each in new]
    return render_template("parts/heard.html", new=shown, last=thread.last)


def _numbers(given: list[str]) -> list[int]:
    return [int(each) for each in given[-50:] if each.isdecimal() and len(each) < 10]


@bp.post("/messages")
@allow(Role.ANYONE)
def answer() -> Page:
    talk = holding.talk()
    text = request.form.get("text", "")
    after = max(_numbers([request.form.get("after", "")]), default=None)
    try:
        answering_back.answer(talk, text, after=after)
    except NotSent as refused:
        if refused.why is Why.NO_THREAD:
            return redirect("/messages", 303)
        return _page(talk, error=_why(refused.why), text=text), 422
    return redirect("/messages#newest", 303)


def _why(why: Why) -> str:
    if why is Why.TOO_LONG:
        return _("That’s a bit too long. Can you make it shorter?")
    return _("There was nothing to send. That’s OK. You don’t have to write back.")


@bp.post("/messages/close")
@allow(Role.ANYONE)
def close() -> Page:
    answering_back.close(holding.talk())
    return redirect("/messages", 303)


@bp.post("/messages/open")
@allow(Role.ANYONE)
def reopen() -> Page:
    answering_back.reopen(holding.talk())
    return redirect("/messages", 303)


def _page(talk: Talk, *, error: str = "", text: str = "") -> str:
    thread = answering_back.news(talk)
    if thread is not None:
        answering_back.saw(talk, thread, thread.last)
    return render_template(
        "young/messages.html",
        thread=thread,
        shown=[_shown(talk, each) for each in thread.messages] if thread else [],
        ended=_ended(thread),
        nobody=_nobody(talk),
        out_of_hours=str(talk.inspection.local.get("out_of_hours") or ""),
        error=error,
        text=text,
        helplines=help_rows.first_rows(talk),
    )


def _shown(talk: Talk, message: Message) -> Shown:
    mine = message.sender is Side.CHILD
    who = _("%(name)s, the duty inspector – a real person", name=message.called)
    return Shown(
        mine,
        _("You") if mine else who,
        said_at(message.at, talk.now),
        [line for line in message.text.split("\n") if line.strip()],
        [marked(each) for each in message.told],
    )


def _ended(thread: Thread | None) -> str:
    """By whom the messages were closed, as the page has words for it."""
    match thread.ended if thread else None:
        case Ended.CHILD:
            return "child"
        case Ended.DUTY | Ended.DELETED:
            return "duty"
        case _:
            return ""


def _nobody(talk: Talk) -> str:
    """That nobody is reading now, and since when it may be otherwise. Or nothing."""
    there = answering_back.reading(talk)
    if there.who:
        return ""
    if there.back_at is None:
        return _("Nobody is reading just now.")
    return _(
        "Nobody is reading just now. They should be back at %(time)s.",
        time=said_at(there.back_at, talk.now),
    )
