"""What is wrong with something an author wrote, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """An error stops a script being used; a warning is for the author to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault. `what` has no full stop; `do` is a sentence. Lines count from 1."""

    file: str
    line: int
    what: str
    do: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.do}"


class Unreadable(Exception):
    """A script could not be read. Carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def one_of(known: Iterable[str], instead_of: str = "") -> str:
    """What to do about a word we do not know: the likely one first, then all."""
    words = list(dict.fromkeys(known))
    if not words:
        return "There is nothing here to choose from yet."
    near = get_close_matches(instead_of, words, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return f"{hint}Use one of: {', '.join(words)}."
