"""How much of the corpora is noticed now, and the least that may ever be again.

`python -m tests.ratchet` writes the figures down. A change may raise them, never lower
them. They are of messages that were learned from: they say that nothing was broken, not
how well unseen messages are noticed; the card of `engage train` says that.
"""

import json
from pathlib import Path

from engage.services import judging, messages
from tests.speaking import BOOKS

CORPORA = Path(__file__).parent / "corpora"
KEPT = CORPORA / "ratchet.json"
EVERY = 4
"""One message in so many: all of them would take a minute."""


def figures():
    files = sorted(CORPORA.glob("*.jsonl"))
    read = list(messages.read_messages(files))[::EVERY]
    judged = list(judging.judge(BOOKS.detector, read))
    shares = {share.name: share for share in judging.by(judged, judging.level)}
    found = {}
    for name in ("now", "concern"):
        share = shares[name]
        found[f"{name} caught"] = round(share.caught / share.count, 4)
        found[f"{name} flagged"] = round(share.flagged / share.count, 4)
    return found


if __name__ == "__main__":
    KEPT.write_text(json.dumps(figures(), indent=2) + "\n", "utf-8")
