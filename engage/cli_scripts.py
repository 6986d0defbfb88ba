"""Commands for people who write scripts, and for those who vouch for them."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from engage.core.dialogue import certificate, mapping, reading
from engage.core.dialogue.problems import Severity, Unreadable
from engage.core.dialogue.script import Script
from engage.core.people import Voice
from engage.services import library, proofs
from engage.services.proofs import Checked

_VOICES = click.Choice([voice.value for voice in Voice])


def register(main: click.Group) -> None:
    for command in (check, draw, certify):
        main.add_command(command)


@click.command()
@click.argument("scripts", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="For programs to read.")
def check(scripts: tuple[str, ...], as_json: bool) -> None:
    """Prove that scripts are safe to use. Without SCRIPTS, all of them."""
    sources = library.sources()
    names = [_name(sources, s) for s in scripts] or proofs.scripts_in(sources)
    found = [proofs.check(sources, name) for name in names]
    if as_json:
        click.echo(json.dumps([_as_data(each) for each in found], indent=2))
    else:
        for each in found:
            _tell(each)
    if any(each.errors for each in found):
        sys.exit(1)


def _tell(checked: Checked) -> None:
    for problem in checked.problems:
        warning = "warning: " if problem.severity is Severity.WARNING else ""
        file, line, words = str(problem).split(":", 2)
        click.echo(f"{file}:{line}: {warning}{words.strip()}")
    warnings = len(checked.problems) - checked.errors
    click.echo(f"{checked.name}: {checked.errors} errors, {warnings} warnings")
    for each in checked.figures:
        click.echo(
            f"  {each.voice}: up to {each.questions} questions, "
            f"{each.minutes:.1f} minutes, reading age {each.reading_age:.1f}"
        )


def _as_data(checked: Checked) -> dict[str, object]:
    return {
        "script": checked.name,
        "errors": checked.errors,
        "problems": [asdict(problem) for problem in checked.problems],
        "figures": [asdict(each) for each in checked.figures],
    }


@click.command("map")
@click.argument("script")
@click.option("--voice", type=_VOICES, help="Else the script's first.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; else the screen.",
)
def draw(script: str, voice: str | None, output: Path | None) -> None:
    """Draw a script as a picture (SVG)."""
    read = _read(script)
    picture = mapping.draw(read, _voice(read, voice))
    if output is None:
        click.echo(picture, nl=False)
    else:
        output.write_text(picture, "utf-8")


@click.command("certificate")
@click.argument("script")
def certify(script: str) -> None:
    """Print the page that a safeguarding lead signs."""
    read = _read(script)
    click.echo(certificate.certificate(read, proofs.figures(read)), nl=False)


def _read(asked: str) -> Script:
    sources = library.sources()
    try:
        return reading.read(sources, _name(sources, asked))
    except Unreadable as unreadable:
        raise click.ClickException(str(unreadable)) from unreadable


def _name(sources: dict[str, str], asked: str) -> str:
    try:
        return proofs.named(sources, asked)
    except KeyError as missing:
        known = ", ".join(proofs.scripts_in(sources))
        raise click.ClickException(
            f"There is no script {asked}. There are: {known}."
        ) from missing


def _voice(script: Script, asked: str | None) -> Voice:
    if asked is None:
        return script.voices[0]
    if Voice(asked) not in script.voices:
        raise click.ClickException(f"{script.id} has no {asked} voice.")
    return Voice(asked)
