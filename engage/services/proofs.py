"""Check scripts as they lie in the conversations folder, with all they depend on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engage.core.dialogue import checking, language, reading
from engage.core.dialogue.checking import Figures
from engage.core.dialogue.problems import Problem, Severity, Unreadable
from engage.core.dialogue.reachable import TooTangled
from engage.core.dialogue.script import Script
from engage.core.safeguarding.helpline_rows import problems as dated
from engage.core.safeguarding.helplines import read_helplines
from engage.services.syllables import syllables

LANGUAGE = "language.yaml"
HELPLINES = "helplines.yaml"
FIRST_RESPONSE = "safeguarding/first-response.yaml"
AUDIENCES = ("young-people",)
"""Folders that hold scripts."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one script; no figures if it could not be read."""

    name: str
    problems: tuple[Problem, ...]
    figures: tuple[Figures, ...] = ()

    @property
    def errors(self) -> int:
        return sum(p.severity is Severity.ERROR for p in self.problems)


def scripts_in(sources: Mapping[str, str]) -> list[str]:
    """Names of all scripts: files of an audience's folder that nothing includes."""
    return sorted(
        name
        for name in sources
        for folder, _, file in [name.partition("/")]
        if folder in AUDIENCES and "/" not in file
    )


def named(sources: Mapping[str, str], asked: str) -> str:
    """Find a script by `living-at-home`, or by its file below or with the folder.

    Raises:
        KeyError: there is no such script.
    """
    for name in scripts_in(sources):
        short = name.rpartition("/")[2].removesuffix(".yaml")
        if asked in (name, short) or asked.endswith(f"conversations/{name}"):
            return name
    raise KeyError(asked)


def check(
    sources: Mapping[str, str], name: str, also: Iterable[Problem] = ()
) -> Checked:
    """Prove one script; one that cannot be read has its reading problems only."""
    try:
        script = reading.read(sources, name)
    except Unreadable as unreadable:
        return Checked(name, (*unreadable.problems, *also))
    said = sources.get(FIRST_RESPONSE, "")
    found = checking.check(
        script,
        language.rules(sources[LANGUAGE]),
        syllables,
        also=also,
        worried=language.passages_in(said, FIRST_RESPONSE),
    )
    try:
        return Checked(name, tuple(found), figures(script))
    except TooTangled:
        # Reported as a problem already; there is nothing to measure.
        return Checked(name, tuple(found))


def check_helplines(sources: Mapping[str, str], today: date) -> Checked:
    """Rows that cannot be read or are out of date, and those that nobody checked."""
    rows, problems = read_helplines(sources[HELPLINES], HELPLINES)
    return Checked(HELPLINES, (*problems, *dated(rows, today)))


def figures(script: Script) -> tuple[Figures, ...]:
    return tuple(checking.figures(script, v, syllables) for v in script.voices)
