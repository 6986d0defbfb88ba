"""How many fewer are caught when the same messages are typed in another way.

`python -m tests.bench.spellings [--json]`. The messages are those of writers whom
nothing was learned from (`tests/corpora/unseen-*.jsonl`), each typed with slips, as
text-speak, with digits for letters, with letters spaced out, stretched, or run
together.
"""

import random
import re
import sys
from pathlib import Path

from engage import paths
from engage.services import messages, noticing, shelves
from tests.bench.verdict import Row, say

CORPORA = Path(__file__).parents[1] / "corpora"
MOST = 6
"""Points by which the share that is caught may fall."""
LETTERS = re.compile(r"[a-z]{4,}", re.IGNORECASE)
LETTERS_ALL = re.compile(r"[a-z]+", re.IGNORECASE)
NEAR = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "wqretyiuopsadfhgjlkxzvcbmn", strict=True)
)
SHORT = {
    **{"you": "u", "are": "r", "your": "ur", "to": "2", "too": "2", "for": "4"},
    **{"be": "b", "see": "c", "why": "y", "because": "cuz", "please": "pls"},
    **{"people": "ppl", "about": "abt", "tonight": "2nite", "tomorrow": "2moro"},
    **{"before": "b4", "great": "gr8", "with": "wiv", "what": "wot", "when": "wen"},
    **{"and": "n", "the": "da", "that": "dat", "them": "dem", "really": "rly"},
    **{"have": "hav", "just": "jst", "don't": "dnt", "dont": "dnt", "night": "nite"},
    **{"something": "sumthin", "someone": "sum1", "everyone": "every1", "my": "ma"},
    **{"going": "goin", "doing": "doin", "getting": "gettin", "want": "wnt"},
    **{"school": "skl", "know": "kno", "love": "luv", "okay": "k", "friend": "frend"},
}
DIGITS = str.maketrans("aeiost", "431057")
WORD = re.compile(r"[\w'\u2019]+")


def slips(text, chance):
    """One slip in every fourth longer word: swapped, left out, doubled, a near key."""

    def slip(match):
        word = match[0]
        if chance.random() > 0.25:
            return word
        at = chance.randrange(1, len(word) - 1)
        kind = chance.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        if kind == 2:
            return word[:at] + word[at] + word[at:]
        return word[:at] + NEAR.get(word[at].lower(), word[at]) + word[at + 1 :]

    return LETTERS.sub(slip, text)


def text_speak(text, chance):
    def short(match):
        return SHORT.get(match[0].lower(), match[0])

    return WORD.sub(short, text).lower()


def digits(text, chance):
    """Every third longer word with digits for some of its letters."""

    def code(match):
        return (
            match[0].lower().translate(DIGITS) if chance.random() < 0.34 else match[0]
        )

    return LETTERS.sub(code, text)


def spaced(text, chance):
    """Every third longer word with its letters spaced out."""

    def space(match):
        return " ".join(match[0]) if chance.random() < 0.34 else match[0]

    return LETTERS.sub(space, text)


def spaced_throughout(text, chance):
    return LETTERS_ALL.sub(lambda match: " ".join(match[0]), text)


def stretched(text, chance):
    def stretch(match):
        word = match[0]
        if chance.random() > 0.34:
            return word
        at = next((n for n, char in enumerate(word) if char in "aeiou"), 1)
        return word[:at] + word[at] * chance.randrange(3, 6) + word[at + 1 :]

    return LETTERS.sub(stretch, text)


def run_together(text, chance):
    return re.sub(r"[ ,.'\u2019]+", "", text)


KINDS = (
    *(slips, text_speak, digits, spaced, spaced_throughout),
    *(stretched, run_together),
)


def caught(screen, told):
    return sum(screen.decide(text).level is not None for text in told) / len(told)


def main():
    screen = noticing.load(paths.CONVERSATIONS, shelves.sources())
    files = sorted(CORPORA.glob("unseen-*.jsonl"))
    told = [
        each.text
        for each in messages.read_messages(files)
        if each.level > 1 and each.lang in ("en", "sco")
    ]
    before = caught(screen, told)
    rows = [
        Row(f"Caught of {len(told):,} as they were", round(before * 100, 1), unit="%")
    ]
    for kind in KINDS:
        chance = random.Random(7)
        after = caught(screen, [kind(text, chance) for text in told])
        fall = round((before - after) * 100, 1)
        rows.append(Row(kind.__name__.replace("_", " "), fall, MOST, "points fewer"))
    say(rows, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
