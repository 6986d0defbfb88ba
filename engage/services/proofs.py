"""Check scripts as they lie in the conversations folder, with all they depend on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engage import paths
from engage.core.dialogue import checking, language, reading
from engage.core.dialogue.checking import Figures
from engage.core.dialogue.problems import Problem, Severity, Unreadable
from engage.core.dialogue.reachable import TooTangled
from engage.core.dialogue.script import Script
from engage.core.safeguarding.coded_words import to_look_at
from engage.core.safeguarding.helpline_rows import problems as dated
from engage.core.safeguarding.helplines import read_helplines
from engage.core.safeguarding.reading_lexicon import broken_tests, read_lexicon
from engage.services import noticing
from engage.services.noticing import LEXICON, lexicon_files, load_policy
from engage.services.regression import lost
from engage.services.shelves import FIRST_RESPONSE, HELPLINES, LANGUAGE
from engage.services.shelves import named as named
from engage.services.shelves import scripts_in as scripts_in
from engage.services.syllables import syllables


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one script; no figures if it could not be read."""

    name: str
    problems: tuple[Problem, ...]
    figures: tuple[Figures, ...] = ()

    @property
    def errors(self) -> int:
        return sum(p.severity is Severity.ERROR for p in self.problems)


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


def check_lexicon(
    sources: Mapping[str, str], today: date, folder: Path = paths.CONVERSATIONS
) -> Checked:
    """A policy or rules that cannot be read, and messages that are not noticed.

    Those that the rules are tried on, and those that were noticed before. It warns of
    coded words that nobody keeps.
    """
    try:
        load_policy(sources)
        lexicon = read_lexicon(lexicon_files(sources))
    except Unreadable as unreadable:
        return Checked(LEXICON, tuple(unreadable.problems))
    kept = lost(noticing.load(folder, sources), sources)
    aged = to_look_at(lexicon.rules, today)
    return Checked(LEXICON, (*broken_tests(lexicon), *kept, *aged))


def figures(script: Script) -> tuple[Figures, ...]:
    return tuple(checking.figures(script, v, syllables) for v in script.voices)
