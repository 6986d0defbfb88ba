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

    @property
    def altered(self) -> bool:
        """Whether it is not what was written. By itself this does not prove order."""
        return hash_of(self) != self.hash


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry, as somebody knows it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """`what` goes on from the number: 7 was changed after it was written."""

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
    # SQLite keeps bytes in any column: they are found like any other change.
    whole = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(whole.encode()).hexdigest()


def check(
    entries: Iterable[Entry], head: Head | None, known: Iterable[Head] = ()
) -> Iterator[Broken]:
    """What is wrong with the chain, in order; nothing if it is whole.

    `entries` by number, read once. `head`: what the journal itself says is its newest.
    `known`: heads that were mailed: they prove that nothing was made anew since.
    """
    wanted: dict[int, set[str]] = {}
    for mailed in known:
        wanted.setdefault(mailed.number, set()).add(mailed.hash)
    newest, before = 0, GENESIS
    for entry in entries:
        yield from _link(entry, newest, before)
        if wanted.pop(entry.number, {entry.hash}) != {entry.hash}:
            yield Broken(entry.number, "is not what the mailed head says it was")
        if entry.number > newest:
            newest, before = entry.number, entry.hash
    yield from _end(newest, before, head, wanted)


def _link(entry: Entry, newest: int, before: str) -> Iterator[Broken]:
    if entry.number <= newest:
        yield Broken(entry.number, f"is not in its place: it comes after {newest}")
    elif entry.number > newest + 1:
        yield Broken(newest + 1, _missing(newest + 1, entry.number - 1))
    elif entry.previous != before:
        yield Broken(entry.number, "does not follow from the entry before it")
    if entry.altered:
        yield Broken(entry.number, "was changed, or added, by other means than Engage")


def _end(
    newest: int, before: str, head: Head | None, wanted: Mapping[int, set[str]]
) -> Iterator[Broken]:
    if head is None:
        if newest:
            yield Broken(newest, "is the newest, but the journal does not say so")
    elif head.number > newest:
        yield Broken(newest + 1, _missing(newest + 1, head.number))
    elif head.number < newest:
        yield Broken(newest, f"is the newest; the journal says that {head.number} is")
    elif head.hash != before:
        yield Broken(newest, "is not what the journal says that its newest entry is")
    for mailed in sorted(wanted):
        yield Broken(mailed, "is missing, and was mailed as the newest")


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"to {last} are missing"
