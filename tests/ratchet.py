"""How much of the corpora is noticed now, and the least that may ever be again.

`python -m tests.ratchet` writes the figures down. A change may raise them, never lower
them. Of messages that were learned from they say that nothing was broken; of those of
the writers of `unseen-*`, how well new messages are noticed.
"""

import json
from pathlib import Path

from engage.services import judging, messages
from tests.speaking import BOOKS

CORPORA = Path(__file__).parent / "corpora"
KEPT = CORPORA / "ratchet.json"
EVERY = 4
"""One message in so many of those learned from: all of them would take a minute."""


def figures():
    files = sorted(CORPORA.glob("*.jsonl"))
    unseen = [each for each in files if each.name.startswith("unseen")]
    learned_from = [each for each in files if each not in unseen]
    read = messages.read_messages
    return _shares("", list(read(learned_from))[::EVERY]) | _shares(
        "unseen, ", read(unseen)
    )


def _shares(whose, read):
    judged = list(judging.judge(BOOKS.detector, read))
    shares = {share.name: share for share in judging.by(judged, judging.level)}
    found = {}
    for name in ("now", "concern"):
        share = shares[name]
        found[f"{whose}{name} caught"] = round(share.caught / share.count, 4)
        found[f"{whose}{name} flagged"] = round(share.flagged / share.count, 4)
    return found


if __name__ == "__main__":
    KEPT.write_text(json.dumps(figures(), indent=2) + "\n", "utf-8")
