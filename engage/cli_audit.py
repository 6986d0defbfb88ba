"""`engage audit`: check and show the journal."""

import click

from engage.core.duty.chain import Head
from engage.core.safeguarding.clock import SCOTLAND
from engage.services import auditing
from engage.store.engine import Store

_DATABASE = click.option(
    "--database",
    envvar="ENGAGE_DATABASE_URL",
    required=True,
    help="Where the database is (or ENGAGE_DATABASE_URL).",
)


class _Head(click.ParamType):  # type: ignore[type-arg]
    name = "NUMBER:HASH"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Head:
        number, _, hashed = value.partition(":")
        if not number.isdecimal() or len(hashed) != len(Head(0, "0" * 64).hash):
            self.fail("a mailed head is its number, a colon, and 64 letters and digits")
        return Head(int(number), hashed.lower())


@click.group()
def audit() -> None:
    """The journal of all that was done: whole, and who did what when."""


def register(main: click.Group) -> None:
    main.add_command(audit)


@audit.command()
@_DATABASE
@click.option("--head", "heads", type=_Head(), multiple=True, help="As mailed.")
def verify(database: str, heads: tuple[Head, ...]) -> None:
    """Find any entry that was changed, removed, added or moved.

    Give the heads that were mailed to the lead: without them somebody who made the
    whole chain anew would not be found.
    """
    found = auditing.verify(_store(database), heads)
    for broken in found.broken:
        click.echo(f"{broken.number}: {broken.what}")
    if found.broken:
        raise click.ClickException(
            f"The journal is broken in {len(found.broken)} places."
        )
    said = f"{found.head.number}:{found.head.hash}" if found.head else "nothing yet"
    click.echo(f"The journal is whole. Its head: {said}")


@audit.command()
@_DATABASE
def head(database: str) -> None:
    """Print the newest entry's number and hash, to keep out of reach."""
    found = auditing.verify(_store(database)).head
    click.echo(f"{found.number}:{found.hash}" if found else "nothing yet")


@audit.command(name="list")
@_DATABASE
@click.option("--flag", "reference", required=True, help="Such as K7-4242.")
def list_(database: str, reference: str) -> None:
    """What was done with one flag: no word of anybody's is in it."""
    lines = auditing.of_reference(_store(database), reference)
    if not lines:
        raise click.ClickException(f"No flag is called {reference}.")
    for line in lines:
        at = f"{line.at.astimezone(SCOTLAND):%d %b %Y %H:%M:%S}"
        more = " ".join(f"{name}={value}" for name, value in line.detail.items())
        who = f"staff {line.called}" if line.called else "system"
        click.echo(f"{line.number}  {at}  {line.verb}  {who}  {more}".rstrip())


def _store(url: str) -> Store:
    store = auditing.opened(url)
    try:
        store.migrate()
    except OSError as away:
        raise click.ClickException("The database does not answer.") from away
    return store
