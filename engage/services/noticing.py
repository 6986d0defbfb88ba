"""What notices worries: the lexicon and the learned layer, as the folder has them."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from engage.core.dialogue.problems import Unreadable
from engage.core.safeguarding import compiled, learned
from engage.core.safeguarding.lexicon import Lexicon
from engage.core.safeguarding.policy import Policy, read_policy
from engage.core.safeguarding.reading_lexicon import read_lexicon
from engage.core.safeguarding.screening import Screen

_log = logging.getLogger(__name__)
LEXICON = "safeguarding/lexicon/"
COMPILED = "safeguarding/lexicon.json"
VOCABULARY = "safeguarding/vocabulary.txt"
POLICY = "safeguarding/policy.yaml"
LEARNED = "safeguarding/learned.npz"
CARD = "safeguarding/learned.md"


def lexicon_files(sources: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in sources.items() if name.startswith(LEXICON)}


def load(folder: Path, sources: Mapping[str, str]) -> Screen:
    """The detector of a conversations folder.

    Raises:
        Unreadable: the lexicon; with every problem.
    """
    model = folder / LEARNED
    return Screen(
        load_lexicon(folder, sources),
        learned.unpacked(model.read_bytes()) if model.exists() else None,
        load_policy(sources),
    )


def load_policy(sources: Mapping[str, str]) -> Policy:
    """What the leads decided; as Engage came, if the folder has no such file."""
    text = sources.get(POLICY)
    return Policy() if text is None else read_policy(text, POLICY)


def load_lexicon(folder: Path, sources: Mapping[str, str]) -> Lexicon:
    files = lexicon_files(sources)
    words = folder / VOCABULARY
    vocabulary = words.read_text("utf-8").split() if words.exists() else []
    record = folder / COMPILED
    if not record.exists():
        return read_lexicon(files, vocabulary)
    held = json.loads(record.read_text("utf-8"))
    if held["digest"] != compiled.digest_of(files):
        try:
            return read_lexicon(files, vocabulary)
        except Unreadable as bad:
            # Somebody's slip must not leave children without it: the last good one.
            places = [f"{each.file}:{each.line}" for each in bad.problems[:5]]
            _log.error("The lexicon cannot be read at %s.", ", ".join(places))
    return compiled.from_record(held, vocabulary)


def compile_lexicon(folder: Path, sources: Mapping[str, str]) -> None:
    """Write the record that later starts read. Raises `Unreadable`."""
    files = lexicon_files(sources)
    record = compiled.to_record(read_lexicon(files), compiled.digest_of(files))
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    (folder / COMPILED).write_text(text + "\n", "utf-8")
