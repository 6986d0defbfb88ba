"""The hand-over form of a flag, its receipt, and who must not see the flag."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from engage.core.duty import concern_form, hand_over
from engage.core.duty.concern_form import FIELDS, GROUPS, RECEIPT, RECEIPT_FIELDS
from engage.core.duty.hand_over import Form, Problem
from engage.core.people import FlagId, Role, StaffId
from engage.core.safeguarding.flags import Stage
from engage.services import barring, hand_over_pdf, handing_over
from engage.services.handing_over import Draft
from engage.web.access import STAFF, allow, me
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("handing_over", __name__, url_prefix="/flags")

_ONE = "/<int(max=2147483647):number>"
_DIGITS = 9
"""Digits of any number that a page sends."""
_MOST_BYTES = 1_500_000
"""Every field full, in letters that take six bytes each on their way."""
Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class _Said:
    """What is said on the page beside the form."""

    notice: str = ""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    theirs: Form | None = None
    """What somebody else saved while this was typed."""


@bp.url_value_preprocessor
def _allow_more(_endpoint: str | None, _values: object) -> None:
    """A long form must not be refused as a whole: what was typed would be lost."""
    if STAFF in session:
        request.max_content_length = request.max_form_memory_size = _MOST_BYTES


@bp.errorhandler(handing_over.Sealed)
def _sealed(_error: handing_over.Sealed) -> Response:
    """The flag's own page says why, and what to do."""
    number = (request.view_args or {})["number"]
    return redirect(url_for("duty.flag.flag", number=number), 303)


@bp.get(f"{_ONE}/hand-over")
@allow(Role.DUTY, Role.LEAD)
def form(number: int) -> Page:
    return _page(_draft(number))


@bp.post(f"{_ONE}/hand-over")
@allow(Role.DUTY, Role.LEAD)
def save(number: int) -> Page:
    wired, typed = engage(), _typed(FIELDS)
    version = _number(request.form.get("version", ""))
    act = handing_over.finish if "finish" in request.form else handing_over.save
    try:
        act(wired.store, me(), FlagId(number), typed, version, wired.now())
    except handing_over.Faulty as faulty:
        said = _Said(problems=faulty.problems)
        return _page(_draft(number), said, typed), 422
    except handing_over.Changed:
        draft = _draft(number)
        return _page(draft, _Said(_changed(), theirs=draft.beside(typed)), typed), 409
    except handing_over.AlreadyMoved:
        return _page(_draft(number), _Said(_moved()), typed), 409
    except handing_over.Busy:
        return _page(_draft(number), _Said(_busy()), typed), 409
    if act is handing_over.finish:
        return redirect(url_for("duty.flag.flag", number=number), 303)
    return redirect(url_for(".form", number=number, saved=1), 303)


@bp.post(f"{_ONE}/receipt")
@allow(Role.DUTY, Role.LEAD)
def receipt(number: int) -> Page:
    wired, typed = engage(), _typed(RECEIPT_FIELDS)
    flag = FlagId(number)
    try:
        handing_over.confirm_receipt(wired.store, me(), flag, typed, wired.now())
    except handing_over.Faulty as faulty:
        said = _Said(problems=faulty.problems)
        return _page(_draft(number), said, received=typed), 422
    except handing_over.AlreadyMoved:
        return _page(_draft(number), _Said(_moved()), received=typed), 409
    except handing_over.Busy:
        return _page(_draft(number), _Said(_busy()), received=typed), 409
    return redirect(url_for("duty.flag.flag", number=number), 303)


@bp.get(f"{_ONE}/hand-over/print")
@allow(Role.DUTY, Role.LEAD)
def print_(number: int) -> Page:
    draft = _to_print(number)
    return render_template(
        "duty/hand-over-print.html",
        draft=draft,
        opened=draft.opened,
        form=draft.shown(draft.form),
        groups=[*GROUPS, concern_form.Group("receipt", _("Receipt"), RECEIPT)],
        filled=concern_form.filled,
        empty=concern_form.left_empty(draft.form),
        routes=hand_over.routes(draft.form.get("age", "")),
        now=engage().now(),
        staff=me(),
    )


