"""The hand-over form of a flag, its receipt, and who must not see the flag."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.core.duty.hand_over import FIELDS, GROUPS, RECEIPT, Problem, routes
from engage.core.people import FlagId, Role, StaffId
from engage.services import barring, hand_over_pdf, handing_over
from engage.services.handing_over import Draft
from engage.web.access import allow, me
from engage.web.i18n import gettext as _
from engage.web.wiring import engage

bp = Blueprint("handing_over", __name__, url_prefix="/flags")

_ONE = "/<int(max=2147483647):number>"
Page = str | tuple[str, int] | Response


@bp.get(f"{_ONE}/hand-over")
@allow(Role.DUTY, Role.LEAD)
def form(number: int) -> Page:
    try:
        return _page(_draft(number))
    except handing_over.Sealed:
        return redirect(url_for("duty.flag.flag", number=number), 303)


@bp.post(f"{_ONE}/hand-over")
@allow(Role.DUTY, Role.LEAD)
def save(number: int) -> Page:
    wired, typed = engage(), _typed(FIELDS)
    version = request.form.get("version", "")
    act = handing_over.finish if "finish" in request.form else handing_over.save
    try:
        act(
            wired.store,
            me(),
            FlagId(number),
            typed,
            int(version) if version.isdecimal() else -1,
            wired.now(),
        )
    except handing_over.Sealed:
        return redirect(url_for("duty.flag.flag", number=number), 303)
    except handing_over.Faulty as faulty:
        return _page(_draft(number), typed, faulty.problems), 422
    except handing_over.Changed:
        return _page(_draft(number), typed, notice=_changed()), 409
    except handing_over.AlreadyMoved:
        return _page(_draft(number), typed, notice=_moved()), 409
    if act is handing_over.finish:
        return redirect(url_for("duty.flag.flag", number=number), 303)
    return redirect(url_for(".form", number=number, saved=1), 303)


@bp.post(f"{_ONE}/receipt")
@allow(Role.DUTY, Role.LEAD)
def receipt(number: int) -> Page:
    wired = engage()
    typed = _typed([field.id for field in RECEIPT])
    try:
        handing_over.confirm_receipt(
            wired.store, me(), FlagId(number), typed, wired.now()
        )
    except handing_over.Sealed:
        pass
    except handing_over.Faulty as faulty:
        draft = _draft(number)
        return _page(draft, received=typed, problems=faulty.problems), 422
    except handing_over.AlreadyMoved:
        return _page(_draft(number), received=typed, notice=_moved()), 409
    return redirect(url_for("duty.flag.flag", number=number), 303)


@bp.get(f"{_ONE}/hand-over.pdf")
@allow(Role.DUTY, Role.LEAD)
def pdf(number: int) -> Page:
    wired = engage()
    try:
        draft = _draft(number)
    except handing_over.Sealed:
        return redirect(url_for("duty.flag.flag", number=number), 303)
    handing_over.printed(wired.store, me(), FlagId(number), wired.now())
    answer = make_response(hand_over_pdf.pdf(draft, wired.now()))
    answer.mimetype = "application/pdf"
    name = f"{draft.opened.flag.reference}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post(f"{_ONE}/bar")
@allow(Role.DUTY, Role.LEAD)
def bar(number: int) -> Page:
    wired, staff = engage(), me()
    who = request.form.get("who", "")
    chosen = StaffId(int(who) if who.isdecimal() else 0)
    if chosen not in barring.others(wired.store, staff, FlagId(number)):
        return _page(_draft(number), notice=_("Choose who must not see it.")), 422
    try:
        barring.bar(wired.store, staff, FlagId(number), chosen, wired.now())
    except barring.NobodyLeft:
        said = _("Nobody else could open it then. Let somebody in first, on the rota.")
        return _page(_draft(number), notice=said), 422
    if chosen == staff.id:
        return redirect(url_for("duty.desk.desk"), 303)
    return redirect(url_for("duty.flag.flag", number=number), 303)


def _draft(number: int) -> Draft:
    wired = engage()
    return handing_over.draft(wired.store, me(), FlagId(number), wired.now())


def _page(
    draft: Draft,
    typed: dict[str, str] | None = None,
    problems: object = None,
    *,
    received: dict[str, str] | None = None,
    notice: str = "",
) -> str:
    wired, staff = engage(), me()
    number = draft.opened.flag.id
    form = draft.form if typed is None else typed
    return render_template(
        "duty/hand-over.html",
        draft=draft,
        opened=draft.opened,
        form=form,
        received=draft.receipt if received is None else received,
        groups=GROUPS,
        receipt_fields=RECEIPT,
        routes=routes(form.get("age", "")),
        problems=problems or {},
        said=_said(),
        notice=notice,
        saved="saved" in request.args,
        others=barring.others(wired.store, staff, number),
        staff=staff,
    )


def _typed(names: object) -> dict[str, str]:
    wanted = set(names)  # type: ignore[call-overload]
    return {name: value for name, value in request.form.items() if name in wanted}


def _said() -> dict[Problem, str]:
    return {
        Problem.MISSING: _("This is needed."),
        Problem.TOO_LONG: _("This is too long: at most 5,000 letters."),
        Problem.NOT_OFFERED: _("Choose one of these."),
        Problem.NOT_A_TIME: _("This is not a time."),
        Problem.IN_THE_FUTURE: _("This is still to come. When did it happen?"),
    }


def _changed() -> str:
    return _(
        "Somebody else saved this form meanwhile. What you typed is still here: look "
        "at theirs on the flag’s page, then save again."
    )


def _moved() -> str:
    return _(
        "The flag is not at a stage for this: it must be in hand first, and not yet "
        "received. What you typed is still here."
    )
