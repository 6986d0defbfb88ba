"""Coded words: what a word stands for among young people changes by the quarter.

So a rule about them says who keeps it, and when they last asked young people and read
what is written about them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from engage.core.dialogue.problems import Problem, Severity
from engage.core.dialogue.reading_nodes import Block

OWNER, CHECKED = "owner", "last-checked"
NOBODY = "nobody yet"
QUARTER = timedelta(days=92)
_ONE_WITHOUT_OTHER = "A rule about coded words says both, any other rule neither."


@dataclass(frozen=True, slots=True)
class Care:
    """Who keeps a rule about coded words. `checked`: when they last looked."""

    owner: str
    checked: date


class CaredFor(Protocol):
    """A rule, as far as this matters."""

    @property
    def id(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def care(self) -> Care | None: ...


def care_of(block: Block) -> Care | None:
    """What a rule says of it; none for rules about words that do not change."""
    owner, checked = block.get(OWNER), block.get(CHECKED)
    if owner is None and checked is None:
        return None
    if owner is None or checked is None:
        block.need(OWNER, _ONE_WITHOUT_OTHER)
        block.need(CHECKED, _ONE_WITHOUT_OTHER)
        return None
    written = block.sheet.word(checked, CHECKED)
    try:
        return Care(block.sheet.word(owner, OWNER), date.fromisoformat(written))
    except ValueError:
        block.sheet.report(
            checked, f'{CHECKED} cannot be "{written}"', "Write it like 2026-11-30."
        )
        return None


def to_look_at(rules: Iterable[CaredFor], today: date) -> list[Problem]:
    """Warnings: coded words that nobody keeps, or nobody looked at for a quarter."""
    found: list[Problem] = []
    for rule in rules:
        care = rule.care
        if care is None:
            continue
        if care.owner == NOBODY:
            what = f"nobody keeps the coded words of {rule.id}"
            do = "Find somebody who hears how young people talk, and name their role."
            found.append(Problem(rule.file, rule.line, what, do, Severity.WARNING))
        if today - care.checked > QUARTER:
            what = f"the coded words of {rule.id} were last checked on {care.checked}"
            do = "Ask what they mean now, add and take out, then set last-checked."
            found.append(Problem(rule.file, rule.line, what, do, Severity.WARNING))
    return found
