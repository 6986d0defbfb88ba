"""From the fields of a posted form to an answer; the core decides whether it fits."""

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


def _named(form: Form, turn: Turn) -> Named:
    wanted: list[tuple[str, str]] = []
    for kind in form.getlist("kind")[:100]:
        names = [
            form.get(f"called-{kind}-{n}", "").strip()
            for n in range(1, NAMES_A_KIND + 1)
        ]
        if any(len(name) > LONGEST_CALLED for name in names):
            raise NotAccepted(Unfit.TOO_LONG)
        wanted += [(kind, name) for name in names if name] or [(kind, "")]
    given = turn.answer.given if turn.answer else None
    before = given.people if isinstance(given, Named) else ()
    return Named(name_people(wanted, before))
