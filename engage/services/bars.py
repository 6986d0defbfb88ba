"""The bars: from which score on the learned layer raises, by language and level.

They are set on messages of writers that the weights were not learned from.
"""

from dataclasses import dataclass

import numpy as np

from engage.core.safeguarding.learned import LANGUAGES
from engage.services.examples import HEADS, Bools, Floats, Ints, Table
from engage.services.messages import is_everyday, is_fresh, is_real


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of the harmless that may be flagged, and flagged or checked.

    Of messages written to look alarming; of real everyday ones; of invented ones. Of
    the first, 6 % and 16 % are allowed; new writers are harder than those here.
    """

    flagged: tuple[float, float, float] = (0.0545, 0.0095, 0.03)
    checked: tuple[float, float, float] = (0.144, 0.04, 0.085)
    now_right: float = 0.6
    """Least share of `now` among what is raised to it."""
    now_sure: float = 0.75
    """Likewise, among what is raised for that alone, being no concern by its score."""


OTHER_LIMITS = Limits(flagged=(0.097, 1, 1), checked=(0.32, 1, 1))
"""In other languages: there are fewer messages to learn from, so it asks more often."""


_UPPER, _MOST_UPPER = 10, 0.2
"""Of the real ones, what decides is how the scores fall off in the upper part: so many
times the share that may be raised, and no more than this share of all."""
_FEWEST = 20
"""Fewer prove nothing."""


def bars_of(
    table: Table, scores: Floats, ruled: Ints, usable: Bools, limits: Limits
) -> Floats:
    """By language: as `learned.Model.raises`. `usable`: where scores are honest."""
    return np.stack(
        [
            _bars_in(table, scores, ruled, spoken, OTHER_LIMITS if n else limits)
            for n in range(len(LANGUAGES))
            for spoken in [(table.languages == n) & usable]
        ]
    )


def _bars_in(
    table: Table, scores: Floats, ruled: Ints, which: Bools, limits: Limits
) -> Floats:
    harmless = (table.levels == 0) & which
    everyday = np.array([is_everyday(each) for each in table.messages])
    real = np.array([is_real(each) for each in table.messages])
    fresh = np.array([is_fresh(each) for each in table.messages])
    real &= which
    written = harmless & fresh & ~everyday
    invented = harmless & everyday & ~real

    def lowest(head: int, most: tuple[float, float, float], already: Bools) -> float:
        bar, said = 9.0, scores[:, head]
        for tried in np.arange(5, -5, -0.01):
            raised = (said >= tried) | already
            shares = (
                _share(raised[written]),
                expected(said[real], already[real], float(tried), most[1]),
                _share(raised[invented]),
            )
            if any(s > m for s, m in zip(shares, most, strict=True)):
                break
            bar = float(tried)
        return bar

    now = 9.0
    for tried in np.arange(5, -2, -0.01):
        raised = which & (scores[:, 2] >= tried)
        if raised.any() and (table.levels[raised] == HEADS).mean() < limits.now_right:
            break
        now = float(tried)
    concern = lowest(1, limits.flagged, ruled > 1)
    rest = which & fresh & (scores[:, 1] < concern) & (ruled < 2)
    sure = _sure(scores[rest, 2], table.levels[rest] == HEADS, limits.now_sure)
    flagged = (scores[:, 2] >= sure) | (ruled > 1)
    concern = lowest(1, limits.flagged, flagged)
    flagged |= scores[:, 1] >= concern
    check = lowest(0, limits.checked, flagged | (ruled > 0))
    return np.array([check, concern, now, sure], np.float32)


def _sure(said: Floats, now: Bools, right: float) -> float:
    """The lowest score from which so many are `now`, and from any higher one."""
    order = np.argsort(-said, kind="stable")
    share = np.cumsum(now[order]) / np.arange(1, len(order) + 1)
    wrong = np.flatnonzero(share[_FEWEST:] < right)
    last = _FEWEST + int(wrong[0]) if len(wrong) else len(order)
    return float(said[order[last - 1]]) if last > _FEWEST else 9.0


def _share(raised: Bools) -> float:
    return float(raised.mean()) if len(raised) else 0.0


def expected(said: Floats, already: Bools, bar: float, most: float) -> float:
    """The share that would be raised by rules or by this bar, of many more like these.

    The real ones that the listener never learned from are 479, of which four or five
    may be flagged: counted alone, the fifth would decide. Far up, scores fall off
    exponentially (peaks over a threshold: Pickands 1975), by the mean of what is over.
    """
    if not len(said) or already.all():
        return _share(already)
    own, by_rules = said[~already], float(already.mean())
    upper = min(_UPPER * most, _MOST_UPPER)
    edge = float(np.quantile(own, 1 - upper))
    over = own[own > edge] - edge
    if bar <= edge or not len(over):
        return _share((said >= bar) | already)
    share = upper * float(np.exp(-(bar - edge) / over.mean()))
    return by_rules + (1 - by_rules) * share


def levels_of(table: Table, scores: Floats, ruled: Ints, bars: Floats) -> Ints:
    over = scores >= bars[table.languages, :HEADS]
    learned = np.where(over[:, 1], np.where(over[:, 2], 3, 2), over[:, 0])
    learned[scores[:, 2] >= bars[table.languages, HEADS]] = 3
    return np.maximum(learned, ruled)
