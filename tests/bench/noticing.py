"""How long it takes to decide on a message, to start, and what it holds in memory.

`python -m tests.bench.noticing [--json]`. The messages are those of the corpora, joined
to 300 characters; and 5,000 of each shape that is nasty to look through.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import psutil

from engage import paths
from engage.services import noticing, shelves
from tests.bench.verdict import Row, say

CORPUS = Path(__file__).parents[1] / "corpora" / "own-3.jsonl"
MANY, LENGTH, LONG = 600, 300, 5_000
NASTY = (
    "he hits me ",
    "not ",
    "a",
    "\u0430",
    "k m s ",
    "1a",
    "never any food at home ",
)


def took(screen, text, times=1):
    """Milliseconds of work, the least of so many times."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        screen.decide(text)
        best = min(best, time.process_time() - began)
    return best * 1000


def main():
    held = psutil.Process().memory_info().rss
    began = time.process_time()
    screen = noticing.load(paths.CONVERSATIONS, shelves.sources())
    started = time.process_time() - began
    more = (psutil.Process().memory_info().rss - held) / 2**20
    lines = CORPUS.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    whole = " ".join(texts)
    messages = [whole[n * 97 : n * 97 + LENGTH] for n in range(MANY)]
    for each in messages[:50]:
        screen.decide(each)
    each = [took(screen, text, times=3) for text in messages]
    nasty = max(took(screen, shape * (LONG // len(shape)), 3) for shape in NASTY)
    p99 = statistics.quantiles(each, n=100)[-1]
    median = statistics.median(each)
    plain = took(screen, whole[:LONG], times=5)
    say(
        [
            Row("300 characters, median", round(median, 2), unit="ms"),
            Row("300 characters, p99", round(p99, 2), 1, "ms"),
            Row("5,000 characters of messages", round(plain, 1), 15, "ms"),
            Row("5,000 characters of the nastiest shape", round(nasty, 1), 15, "ms"),
            Row("Start", round(started, 2), 0.5, "s"),
            Row("Memory more", round(more), 60, "MB"),
        ],
        as_json="--json" in sys.argv,
    )


if __name__ == "__main__":
    main()
