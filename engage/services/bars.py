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

    Of messages written to look alarming; of real everyday ones; of invented ones. The
    real ones that the listener never learned from are 479: four flagged, 19 in all.
    """

    flagged: tuple[float, float, float] = (0.06, 0.0095, 0.03)
    checked: tuple[float, float, float] = (0.16, 0.04, 0.085)
    now_right: float = 0.6
    """Least share of `now` among what is raised to it."""


OTHER_LIMITS = Limits(flagged=(0.1, 1, 1), checked=(0.3, 1, 1))
"""In other languages: there are fewer messages to learn from, so it asks more often."""


def bars_of(
    table: Table, scores: Floats, ruled: Ints, usable: Bools, limits: Limits
) -> Floats:
    """By language and head. `usable`: messages on which scores are honest."""
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
    groups = (harmless & fresh & ~everyday, which & real, harmless & everyday & ~real)

    def lowest(head: int, most: tuple[float, float, float], already: Bools) -> float:
        bar = 9.0
        for tried in np.arange(5, -5, -0.05):
            raised = (scores[:, head] >= tried) | already
            shares = [raised[group].mean() if group.any() else 0 for group in groups]
            if any(s > m for s, m in zip(shares, most, strict=True)):
                break
            bar = float(tried)
        return bar

    now = 9.0
    for tried in np.arange(5, -2, -0.05):
        raised = which & (scores[:, 2] >= tried)
        if raised.any() and (table.levels[raised] == HEADS).mean() < limits.now_right:
            break
        now = float(tried)
    concern = lowest(1, limits.flagged, ruled > 1)
    flagged = (scores[:, 1] >= concern) | (ruled > 1)
    check = lowest(0, limits.checked, flagged | (ruled > 0))
    return np.array([check, concern, now], np.float32)


def levels_of(table: Table, scores: Floats, ruled: Ints, bars: Floats) -> Ints:
    over = scores >= bars[table.languages]
    learned = np.where(over[:, 1], np.where(over[:, 2], 3, 2), over[:, 0])
    return np.maximum(learned, ruled)
