"""The conversations folder, read once at start-up; a bad script stops the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engage import paths
from engage.core.dialogue import reading
from engage.core.dialogue.problems import Severity, Unreadable
from engage.core.dialogue.script import Script
from engage.core.safeguarding.detector import Detector
from engage.core.safeguarding.first_response import read_first_response
from engage.core.safeguarding.helpline_rows import Helpline
from engage.core.safeguarding.helplines import read_helplines
from engage.core.safeguarding.interruption import FirstResponse
from engage.services import noticing, shelves
from engage.services.shelves import sources as sources
from engage.store import scripts
from engage.store.engine import Store


@dataclass
class Library:
    """Scripts by digest. Those of talks in flight are read back from the store."""

    first_response: FirstResponse
    detector: Detector
    helplines: tuple[Helpline, ...]
    published: Mapping[str, Script]
    """The script as it is now, by id: what a new talk begins with."""
    sources: Mapping[str, str]
    by_digest: dict[str, Script] = field(default_factory=dict)
    _files: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def keep(self, store: Store) -> None:
        """Put today's scripts where a talk that pins them finds them later."""
        for script in self.published.values():
            if script.digest not in self._files:
                name = shelves.named(self.sources, script.id)
                files = reading.sources_of(name, self.sources)
                self._files[script.digest] = {**files, "": name}
            with store.begin() as db:
                scripts.keep(db, script.digest, self._files[script.digest])

    def script(self, store: Store, digest: str) -> Script:
        """The script with this digest, whatever has been published since."""
        found = self.by_digest.get(digest)
        if found is None:
            with store.read() as db:
                files = scripts.get(db, digest)
            if files is None:
                raise KeyError(digest)
            found = reading.read(files, files.pop(""))
            self.by_digest[digest] = found
        return found


def load(folder: Path = paths.CONVERSATIONS) -> Library:
    """Read it all.

    Raises:
        Unreadable: a script, the first response or the help lines; with every problem.
    """
    found = sources(folder)
    published = [reading.read(found, name) for name in shelves.scripts_in(found)]
    first = read_first_response(found[shelves.FIRST_RESPONSE], shelves.FIRST_RESPONSE)
    lines, problems = read_helplines(found[shelves.HELPLINES], shelves.HELPLINES)
    errors = [p for p in problems if p.severity is Severity.ERROR]
    if errors:
        raise Unreadable(errors)
    return Library(
        first_response=first,
        detector=noticing.load(folder, found),
        helplines=tuple(lines),
        published={script.id: script for script in published},
        # The lexicon's own text is large, and done with.
        sources={n: t for n, t in found.items() if not n.startswith(noticing.LEXICON)},
        by_digest={script.digest: script for script in published},
    )
