"""What adds up over a talk: words in pieces, several small worries, taking it back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from engage.core.safeguarding.concerns import Concern, Level
from engage.core.safeguarding.decisions import Decision, Reason
from engage.core.safeguarding.policy import Policy

TAKES_BACK = "takes-back"
"""The rule of the lexicon that sees something being taken back."""
ADDED_UP = "several-checks"
_MOST_PIECES, _LONGEST_PIECE = 4, 30


class Before(NamedTuple):
    """Something said earlier in the talk."""

    text: str
    """As written; empty for a choice."""
    concern: Concern | None = None
    waved_off: bool = False
    """At its check-in the child said no."""


def over_talk(
    found: Decision,
    text: str,
    before: Sequence[Before],
    again: Callable[[str], Decision],
    policy: Policy,
) -> Decision:
    """The decision on a text, given what was said before it (newest last).

    `again` decides on other words. It never becomes less than it was.
    """
    for raised in (
        _in_pieces(text, before, again),
        _taken_back(found, before),
        _added_up(found, before, policy),
    ):
        if raised is not None and _rank(raised) > _rank(found):
            found = raised
    return found


def _rank(decision: Decision) -> int:
    return -1 if decision.level is None else decision.level.rank


def _in_pieces(
    text: str, before: Sequence[Before], again: Callable[[str], Decision]
) -> Decision | None:
    """`he hits` / `me` / `when mums out`, each an answer of its own."""
    pieces: list[Before] = []
    for each in reversed(before[-_MOST_PIECES:]):
        if not 0 < len(each.text) <= _LONGEST_PIECE:
            break
        pieces.insert(0, each)
    if len(text) > _LONGEST_PIECE or not pieces:
        return None
    whole = again(" ".join([*(each.text for each in pieces), text]))
    told = [each.concern.level.rank for each in pieces if each.concern]
    if _rank(whole) <= max(told, default=-1):
        return None
    because = "Said in pieces, one after the other. " + whole.because[0].because
    reason = Reason(whole.because[0].rule, because, 0, len(text))
    return replace(whole, because=(reason,))


def _taken_back(found: Decision, before: Sequence[Before]) -> Decision | None:
    """Taking back never clears: somebody may have told them to."""
    earlier = next((b.concern for b in reversed(before) if b.concern), None)
    if earlier is None or all(each.rule != TAKES_BACK for each in found.because):
        return None
    level = max(Level.CONCERN, earlier.level, key=lambda each: each.rank)
    return replace(found, level=level, categories=earlier.categories)


def _added_up(
    found: Decision, before: Sequence[Before], policy: Policy
) -> Decision | None:
    if found.level is not Level.CHECK:
        return None
    open_ = [
        each.concern
        for each in before
        if each.concern and each.concern.level is Level.CHECK and not each.waved_off
    ]
    here = frozenset(found.categories)
    about = [here, *(frozenset(each.categories) for each in open_)]
    different = sum(not any(a & b for b in about[:n]) for n, a in enumerate(about))
    same = max(sum(bool(a & b) for b in about) for a in about)
    if different < policy.different and same < policy.same:
        return None
    because = "Several things in one talk were each a small worry."
    reason = Reason(ADDED_UP, because, *found.because[0][2:])
    return replace(found, level=Level.CONCERN, because=(reason, *found.because))
