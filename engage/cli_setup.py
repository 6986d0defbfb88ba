"""`engage staff` and `engage inspection`: set up a real inspection, and open it."""

from datetime import UTC, datetime

import click

from engage.core.people import Role
from engage.services import founding, opening, setting_up
from engage.services.setting_up import NoSuch

_DATABASE = click.option(
    "--database",
    envvar="ENGAGE_DATABASE_URL",
    required=True,
    help="Where the database is (or ENGAGE_DATABASE_URL).",
)
_ROLES = {
    "duty": Role.DUTY,
    "lead": Role.LEAD,
    "evidence": Role.EVIDENCE,
    "facilitator": Role.FACILITATOR,
    "admin": Role.ADMIN,
}


def register(main: click.Group) -> None:
    main.add_command(staff)
    main.add_command(inspection)


@click.group()
def staff() -> None:
    """People who sign in."""


@staff.command(name="add")
@click.argument("name")
@click.option("--called", required=True, help="As others know them: Dee Duncan.")
@click.option("--role", type=click.Choice(list(_ROLES)), required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@_DATABASE
def add_staff(name: str, called: str, role: str, password: str, database: str) -> None:
    """Add somebody. They should change nothing but keep the password to themselves."""
    if len(password) < setting_up.SHORTEST_PASSWORD:
        raise click.ClickException(
            f"Choose a password of at least {setting_up.SHORTEST_PASSWORD} letters."
        )
    store = setting_up.opened(database)
    try:
        founding.add_staff(store, name, password, called=called, role=_ROLES[role])
    except setting_up.NameTaken:
        raise click.ClickException(f"Somebody is called {name} already.") from None
    click.echo(f"{called} can sign in as {name}.")


@click.group()
def inspection() -> None:
    """Inspections."""


@inspection.command(name="add")
@click.argument("slug")
@click.option("--area", required=True, help="As people know it.")
@click.option("--programme", default="living-at-home")
@click.option("--script", default="living-at-home", help="Id of the conversation.")
@click.option("--people", required=True, help="Sign-in names, with commas between.")
@click.option("--lead-name", default="", help="The local lead: name and team.")
@click.option("--lead-phone", default="", help="Their number in office hours.")
@click.option("--out-of-hours", default="", help="The area’s own number at night.")
@_DATABASE
def add_inspection(database: str, slug: str, people: str, **said: str) -> None:
    """Add an inspection, closed. Put people on its rota, then open it."""
    store = setting_up.opened(database)
    try:
        setting_up.add_inspection(
            store, slug, people.split(","), said, datetime.now(UTC)
        )
    except NoSuch as missing:
        raise click.ClickException(f"Nobody signs in as {missing}.") from None
    except setting_up.SlugTaken:
        raise click.ClickException(f"There is an inspection {slug} already.") from None
    click.echo(f"{slug} is set up. Next: its rota, at /duty/rota/{slug}.")
    click.echo(f"Then: engage inspection open {slug}")


@inspection.command(name="open")
@click.argument("slug")
@_DATABASE
def open_inspection(slug: str, database: str) -> None:
    """Let talks begin in it. Refused while a number that a flag needs is missing."""
    store = setting_up.opened(database)
    try:
        number = setting_up.number_of(store, slug)
        opening.open_(store, number, datetime.now(UTC))
    except NoSuch:
        raise click.ClickException(f"No inspection is called {slug}.") from None
    except opening.NotReady as lacks:
        raise click.ClickException(f"It cannot open without: {lacks}.") from None
    click.echo(f"{slug} is open. Its link: /o/{slug}")
    click.echo(f"Try the alarm: engage drill {slug}")


@inspection.command(name="set")
@click.argument("slug")
@click.option("--lead-name")
@click.option("--lead-phone")
@click.option("--out-of-hours")
@_DATABASE
def set_local(slug: str, database: str, **said: str | None) -> None:
    """Change the local lead, or the area's numbers."""
    store = setting_up.opened(database)
    try:
        number = setting_up.number_of(store, slug)
    except NoSuch:
        raise click.ClickException(f"No inspection is called {slug}.") from None
    setting_up.set_local(store, number, said)
    click.echo("Changed.")
