"""Everything I said: see it, change it, delete it."""

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from engage.core.people import Role
from engage.services import talking
from engage.services.talking import Talk
from engage.web.access import allow
from engage.web.young import asking, holding, showing

bp = Blueprint("keeping", __name__)
Page = str | AnyResponse


@dataclass(frozen=True)
class Item:
    ask: Markup
    answer: Markup
    place: str


@dataclass(frozen=True)
class Part:
    title: str
    items: list[Item]


@bp.get("/talk/said")
@allow(Role.ANYONE)
def said() -> Page:
    talk = holding.talk()
    return render_template(
        "young/said.html",
        said=_parts(talk),
        passed_on=showing.all_passed_on(talk),
    )


def _parts(talk: Talk) -> list[Part]:
    items: dict[str, list[Item]] = defaultdict(list)
    for turn in talk.path.turns:
        if turn.answer is not None:
            title = turn.section.title.for_voice(talk.voice)
            ask = asking.asked(talk, turn)
            items[title].append(Item(ask, showing.answered(talk, turn), turn.place))
    return [Part(title, each) for title, each in items.items()]


@bp.get("/talk/delete")
@allow(Role.ANYONE)
def ask_delete() -> Page:
    talk = holding.talk()
    passed_on = showing.all_passed_on(talk)
    return render_template(
        "young/delete.html", passed_on=passed_on, if_left=talk.if_left
    )


@bp.post("/talk/delete")
@allow(Role.ANYONE)
def delete() -> AnyResponse:
    talking.delete(holding.talk())
    holding.forget()
    return redirect("/deleted", 303)


@bp.get("/deleted")
@allow(Role.ANYONE)
def deleted() -> Page:
    return render_template("young/deleted.html")
