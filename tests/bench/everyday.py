"""What reading by priority finds, and what long everyday messages are taken for.

`python -m tests.bench.everyday SMS [--json]`. `SMS`: real everyday texts, which may not
be copied here. Everyday messages are those that the listener never learned from
(`messages.is_apart`); those at risk are of the writers of `unseen-*`.
"""

import random
import sys
from pathlib import Path

import numpy as np

from engage import paths
from engage.services import messages, noticing, shelves
from tests.bench.verdict import Row, say

CORPORA = Path(__file__).parents[1] / "corpora"
AT_RISK, READ_FIRST = 0.02, 0.1
"""Shares of all messages: as many as are at risk, and as many as are read first."""
LONG, OF = 600, 6


def found_first(at_risk, calm):
    """Percent of those at risk that are among the first tenth."""
    share = (READ_FIRST - AT_RISK) / (1 - AT_RISK)
    return 100 * float((at_risk > np.quantile(calm, 1 - share)).mean())


def percent(screen, texts, levels):
    found = [screen.decide(text).level for text in texts]
    return 100 * sum(level in levels for level in found) / len(found)


def main():
    screen = noticing.load(paths.CONVERSATIONS, shelves.sources())
    files = [*sorted(CORPORA.glob("everyday-*.jsonl")), Path(sys.argv[1])]
    calm = [m for m in messages.read_messages(files) if messages.is_apart(m)]
    unseen = messages.read_messages(sorted(CORPORA.glob("unseen-*.jsonl")))
    grave = [m.text for m in unseen if m.level > 1]
    real = [m.text for m in calm if messages.is_real(m)]
    calm = [m.text.strip() for m in calm]
    first = {
        name: np.array([screen.decide(text).priority for text in texts])
        for name, texts in (("grave", grave), ("real", real), ("calm", calm))
    }
    chance = random.Random(3)
    runs = [chance.choices(calm, k=OF) for _ in range(LONG)]
    long = [". ".join(run) for run in runs]
    for run in runs:
        run[chance.randrange(OF)] = chance.choice(grave).strip()
    buried = [". ".join(run) for run in runs]
    passed_on, noticed = ("concern", "now"), ("check", "concern", "now")
    rows = [
        (
            "The first tenth finds, among real texts",
            found_first(first["grave"], first["real"]),
        ),
        (
            "The first tenth finds, among everyday ones",
            found_first(first["grave"], first["calm"]),
        ),
        ("Six everyday ones in a row, stopped at", percent(screen, long, noticed)),
        ("Six everyday ones in a row, passed on", percent(screen, long, passed_on)),
        ("One at risk among them, caught", percent(screen, buried, noticed)),
        ("One at risk among them, passed on", percent(screen, buried, passed_on)),
    ]
    say(
        [Row(name, round(value, 1), unit="%") for name, value in rows],
        as_json="--json" in sys.argv,
    )


if __name__ == "__main__":
    main()
