"""From the fields of a posted form to an answer; the core decides whether it fits."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from engage.core.dialogue.answers import (
    LONGEST_CALLED,
    Chosen,
    Given,
    Named,
    NotAccepted,
    Silence,
    Sorted,
    Unfit,
    Written,
    name_people,
)
from engage.core.dialogue.path import Turn, Worry
from engage.core.dialogue.script import Kind

Form = MultiDict[str, str]
NAMES_A_KIND = 2
"""How many people of one kind the form has boxes for."""


def given_from(form: Form, turn: Turn) -> Given:
    """What was given at this turn.

    Raises:
        NotAccepted: a way not to answer that there is not.
    """
    silence = form.get("silence")
    if silence is not None:
        if silence not in set(Silence):
            raise NotAccepted(Unfit.NOT_OFFERED)
        return Silence(silence)
    writes = turn.worry is None and turn.step.kind is Kind.WRITE
    if writes or turn.worry in (Worry.ADD, Worry.REACH):
        # Browsers send CRLF for a new line; the child typed one.
        return Written(form.get("text", "").replace("\r\n", "\n"))
    if turn.worry is None and turn.step.kind is Kind.PEOPLE:
        return _named(form, turn)
    if turn.worry is None and turn.step.kind is Kind.SORT:
        cards = (o.id for o in turn.step.options)
        return Sorted(
            tuple((c, form[f"card-{c}"]) for c in cards if f"card-{c}" in form)
        )
    return Chosen(tuple(form.getlist("answer")))


@dataclass(frozen=True, slots=True)
class Typed:
    """What is in a form that was not taken, to be put back into it."""

    text: str
    people: list[tuple[str, str]]


def typed_in(form: Form) -> Typed:
    return Typed(form.get("text", ""), _wanted(form))


def _named(form: Form, turn: Turn) -> Named:
    wanted = _wanted(form)
    if any(len(name) > LONGEST_CALLED for _kind, name in wanted):
        raise NotAccepted(Unfit.TOO_LONG)
    given = turn.answer.given if turn.answer else None
    before = given.people if isinstance(given, Named) else ()
    return Named(name_people(wanted, before))


def _wanted(form: Form) -> list[tuple[str, str]]:
    """The people ticked, as (kind, what they are called)."""
    wanted: list[tuple[str, str]] = []
    for kind in form.getlist("kind")[:100]:
        names = [
            form.get(f"called-{kind}-{n}", "").strip()
            for n in range(1, NAMES_A_KIND + 1)
        ]
        wanted += [(kind, name) for name in names if name] or [(kind, "")]
    return wanted
