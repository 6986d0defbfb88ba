"""`engage dispatch` and `engage drill`: telling people of flags, and proving it."""

import os
import time
from datetime import UTC, datetime, timedelta

import click

from engage.core.safeguarding.clock import SCOTLAND
from engage.core.safeguarding.concerns import Level
from engage.services import drilling
from engage.services.dispatching import Dispatcher, dispatcher
from engage.settings import BadSettings, Settings
from engage.store.engine import Store, open_store


def register(main: click.Group) -> None:
    main.add_command(dispatch)
    main.add_command(drill)


def now() -> datetime:
    return datetime.now(UTC)


@click.command()
def dispatch() -> None:
    """Tell people of flags. Any number may run beside each other and the server."""
    settings, store = _open()
    made: Dispatcher = dispatcher(store, settings.channels, now)
    click.echo("The dispatcher is at work. Ctrl+C stops it.")
    try:
        made.run(lambda gone: click.echo(f"Trying again: {type(gone).__name__}"))
    except KeyboardInterrupt:
        made.stop()
        click.echo("\nStopped.")


@click.command()
@click.argument("inspection")
@click.option(
    "--level", type=click.Choice(["now", "concern"]), default="now", help="How urgent."
)
@click.option("--wait", default=30, help="Minutes to wait for an acknowledgement.")
def drill(inspection: str, level: str, wait: int) -> None:
    """Raise a flag that is none, through the whole real stack: who acknowledges when?

    Needs a dispatcher at work (in the server, or `engage dispatch`). Ends with an
    error if nobody acknowledged it within the limit.
    """
    _settings, store = _open()
    started = now()
    try:
        number = drilling.start(store, inspection, Level(level), started)
    except drilling.NoInspection:
        raise click.ClickException(f"No inspection is called {inspection}.") from None
    said = 0
    while now() - started < timedelta(minutes=wait):
        found = drilling.last(store, number)
        lines = [] if found is None else _lines(found)
        for line in lines[said:]:
            click.echo(line)
        said = max(said, len(lines))
        if found is not None and found.took is not None:
            _end(found)
            return
        time.sleep(1)
    raise click.ClickException(f"Nobody acknowledged it in {wait} minutes.")


def _lines(found: drilling.Drill) -> list[str]:
    """What has happened so far, in the order in which it did."""
    happened = [(found.raised_at, f"Drill {found.reference} raised")]
    happened += [
        (each.sent_at, f"{each.step}: {each.called or 'hub'} told by {each.channel}")
        for each in found.told
        if each.sent_at is not None
    ]
    if found.opened:
        happened.append((found.opened[1], f"Opened by {found.opened[0]}"))
    if found.acknowledged:
        happened.append(
            (found.acknowledged[1], f"Acknowledged by {found.acknowledged[0]}")
        )
    return [f"{at.astimezone(SCOTLAND):%H:%M:%S}  {what}" for at, what in happened]


def _end(found: drilling.Drill) -> None:
    took = found.took or timedelta()
    click.echo(f"It took {took.total_seconds():.0f} s; the limit is {found.limit}.")
    if not found.in_time:
        raise click.ClickException("That is longer than the limit.")


def _open() -> tuple[Settings, Store]:
    try:
        settings = Settings.from_env(os.environ)
    except BadSettings as bad:
        raise click.ClickException(str(bad)) from bad
    store = open_store(settings.database_url)
    store.migrate()
    return settings, store
