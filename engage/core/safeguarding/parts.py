"""Scores of the parts of a message: what one sentence of many says would drown in it.

Every judge is asked once about all places of the message, and its weights are summed up
by part: it costs a fraction of asking about each part by itself.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from engage.core.safeguarding.features import (
    Found,
    Index,
    joined_starts,
    mark_of_frame,
    marks_of,
    mixed_marks,
)
from engage.core.safeguarding.learned import Model, Weights
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

_SHORT, _LONGEST = 12, 40
"""Words: sentences are put together until a part has so many, or cut when it has."""
Array = npt.NDArray[np.float32]


def highest(model: Model, looked: Looked, found: Found) -> list[float] | None:
    """The highest score of any part, by level; None if it has one part only."""
    words = [word.text for word in looked.words]
    starts = starts_of(words)
    if len(starts) < 2:
        return None
    letters = joined_starts(words)
    places = (starts, [int(letters[at]) for at in starts], starts, starts)
    total = np.tile(model.bias, (len(starts), 1))
    for n, judge in enumerate(model.judges):
        sums, counts = _summed(judge, found.rows[n], places[n])
        if n == 0:
            _add_seen(judge, looked, starts, sums, counts)
        total += sums * (judge.scale / np.sqrt(np.maximum(counts, 1))[:, None])
    best: list[float] = total.max(axis=0).tolist()
    return best


def starts_of(words: Sequence[str]) -> list[int]:
    """Where parts begin: sentences, short ones put together and long ones cut."""
    starts = [0]
    for at, word in enumerate(words[:-1]):
        long = at + 1 - starts[-1]
        if (word == STOP and long >= _SHORT) or long >= _LONGEST:
            starts.append(at + 1)
    if len(starts) > 1 and len(words) - starts[-1] < _SHORT:
        starts.pop()
    return starts


def _summed(
    judge: Weights, rows: Sequence[Index], at: Sequence[int]
) -> tuple[Array, Array]:
    """The sum of weights and the number of features, by part."""
    # A row of several words is shorter: a part at the very end may have none of it.
    ends = [0, *accumulate(map(len, rows))]
    cuts = [
        start + min(n, len(row) - 1)
        for start, row in zip(ends, rows, strict=False)
        for n in at
    ]
    whole = judge.each.take(np.concatenate(rows), axis=0).astype(np.float32)
    sums = np.add.reduceat(whole, cuts, axis=0)
    counts = np.diff([*cuts, ends[-1]]).astype(np.float32)
    shape = len(rows), len(at)
    return (
        sums.reshape(*shape, -1).sum(axis=0),
        counts.reshape(shape).sum(axis=0),
    )


def _add_seen(
    judge: Weights, looked: Looked, starts: Sequence[int], sums: Array, counts: Array
) -> None:
    """What the lexicon saw, in the part in which it begins."""
    marks: list[set[int]] = [set() for _ in starts]
    for hit in looked.hits:
        marks[bisect_right(starts, hit.start) - 1].update(marks_of(hit))
    for frame in looked.frames:
        marks[bisect_right(starts, frame.start) - 1].add(mark_of_frame(frame))
    flat = [mark for own in marks for mark in own]
    if not flat:
        return
    seen = mixed_marks(flat)
    weights = judge.each.take(seen, axis=0).sum(axis=0, dtype=np.int32)
    ends = list(accumulate(map(len, marks)))
    some = [n for n, own in enumerate(marks) if own]
    sums[some] += np.add.reduceat(weights, [ends[n] - len(marks[n]) for n in some])
    counts[some] += [len(marks[n]) * len(seen) for n in some]
