"""Words back to the child: the thread, a draft as they will see it, send, close."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.core.duty.messages import LONGEST, first_name
from engage.core.duty.plain_words import Hint, Kind
from engage.core.people import FlagId, Role
from engage.services import writing_back
from engage.services.writing_back import NotSent, Thread, Why
from engage.web.access import allow, me, watches
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("writing", __name__, url_prefix="/flags")
_ONE = "/<int(max=2147483647):number>/messages"
Page = str | tuple[str, int] | Response
STOP_ASKING = 286
"""What htmx takes for the end of its polling."""


@bp.get(_ONE)
@allow(Role.DUTY, Role.LEAD)
def messages(number: int) -> Page:
    return _page(number)


@bp.get(f"{_ONE}/new")
@watches
@allow(Role.DUTY, Role.LEAD)
def new(number: int) -> Page:
    """The thread again if there is something else to see, else nothing (204).

    It does not count as seen: the page may lie behind another one. Whoever has been
    away for a while has no key, and their screen is cleared of the child's words.
    """
    staff = me()
    if not staff.private:
        return render_template("duty/thread.html", locked=True), STOP_ASKING
    thread = writing_back.thread(engage().store, staff, FlagId(number))
    if request.args.get("seen") == _version(thread):
        return "", 204
    heard = request.args.get("last", "")
    return render_template(
        "duty/thread.html",
        thread=thread,
        version=_version(thread),
        heard=heard.isdecimal() and _wrote_after(thread, heard),
    )


def _version(thread: Thread) -> str:
    seen = sum(each.seen_at is not None for each in thread.messages)
    stage = thread.why_not or thread.ended or ""
    return f"{thread.last}-{seen}-{stage}".replace(" ", "-")


def _wrote_after(thread: Thread, heard: str) -> bool:
    return len(heard) < 10 and any(
        each.number > int(heard) and each.sender == "child" for each in thread.messages
    )


@bp.post(f"{_ONE}/preview")
@allow(Role.DUTY, Role.LEAD)
def preview(number: int) -> Page:
    text = request.form.get("text", "")
    try:
        draft = writing_back.fit(text)
    except NotSent as refused:
        return _page(number, wrong=_why(refused.why), text=text), 422
    return _page(number, draft=draft, text=draft)


@bp.post(f"{_ONE}/send")
@allow(Role.DUTY, Role.LEAD)
def send(number: int) -> Page:
    wired, text, after = engage(), request.form.get("text", ""), _after()
    try:
        writing_back.write(
            wired.store, me(), FlagId(number), text, wired.now(), after=after
        )
    except NotSent as refused:
        return _page(number, wrong=_why(refused.why), text=text), 422
    return redirect(url_for(".messages", number=number, _anchor="newest"), 303)


@bp.post(f"{_ONE}/close")
@allow(Role.DUTY, Role.LEAD)
def close(number: int) -> Page:
    writing_back.close(engage().store, me(), FlagId(number), engage().now())
    return redirect(url_for(".messages", number=number), 303)


def _after() -> int | None:
    """The number of the last message on the page that was sent."""
    given = request.form.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _page(number: int, *, draft: str = "", text: str = "", wrong: str = "") -> str:
    wired, staff = engage(), me()
    thread = writing_back.thread(wired.store, staff, FlagId(number))
    if thread.unread:
        writing_back.saw(wired.store, staff, FlagId(number), thread.last, wired.now())
    hints = writing_back.hints(wired.library, draft) if draft else ()
    return render_template(
        "duty/messages.html",
        staff=staff,
        thread=thread,
        version=_version(thread),
        after=_after() if draft else thread.last,
        draft=draft,
        hints=[_hint(each) for each in hints],
        text=text,
        wrong=wrong,
        longest=LONGEST,
        called=first_name(staff.called),
        openings=writing_back.openings(wired.library, staff),
    )


def _hint(hint: Hint) -> str:
    said = {
        Kind.SECRECY: _(
            "“%(found)s” sounds like keeping a secret, which nobody here may."
        ),
        Kind.PROMISE: _(
            "“%(found)s” promises what is not sure. Say what happens next."
        ),
        Kind.INTERVIEW: _(
            "“%(found)s” asks for details. Leave who, what, where, when and why to "
            "the people whose job it is; you may ask if they are safe."
        ),
        Kind.WORD: _(
            "“%(found)s” is not a word we use with children. Say %(instead)s."
        ),
        Kind.SHOUTING: _("“%(found)s” in capitals reads as shouting."),
        Kind.EXCLAMATION: _(
            "Say it calmly, with a full stop, not an exclamation mark."
        ),
        Kind.READING_AGE: _(
            "Somebody has to be about %(found)s years old to read this easily. "
            "Use shorter sentences and shorter words."
        ),
        Kind.LONG_SENTENCE: _("This is a long sentence: “%(found)s” Make two of it."),
    }[hint.kind]
    return said % {"found": hint.found, "instead": hint.instead}


def _why(why: Why) -> str:
    return {
        Why.EMPTY: _("There is nothing to send yet. Write a few words first."),
        Why.TOO_LONG: _(
            "That is too long for a child: at most %(num)d letters. Cut it, or send it "
            "in two messages.",
            num=LONGEST,
        ),
        Why.ENDED: _("The child has closed these messages meanwhile. It was not sent."),
        Why.NOT_OPENED: _(
            "Something has been said since. Open the flag and read it first. "
            "It was not sent."
        ),
        Why.NO_KEY: _("You do not hold the key to this flag. It was not sent."),
        Why.NO_THREAD: _("There is no talk to write into. It was not sent."),
        Why.BUSY: _("That was a lot at once. It was not sent: try again."),
    }[why]
