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
    JUDGES,
    Found,
    joined_starts,
    mark_of_frame,
    marks_of,
    mixed_marks,
)
from engage.core.safeguarding.learned import Model, Scores
from engage.core.safeguarding.lexicon import Looked
from engage.core.safeguarding.normalise import STOP

_LETTERS = JUDGES.index("letters")
_LESS = np.float32(0.3)
"""By how much a part must be surer than the whole: there are several of them."""
_SHORT, _LONGEST = 12, 40
"""Words: sentences are put together until a part has so many, or cut when it has."""
Array = npt.NDArray[np.float32]
_NO_ROWS = np.zeros((0, 1), np.float32)


def scored(model: Model, looked: Looked, found: Found) -> tuple[Scores, Array]:
    """What the learned layer makes of a message: of the whole, or of a surer part.

    With it the rows of the listener, by word; none where it does not understand.
    """
    words = [word.text for word in looked.words]
    judged, starts = model.judged(found)[None], starts_of(words)
    if len(starts) > 1:
        judged = np.concatenate([judged, _judged_parts(model, looked, found, starts)])
    language = model.language(found)
    listener, rows = model.hears(language), _NO_ROWS
    if listener is not None and words:
        rows = listener.rows(words)
        said = model.blended(judged, listener.heard(rows, starts))
    else:
        said = model.agreed(judged)
    said[1:] -= _LESS
    check, concern, now = said.max(axis=0).tolist()
    return Scores(check, concern, now, language), rows


def _judged_parts(
    model: Model, looked: Looked, found: Found, starts: Sequence[int]
) -> Array:
    """What each judge says, by part, judge and level. `starts`: as of `starts_of`."""
    words = [word.text for word in looked.words]
    letters = joined_starts(words)[starts].tolist()
    sums, counts = _summed(model, found, starts, letters)
    _add_seen(model, looked, starts, sums[0], counts[0])
    return model.weighed(sums.transpose(1, 0, 2), counts.transpose(1, 0)[:, :, None])


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
    model: Model, found: Found, starts: Sequence[int], letters: Sequence[int]
) -> tuple[Array, Array]:
    """Sums of weights by judge, part and level, and numbers by judge and part."""
    # A row of several words is shorter: a part at the very end may have none of it.
    cuts = [
        min(row.start + at, row.end - 1)
        for row in found.rows
        for at in (letters if row.judge == _LETTERS else starts)
    ]
    weights = model.each.take(found.flat, axis=0).astype(np.float32)
    shape = len(found.rows), len(starts)
    by_row = np.add.reduceat(weights, cuts, axis=0).reshape(*shape, -1)
    counts = np.diff([*cuts, len(found.flat)]).reshape(shape).astype(np.float32)
    judges = [row.judge for row in found.rows]
    first = [judges.index(n) for n in range(len(JUDGES))]
    return (
        np.add.reduceat(by_row, first, axis=0),
        np.add.reduceat(counts, first, axis=0),
    )


def _add_seen(
    model: Model, looked: Looked, starts: Sequence[int], sums: Array, counts: Array
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
    weights = model.each.take(seen, axis=0).sum(axis=0, dtype=np.int32)
    ends = list(accumulate(map(len, marks)))
    some = [n for n, own in enumerate(marks) if own]
    sums[some] += np.add.reduceat(weights, [ends[n] - len(marks[n]) for n in some])
    counts[some] += [len(marks[n]) * len(seen) for n in some]
