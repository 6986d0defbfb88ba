"""The lexicon as one record, to be read at once: the files take seconds.

It names the digest of the files it was made from, and is not used for any others.
"""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from engage.core.safeguarding.lexicon import Lexicon, Rule, Strength

_FORM = 4
_OFTEN = 3


def digest_of(files: Mapping[str, str]) -> str:
    """SHA-256, hex, of these files and their names."""
    found = hashlib.sha256(f"{_FORM}".encode())
    for name, text in sorted(files.items()):
        found.update(f"{len(name)}:{name}{len(text.encode())}:{text}".encode())
    return found.hexdigest()


def to_record(lexicon: Lexicon, digest: str) -> dict[str, Any]:
    """Without the messages that rules are tried on: they only serve `check`."""
    return {
        "digest": digest,
        "languages": dict(lexicon.languages),
        "spellings": dict(lexicon.spellings),
        "common": {w: n for w, n in lexicon.common.items() if n >= _OFTEN},
        "slots": {name: _joined(rows) for name, rows in lexicon.slots.items()},
        "rules": [
            [
                rule.id,
                rule.strength.value,
                list(rule.categories),
                rule.because,
                _joined(rule.patterns),
                rule.deniable,
                rule.frame,
                _joined(rule.asked),
                rule.unless_ordinary,
            ]
            for rule in lexicon.rules
        ],
    }


def from_record(record: Mapping[str, Any], vocabulary: Sequence[str]) -> Lexicon:
    return Lexicon(
        [_rule(each) for each in record["rules"]],
        {name: _split(rows) for name, rows in record["slots"].items()},
        record["spellings"],
        record["languages"],
        vocabulary,
        record["common"],
    )


def _rule(held: list[Any]) -> Rule:
    id, strength, categories, because, patterns, deniable, frame, *more = held
    asked, unless_ordinary = more
    return Rule(
        id,
        Strength(strength),
        tuple(categories),
        because,
        tuple(_split(patterns)),
        deniable,
        frame,
        asked=tuple(_split(asked)),
        unless_ordinary=unless_ordinary,
    )


def _joined(rows: Any) -> str:
    return "\n".join(" ".join(row) for row in rows)


def _split(rows: str) -> list[tuple[str, ...]]:
    """Each word kept once, however many rows it stands in: a third of the memory."""
    found = rows.split("\n") if rows else []
    return [tuple(map(sys.intern, row.split(" "))) for row in found]
