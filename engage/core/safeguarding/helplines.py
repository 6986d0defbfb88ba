"""Reads conversations/helplines.yaml, with every fault by line.

What may be asked of the rows is in `helpline_rows`, and may be had from here too.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode

from engage.core.dialogue.problems import Problem, one_of
from engage.core.dialogue.reading_nodes import Block, Sheet
from engage.core.people import Voice
from engage.core.safeguarding.helpline_rows import (
    YOUNG_PEOPLE,
    Cost,
    Helpline,
    Hours,
    Known,
    Need,
    Window,
    first_four,
    fitting,
    open_now,
    problems,
)

__all__ = [
    "Cost",
    "Helpline",
    "Known",
    "Need",
    "Window",
    "first_four",
    "fitting",
    "open_now",
    "problems",
    "read_helplines",
]

T = TypeVar("T", date, time)

_KEYS = (
    *("id", "name", "call", "text", "chat", "site", "hours", "hours-said", "ages"),
    *("for", "cost", "first", "level", "audiences"),
    *("verified_on", "expires_on", "source", "status"),
)
_WAYS = ("call", "text", "chat", "site")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AUDIENCES = (YOUNG_PEOPLE, "parents-carers", "staff")
_OLDEST = 120
_NUMBER = re.compile(r"[0-9][0-9 ]*[0-9]")
_NEVER = {
    "08000223222": "the national line of 2007, which no longer exists",
    "08088010801": "an old law line",
    "08080684141": "a wrong copy of Papyrus's number",
    "07860039967": "an old text number",
}
_NULL = ("null", "~", "")


def read_helplines(text: str, file: str) -> tuple[tuple[Helpline, ...], list[Problem]]:
    """The rows that could be read, and what is wrong with those that could not."""
    found: list[Problem] = []
    sheet = Sheet(file, found)
    root = sheet.compose(text)
    rows: list[Helpline] = []
    for node in [] if root is None else sheet.items(root, "the help lines"):
        before = len(found)
        row = _row(sheet, node)
        if row is not None and row.id in {other.id for other in rows}:
            sheet.report(node, f"{row.id} is here twice", "Keep one of the two.")
        if row is not None and len(found) == before:
            rows.append(row)
    return tuple(rows), found


def _row(sheet: Sheet, node: Node) -> Helpline | None:
    block = sheet.block(node, "a help line")
    if block is None:
        return None
    block.only(_KEYS)
    expires = _when(block, "expires_on", date, "2027-05-31")
    if expires is None and block.get("expires_on") is None:
        block.need("expires_on", "Say until when it may be shown.")
    ways = {way: _word(block, way) for way in _WAYS}
    _reachable(block, ways)
    return Helpline(
        id=block.id("id", "a help line"),
        name=_needed(block, "name"),
        for_=_for(block),
        ages=_ages(block),
        hours=_hours(block),
        hours_said=_needed(block, "hours-said"),
        need=_member(block, "level", Need) or Need.LISTEN,
        expires_on=expires or date.min,
        source=_needed(block, "source"),
        cost=_member(block, "cost", Cost) or Cost.UNKNOWN,
        first=block.truth("first"),
        audiences=_audiences(block),
        verified_on=_when(block, "verified_on", date, "2026-11-30 or null"),
        status=_word(block, "status"),
        file=sheet.file,
        line=block.line,
        **ways,
    )


def _word(block: Block, key: str) -> str:
    node = block.get(key)
    if node is None or _is_null(node):
        return ""
    return block.sheet.word(node, key)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value in _NULL and not node.style


def _needed(block: Block, key: str) -> str:
    node = block.need(key, "Every help line needs it.")
    return "" if node is None else block.sheet.word(node, key)


def _reachable(block: Block, ways: Mapping[str, str]) -> None:
    sheet = block.sheet
    if not any(ways.values()):
        sheet.report(block.node, "there is no way to reach it", one_of(_WAYS))
    if ways["call"] and not _NUMBER.fullmatch(ways["call"]):
        sheet.report(block.node, "call is not a number", "Digits and spaces only.")
    for way in ("call", "text"):
        digits = re.sub(r"\D", "", ways[way])
        if digits in _NEVER:
            sheet.report(block.node, f"{ways[way]} is {_NEVER[digits]}", "Take it out.")


def _for(block: Block) -> Mapping[Voice, str]:
    node = block.need("for", "Say in every voice who it is for.")
    if isinstance(node, ScalarNode):
        return dict.fromkeys(Voice, block.sheet.word(node, "for"))
    words = None if node is None else block.sheet.block(node, "for")
    if words is None:
        return {}
    words.only(Voice)
    return {voice: _needed(words, voice) for voice in Voice}


def _ages(block: Block) -> tuple[int, int]:
    node = block.need("ages", "Write {from: 0, to: 18}.")
    ages = None if node is None else block.sheet.block(node, "ages")
    if ages is None:
        return (0, 0)
    ages.only(("from", "to"))
    low, high = _age(ages, "from"), _age(ages, "to")
    if low > high:
        block.sheet.report(ages.node, "nobody is of these ages", "From is the lower.")
    return low, high


def _age(block: Block, key: str) -> int:
    node = block.need(key, "Write an age in years.")
    found = None if node is None else block.sheet.count(node, key, 0, _OLDEST)
    return found or 0


def _hours(block: Block) -> Hours:
    node = block.need("hours", "Write always, unknown, or a list of days and times.")
    if node is None:
        return Known.UNKNOWN
    if isinstance(node, ScalarNode):
        known = block.sheet.member(node, Known, "known hours")
        return known or Known.UNKNOWN
    windows = [_window(block.sheet, each) for each in block.sheet.items(node, "hours")]
    return tuple(window for window in windows if window is not None)


def _window(sheet: Sheet, node: Node) -> Window | None:
    block = sheet.block(node, "hours") if isinstance(node, MappingNode) else None
    if block is None:
        sheet.report(node, "hours", 'Write {days: [mon], from: "09:00", to: "17:00"}.')
        return None
    block.only(("days", "from", "to"))
    opens = _when(block, "from", time, "09:00")
    closes = _when(block, "to", time, "17:00")
    days = _some_of(block, "days", _DAYS)
    if opens is None or closes is None or not days:
        sheet.report(node, "hours are incomplete", "They need days, from and to.")
        return None
    return Window(tuple(map(_DAYS.index, days)), opens, closes)


def _some_of(block: Block, key: str, known: tuple[str, ...]) -> list[str]:
    node = block.get(key)
    words = [] if node is None else block.sheet.words(node, key)
    for word in words:
        if word not in known:
            block.sheet.report(block.node, f"{key} {word}", one_of(known, word))
    return [word for word in words if word in known]


def _audiences(block: Block) -> frozenset[str]:
    if block.get("audiences") is None:
        return frozenset({YOUNG_PEOPLE})
    return frozenset(_some_of(block, "audiences", _AUDIENCES))


M = TypeVar("M", Need, Cost)


def _member(block: Block, key: str, kind: type[M]) -> M | None:
    node = block.need(key, one_of(kind))
    return None if node is None else block.sheet.member(node, kind, f"a {key}")


def _when(block: Block, key: str, kind: type[T], such_as: str) -> T | None:
    """A date or a time of day, if there is one."""
    node = block.get(key)
    if node is None or _is_null(node):
        return None
    word = block.sheet.word(node, key)
    try:
        return kind.fromisoformat(word)
    except ValueError:
        block.sheet.report(node, f'{key} "{word}"', f"Write it like {such_as}.")
        return None
