"""The chain of the journal: each entry carries the hash of all that came before.

Whoever changes, removes, adds or moves a row must make every later hash anew; and the
newest hash is mailed to the lead every day, where nobody can change it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
"""What the first entry has before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, exactly as it is kept. `at` is ISO 8601 in UTC."""

    number: int
    at: str
    verb: str
    staff: int | None
    inspection: int | None
    flag: int | None
    detail: str
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry, as somebody knows it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    number: int
    what: str


def hash_of(entry: Entry) -> str:
    """SHA-256 of every field and of the hash before it (64 hexadecimal digits)."""
    fields = [
        entry.previous,
        entry.number,
        entry.at,
        entry.verb,
        entry.staff,
        entry.inspection,
        entry.flag,
        entry.detail,
    ]
    whole = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def check(
    entries: Iterable[Entry], head: Head | None, known: Iterable[Head] = ()
) -> Iterator[Broken]:
    """What is wrong with the chain, in order; nothing if it is whole.

    `entries` by number, read once. `head`: what the journal itself says is its newest.
    `known`: heads that were mailed: they prove that nothing was made anew since.
    """
    wanted: dict[int, str] = {each.number: each.hash for each in known}
    number, before = 0, GENESIS
    for entry in entries:
        number += 1
        yield from _link(entry, number, before)
        if entry.number in wanted and wanted.pop(entry.number) != entry.hash:
            yield Broken(entry.number, "is not what the mailed head says it was")
        number, before = entry.number, entry.hash
    yield from _end(number, before, head, wanted)


def _link(entry: Entry, number: int, before: str) -> Iterator[Broken]:
    if entry.number != number:
        missing = f"{number} to {entry.number - 1}"
        yield Broken(number, f"entries {missing} are missing or out of order")
    elif entry.previous != before:
        yield Broken(entry.number, "does not follow the entry before it")
    if hash_of(entry) != entry.hash:
        yield Broken(entry.number, "was changed after it was written")


def _end(
    number: int, before: str, head: Head | None, wanted: Mapping[int, str]
) -> Iterator[Broken]:
    if head is None:
        if number:
            yield Broken(number, "there are entries, but nothing says which is newest")
    elif head.number > number:
        yield Broken(number + 1, f"entries up to {head.number} are missing at the end")
    elif (head.number, head.hash) != (number, before):
        yield Broken(head.number, "is not the newest entry, though the journal says so")
    for mailed in sorted(wanted):
        yield Broken(mailed, "was mailed as newest, and is missing")
