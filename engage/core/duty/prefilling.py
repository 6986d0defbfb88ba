"""What a flag fills into the concern form. Nothing is made up: the rest stays empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engage.core.duty.concern_form import LOCAL_LEAD
from engage.core.duty.hand_over import as_typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when the form is first opened. All times are UTC.

    The child's own words are not here: they are no field (see `concern_form`).
    """

    now: datetime
    raised_at: datetime
    reporter: str
    reporter_role: str
    joined: Mapping[str, str] = field(default_factory=dict)
    """How they came: `how`, and as far as known `card`, `place`, `adult`, `phone`."""
    categories: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    language: str = ""
    """In which the talk was held, as an English word. Theirs may be another."""
    safe: str = ""
    """Their latest answer when asked whether they are safe: yes, no, not-sure."""
    local: Mapping[str, str] = field(default_factory=dict)
    """Name and phone of the local lead; empty when they must not be filled in."""


def prefilled(facts: Facts) -> dict[str, str]:
    """The fields that the flag gives."""
    joined = facts.joined
    found = {
        "at": as_typed(facts.now),
        "reporter": facts.reporter,
        "reporter-role": facts.reporter_role,
        "arose": _ARISEN.get(joined.get("how", ""), ""),
        "since": as_typed(facts.raised_at).replace("T", " "),
        "code": joined.get("card", ""),
        "language": f"The talk was in {facts.language}" if facts.language else "",
        "category": ", ".join(dict.fromkeys(facts.categories)).replace("_", " "),
        "where": _where(joined),
        "safe": _SAFE.get(facts.safe, ""),
        "told": "\n".join(dict.fromkeys(facts.told)),
    }
    if facts.local.get("name"):
        found |= {
            "to": facts.local["name"],
            "role": LOCAL_LEAD,
            "contact": facts.local.get("phone", ""),
        }
    return {name: value for name, value in found.items() if value}


_SAFE = {"yes": "yes", "no": "no", "not-sure": "not-known"}
_ARISEN = {
    "card": "In a talk, begun with a printed card",
    "gathering": "In a talk at a gathering",
    "open": "In a talk, by an open link: it does not say who they are",
    "hand": "Heard aloud and written down",
    "drill": "A drill: nobody is in danger",
}


def _where(joined: Mapping[str, str]) -> str:
    """Where they were when they said it. Where they are now is not known."""
    place = joined.get("place", "")
    adult = ", ".join(filter(None, (joined.get("adult"), joined.get("phone"))))
    lines = (
        f"When it was said: {place}" if place else "",
        f"The adult there: {adult}" if adult else "",
    )
    return "\n".join(filter(None, lines))
