"""Choose messages for the regression list from those that are decided on rightly.

`python -m tests.tools.regression > conversations/safeguarding/regression.yaml`. It is
run when the list is begun anew; afterwards people add to it: what was missed once.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from engage import paths
from engage.services import messages, noticing, shelves
from engage.services.messages import LEVELS

CORPORA = Path(__file__).parents[1] / "corpora"
EVERY, MOST = 37, 90
HEAD = """\
# Messages that are noticed, and harmless ones that are not. `engage check` tries them
# all, and refuses a lexicon, a policy or a learned layer that loses one. Add what was
# missed once, without anything that could tell who wrote it. All of these are invented.
# now and concern: must be passed on. check: must at least be asked about. none: must
# not be passed on.
"""


def main():
    screen = noticing.load(paths.CONVERSATIONS, shelves.sources())
    files = sorted(CORPORA.glob("*.jsonl"))
    chosen = defaultdict(list)
    for each in list(messages.read_messages(files))[::EVERY]:
        found = screen.decide(each.text).level
        right = (found.value if found else "none") == LEVELS[each.level]
        if right and len(chosen[LEVELS[each.level]]) < MOST and len(each.text) < 200:
            chosen[LEVELS[each.level]].append(each.text)
    sys.stdout.write(HEAD)
    for name in ("now", "concern", "check", "none"):
        sys.stdout.write(f"\n{name}:\n")
        for text in chosen[name]:
            sys.stdout.write(f"  - {json.dumps(text, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()