@bp.get(f"{_ONE}/hand-over.pdf")
@allow(Role.DUTY, Role.LEAD)
def pdf(number: int) -> Page:
    draft = _to_print(number)
    answer = make_response(hand_over_pdf.pdf(draft, engage().now()))
    answer.mimetype = "application/pdf"
    name = f"{draft.opened.flag.reference}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post(f"{_ONE}/bar")
@allow(Role.DUTY, Role.LEAD)
def bar(number: int) -> Page:
    wired, staff = engage(), me()
    chosen = StaffId(_number(request.form.get("who", "")))
    if chosen not in barring.readers(wired.store, staff, FlagId(number)).free:
        return _page(_draft(number), _Said(_("Choose who must not see it."))), 422
    try:
        barring.bar(wired.store, staff, FlagId(number), chosen, wired.now())
    except barring.NobodyLeft:
        said = _("Nobody else could open it then. Let somebody in first, on the rota.")
        return _page(_draft(number), _Said(said)), 422
    if chosen == staff.id:
        return redirect(url_for("duty.desk.desk"), 303)
    return redirect(url_for(".form", number=number, _anchor="bar"), 303)


@bp.post(f"{_ONE}/bar/lift")
@allow(Role.DUTY, Role.LEAD)
def lift(number: int) -> Page:
    chosen = StaffId(_number(request.form.get("who", "")))
    barring.lift(engage().store, me(), FlagId(number), chosen, engage().now())
    return redirect(url_for(".form", number=number, _anchor="bar"), 303)


def _draft(number: int) -> Draft:
    wired = engage()
    return handing_over.draft(wired.store, me(), FlagId(number), wired.now())


def _to_print(number: int) -> Draft:
    """The form with all that was said. Never without what nobody has read yet."""
    draft = _draft(number)
    if draft.opened.flag.stage is Stage.RAISED:
        raise handing_over.Sealed
    handing_over.printed(engage().store, me(), FlagId(number), engage().now())
    return draft


def _page(
    draft: Draft,
    said: _Said | None = None,
    typed: Form | None = None,
    *,
    received: Form | None = None,
) -> str:
    staff, said = me(), said or _Said()
    number = draft.opened.flag.id
    form = draft.shown(draft.form if typed is None else typed)
    return render_template(
        "duty/hand-over.html",
        draft=draft,
        opened=draft.opened,
        form=form,
        received=draft.receipt if received is None else received,
        groups=GROUPS,
        receipt_fields=RECEIPT,
        fields={**FIELDS, **RECEIPT_FIELDS},
        as_said=concern_form.said,
        careful=hand_over.withheld(draft.by_staff, form.get("about", "")),
        routes=hand_over.routes(form.get("age", "")),
        problems=said.problems,
        wrong=_wrong(),
        notice=said.notice,
        theirs=said.theirs,
        saved="saved" in request.args,
        readers=barring.readers(engage().store, staff, number),
        staff=staff,
    )


def _typed(names: Iterable[str]) -> dict[str, str]:
    """As it was typed, and no field that is not one."""
    given = {name: request.form.get(name, "") for name in names}
    return {name: value for name, value in given.items() if value}


def _number(text: str) -> int:
    """A whole number that a page sent; -1, which is nobody's, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1


def _wrong() -> dict[Problem, str]:
    return {
        Problem.MISSING: _("This is needed."),
        Problem.TOO_LONG: _("This is too long: at most 5,000 letters."),
        Problem.NOT_OFFERED: _("Choose one of these."),
        Problem.NOT_A_TIME: _("This is not a time. Write it like 2026-11-25T16:55."),
        Problem.IN_THE_FUTURE: _("This is still to come. When did it happen?"),
        Problem.NOT_THEM: _("It may be about them. Choose somebody outside that team."),
    }


def _changed() -> str:
    return _(
        "Somebody else saved this form meanwhile. What you typed is still here, and "
        "theirs is shown below each field that differs. Save again to keep yours."
    )


def _moved() -> str:
    return _(
        "The flag is not at a stage for this: it must be in hand first, and not yet "
        "received. What you typed is still here."
    )


def _busy() -> str:
    return _(
        "Too much happened with this flag at the same moment. "
        "What you typed is still here: try again."
    )
