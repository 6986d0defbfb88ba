"""Where in the conversations folder things are, and which files are scripts."""

from collections.abc import Mapping
from pathlib import Path

from engage import paths

LANGUAGE = "language.yaml"
HELPLINES = "helplines.yaml"
FIRST_RESPONSE = "safeguarding/first-response.yaml"
AUDIENCES = ("young-people",)
"""Folders that hold scripts."""


def sources(folder: Path = paths.CONVERSATIONS) -> dict[str, str]:
    """Every YAML file of the folder, by its path below it."""
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for file in sorted(folder.rglob("*.yaml"))
    }


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
