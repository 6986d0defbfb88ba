"""Make messages that nobody wrote, for a teacher to say what it thinks of them.

Each is put together from messages of the corpora: words changed for others of their
kind, the beginning of one and the end of another, two in a row, words left out. None
has a label; a large model's verdict on each (`tests.tools.teacher`) is what a small one
learns from (`tests.tools.listener`). Two kinds have one: long ones (`in_a_row`) that of
the worst in them, which is mostly that there is nothing; and those put together from
everyday messages alone (`ordinary`) are harmless, whatever a teacher says.
"""

import random
import re
from collections import defaultdict
from itertools import accumulate

from engage.services.messages import is_real

_CUT = re.compile(
    r"(?<=[.,!?;])\s+|\s+(?=(?:and|but|cos|because|when|if|so|n|then|or|that|an|bcos|"
    r"wi|with|after|before|til|until)\s)",
    re.IGNORECASE,
)
_CHANGED, _LEFT_OUT = (0.1, 0.2, 0.35), (0.1, 0.2, 0.3)
_MOST_OF_A_KIND, _LONGEST = 400, 500
_GRAVE, _HARD = 0.35, 0.5
_WAYS = (0.35, 0.3, 0.1, 0.15, 0.1)
_UNCHANGED = (0, 0.4, 0.2, 0.2, 0.2)
"""No word for another: that could make something of it."""
_EVERYDAY = 0.5
"""How often everyday messages are taken, beside others."""


def in_a_row(messages, many, seed=2):
    """So many long ones, each with its level: three to eight messages that follow."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    calm = [m.text.strip() for m in messages if not m.level and _is_calm(m, chance)]
    grave = [m for m in messages if m.level]
    made = []
    for _ in range(many):
        texts, level = chance.choices(calm, k=chance.randint(3, 8)), 0
        if chance.random() < _GRAVE:
            worst = chance.choice(grave)
            texts[chance.randrange(len(texts))] = worst.text.strip()
            level = worst.level
        made.append((chance.choice((". ", ". ", " ", "\n")).join(texts), level))
    return made


def ordinary(messages, many):
    """So many put together from everyday ones: nothing comes of that but everyday life.

    Real ones are taken twice as often, being fewer.
    """
    calm = [each for each in messages if each.source.startswith("everyday")]
    calm += [each for each in calm if is_real(each)]
    return Mixer(calm).made(many, _UNCHANGED)


def _is_calm(message, chance):
    return message.source.startswith("everyday") or chance.random() < _HARD


class Mixer:
    def __init__(self, messages, kin=None, seed=1):
        self._texts = [each.text.strip() for each in messages]
        shares = (
            _EVERYDAY if each.source.startswith("everyday") else 1.0
            for each in messages
        )
        self._shares = list(accumulate(shares))
        rows = kin.rows if kin else {}
        self._kind = {word: int(kin.kinds[row, -1]) for word, row in rows.items()}
        self._same = defaultdict(list)
        for word, kind in self._kind.items():
            self._same[kind].append(word)
        self._random = random.Random(seed)  # noqa: S311 - nothing secret

    def made(self, many, shares=_WAYS):
        """So many different ones. `shares`: how often each way is gone."""
        found = {}
        ways = (self._changed, self._spliced, self._joined, self._thinned, self._part)
        while len(found) < many:
            (way,) = self._random.choices(ways, shares)
            text = way().strip()
            if text and len(text) <= _LONGEST:
                found[text] = True
        return list(found)

    def _one(self):
        return self._random.choices(self._texts, cum_weights=self._shares)[0]

    def _changed(self):
        share = self._random.choice(_CHANGED)
        words = self._one().split()
        return " ".join(
            self._like(word) if self._random.random() < share else word
            for word in words
        )

    def _like(self, word):
        same = self._same[self._kind.get(word.lower(), -1)]
        known = same and len(same) < _MOST_OF_A_KIND
        return self._random.choice(same) if known else word

    def _spliced(self):
        one, other = _CUT.split(self._one()), _CUT.split(self._one())
        if len(one) > 1:
            begin = one[: self._random.randint(1, len(one) - 1)]
        else:
            words = one[0].split()
            begin = words[: max(2, len(words) // 2)]
        if len(other) > 1:
            end = other[self._random.randint(1, len(other) - 1) :]
        else:
            words = other[0].split()
            end = words[len(words) // 2 :]
        return " ".join(begin + end)

    def _joined(self):
        between = self._random.choice((". ", ". ", " and ", ", "))
        return self._one().rstrip(".") + between + self._one()

    def _thinned(self):
        share = self._random.choice(_LEFT_OUT)
        words = self._one().split()
        return " ".join(word for word in words if self._random.random() > share)

    def _part(self):
        words = self._one().split()
        size = self._random.randint(max(1, len(words) // 3), len(words))
        start = self._random.randint(0, len(words) - size)
        return " ".join(words[start : start + size])
