"""Messages put together in batches, for what is taught with torch."""

import numpy as np
import torch

from engage.services import messages

_AT_ONCE = 20


def batches(lengths, size, chance):
    """Of messages about as long as each other, in any order."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    made = []
    for start in range(0, len(order), size * _AT_ONCE):
        near = sorted(order[start : start + size * _AT_ONCE], key=lengths.__getitem__)
        made += [near[at : at + size] for at in range(0, len(near), size)]
    chance.shuffle(made)
    return made


def padded(rows):
    """Rows of numbers side by side; 0 where one has ended."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
    return torch.tensor(ids)


def count_of(message):
    """How much it counts: the harmless are few beside those at risk, unlike in life."""
    if messages.is_real(message):
        return 10.0
    return 4.0 if messages.is_everyday(message) else 1.0 if message.level else 1.5
