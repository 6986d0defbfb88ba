"""Commands for people who write scripts, and for those who vouch for them."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from engage.core.dialogue import certificate, mapping, reading, rehearsing
from engage.core.dialogue.answers import NotAccepted, Place
from engage.core.dialogue.path import Turn
from engage.core.dialogue.problems import Severity, Unreadable
from engage.core.dialogue.rehearsing import Rehearsal
from engage.core.dialogue.script import Script
from engage.core.people import Voice
from engage.core.safeguarding.clock import SCOTLAND
from engage.services import library, proofs
from engage.services.proofs import Checked

_VOICES = click.Choice([voice.value for voice in Voice])


def register(main: click.Group) -> None:
    for command in (check, play, draw, certify):
        main.add_command(command)


@click.command()
@click.argument("scripts", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="For programs to read.")
def check(scripts: tuple[str, ...], as_json: bool) -> None:
    """Prove that scripts are safe to use. Without SCRIPTS, all of them."""
    sources = library.sources()
    names = [_name(sources, s) for s in scripts] or proofs.scripts_in(sources)
    found = [proofs.check(sources, name) for name in names]
    found.append(proofs.check_helplines(sources, _today()))
    if not scripts:
        found.append(proofs.check_lexicon(sources, _today()))
    if as_json:
        click.echo(json.dumps([_as_data(each) for each in found], indent=2))
    else:
        for each in found:
            _tell(each)
    if any(each.errors for each in found):
        sys.exit(1)


def _today() -> date:
    return datetime.now(SCOTLAND).date()


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


@click.command("walk")
@click.argument("script")
@click.option("--voice", type=_VOICES, help="Else the script's first.")
def play(script: str, voice: str | None) -> None:
    """Play a script here. Nothing is kept. b goes back, q leaves."""
    read = _read(script)
    talk = Rehearsal(read, _voice(read, voice))
    shown: set[str] = set()
    while True:
        path = talk.path
        for turn in path.turns:
            if turn.place not in shown:
                click.echo("\n".join(rehearsing.lines(path, turn)))
                shown.add(turn.place)
        waiting = path.waiting
        if waiting is None:
            return
        typed = click.prompt("<", default="", show_default=False, prompt_suffix=" ")
        if typed == "q":
            return
        shown = _forget(shown, path.places, waiting.place) if typed == "b" else shown
        talk = talk.back() if typed == "b" else _answered(talk, typed)


def _forget(shown: set[str], places: Mapping[Place, Turn], waiting: Place) -> set[str]:
    """Show the last question again, and all that came after it."""
    order = list(places)
    asked = [place for place in order if places[place].step.asks and place != waiting]
    return shown - set(order[order.index(asked[-1]) :]) if asked else set()


def _answered(talk: Rehearsal, typed: str) -> Rehearsal:
    try:
        after = talk.answer(typed)
    except NotAccepted as unfit:
        click.echo(f"  ({unfit}: try again)")
        return talk
    for worry in after.worries:
        click.echo(f"  ⚑ {worry.level}: {worry.category}. The bot would stop here.")
    return after


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
    """Print the page that a safeguarding lead signs, for a script that passes."""
    sources = library.sources()
    lines = proofs.check_helplines(sources, _today())
    if lines.errors or proofs.check(sources, _name(sources, script)).errors:
        raise click.ClickException(f"Nothing to sign: see engage check {script}.")
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
