"""`engage audit`: check and show the journal. It changes nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from engage.core.duty.chain import Head
from engage.core.safeguarding.clock import SCOTLAND
from engage.services import auditing
from engage.services.auditing import Line
from engage.store.engine import Store
from engage.store.existing import NotThere, open_existing

_DATABASE = click.option(
    "--database",
    envvar="ENGAGE_DATABASE_URL",
    show_envvar=True,
    required=True,
    help="Where the database is.",
)
_AS_MAILED = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")


class _Head(click.ParamType):  # type: ignore[type-arg]
    name = "NUMBER:HASH"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Head:
        found = _AS_MAILED.fullmatch(value.strip())
        if found is None:
            self.fail("a mailed head is its number, a colon, and 64 letters and digits")
        return Head(int(found[1]), found[2].lower())


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
    whole chain anew, or cut off its end, would not be found.
    """
    with _opened(database) as store:
        found = auditing.verify(store, heads)
    for broken in found.broken:
        click.echo(f"{broken.number} {broken.what}")
    if found.broken:
        raise click.ClickException("The journal is not as it was written.")
    if found.head is None:
        click.echo("The journal is empty.")
    else:
        number = found.head.number
        click.echo(f"The journal is whole: {number} entries. Head: {_said(found.head)}")


@audit.command()
@_DATABASE
def head(database: str) -> None:
    """Print the newest entry's number and hash, to keep out of reach."""
    with _opened(database) as store:
        found = auditing.head(store)
    if found is None:
        raise click.ClickException("The journal is empty.")
    click.echo(_said(found))


@audit.command(name="list")
@_DATABASE
@click.option("--flag", "reference", help="Only what was done with it. Such as K7-42.")
def list_(database: str, reference: str | None) -> None:
    """What was done, in order: no word of anybody's, and no name, is in it."""
    known = False
    with _opened(database) as store:
        for line in auditing.listed(store, reference):
            known = True
            click.echo(_told(line))
    if reference is not None and not known:
        raise click.ClickException(f"Nothing is known of a flag called {reference}.")


@contextmanager
def _opened(database: str) -> Iterator[Store]:
    try:
        store = open_existing(database)
    except NotThere:
        # Without the address: it may hold a password.
        raise click.ClickException(
            "No database with a journal answers there. Look at --database, or at "
            "ENGAGE_DATABASE_URL."
        ) from None
    try:
        yield store
    finally:
        store.dispose()


def _said(head: Head) -> str:
    return f"{head.number}:{head.hash}"


def _told(line: Line) -> str:
    at = f"{line.at.astimezone(SCOTLAND):%d %b %Y %H:%M:%S}" if line.at else "no time"
    more = " ".join(f"{name}={value}" for name, value in line.detail.items())
    who = f"staff {line.called}" if line.called else "system"
    told = f"{line.number}  {at}  {line.verb}  {who}  {more}".rstrip()
    return f"{told}  ALTERED" if line.altered else told
