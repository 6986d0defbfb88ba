"""The `engage` command."""

import json
import os
import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from engage import cli_audit, cli_detect, cli_dispatch, cli_scripts, cli_setup
from engage.app import create_app, dispatcher
from engage.serving import serve_forever
from engage.settings import BadSettings, Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the demo is for a phone on the same network

TOLD, SECRET, DATABASE = "demo.json", "secret.key", "engage.sqlite"


@click.group()
def main() -> None:
    """Run and look after Engage."""


cli_scripts.register(main)
cli_detect.register(main)
cli_dispatch.register(main)
cli_audit.register(main)
cli_setup.register(main)


@main.command()
@click.option("--host", default=EVERYWHERE, help="Where to listen.")
@click.option("--port", default=8080, help="0 takes any free one.")
@click.option(
    "--data",
    default="demo",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps what is said.",
)
@click.option("--fresh", is_flag=True, help="Throw away what was kept; start over.")
def demo(host: str, port: int, data: Path, fresh: bool) -> None:
    """Try it out: made-up people, a rehearsed inspection, nothing real."""
    if "ENGAGE_DATABASE_URL" in os.environ:
        raise click.ClickException(
            "The demo never runs beside a real database: unset ENGAGE_DATABASE_URL."
        )
    if fresh or not _whole(data):
        _forget(data)
    app, kept = _rehearsed(data)
    try:
        server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    except OSError as taken:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}. Try another --port."
        ) from taken
    kept |= _addresses(host, server.port)
    (data / TOLD).write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    _tell(kept)
    dispatcher(app).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped. The next demo goes on from here; --fresh starts over.")


@main.command()
@click.option("--host", default="127.0.0.1", help="Where to listen.")
@click.option("--port", default=8000)
@click.option("--workers", default=2, help="Processes.")
@click.option("--threads", default=1, help="Threads of each process.")
@click.option(
    "--dispatch/--no-dispatch",
    default=True,
    help="Tell people of flags, too (else run `engage dispatch` beside it).",
)
def serve(host: str, port: int, workers: int, threads: int, dispatch: bool) -> None:
    """Serve for real, set up by ENGAGE_… in the environment (see README)."""
    try:
        app = create_app(Settings.from_env(os.environ))
    except BadSettings as bad:
        raise click.ClickException(str(bad)) from bad
    serve_forever(
        app,
        f"{host}:{port}",
        workers=workers,
        threads=threads,
        begin=lambda: dispatcher(app).start() if dispatch else None,
    )


class _Quiet(WSGIRequestHandler):
    """Answers without keeping a list of who asked for what."""

    protocol_version = "HTTP/1.1"
    server_version = "Engage"
    sys_version = ""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _whole(data: Path) -> bool:
    """Whether a demo was finished here, by a version that told all that we tell.

    Without its secret no card would be known, without its demo.json nobody could
    sign in.
    """
    if not all((data / file).exists() for file in (TOLD, SECRET, DATABASE)):
        return False
    try:
        kept = json.loads((data / TOLD).read_text("utf-8"))
    except ValueError:
        return False
    needed = {"join_code", "card", "open_link", "staff"}
    return isinstance(kept, dict) and needed <= kept.keys()


def _forget(data: Path) -> None:
    """Delete what an earlier demo left, and nothing else that may be in the folder."""
    for file in (TOLD, SECRET, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (data / file).unlink(missing_ok=True)


def _rehearsed(data: Path) -> tuple[Flask, dict[str, Any]]:
    """The demo in this folder, made first if it is not there."""
    # Imported here: only the demo needs made-up children.
    from engage.services import rehearsing

    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = data / SECRET
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_bytes(secrets.token_bytes(32))
    database = (data / DATABASE).resolve()
    app = create_app(
        Settings(secret.read_bytes(), f"sqlite:///{database}", https=False)
    )
    told = data / TOLD
    if told.exists():
        return app, json.loads(told.read_text("utf-8"))
    wired = app.extensions["engage"]
    return app, dict(
        rehearsing.prepare(
            wired.store,
            datetime.now(UTC),
            library=wired.library,
            secret=wired.settings.secret_key,
        )
    )


def _addresses(host: str, port: int) -> dict[str, str]:
    if host != EVERYWHERE:
        return {"base": f"http://{host}:{port}"}
    return {
        "base": f"http://127.0.0.1:{port}",
        "phone": f"http://{_own_address()}:{port}",
    }


def _own_address() -> str:
    """This machine, as its network knows it. Asks the system; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # an address that is nobody's (RFC 5737)
        except OSError:
            return "127.0.0.1"
        own: str = way.getsockname()[0]
        return own


def _tell(kept: dict[str, Any]) -> None:
    base = kept["base"]
    click.echo("Engage demo. Made-up people; nothing here is real.\n")
    click.echo(f"  A child or young person   {base}/")
    if "phone" in kept:
        click.echo(f"  … on a phone nearby       {kept['phone']}/")
    click.echo(f"  … with the join code      {kept['join_code']}")
    click.echo(f"  … or with a card          {kept['card']}")
    click.echo(f"  … or by an open link      {base}{kept['open_link']}\n")
    click.echo(f"  Staff                     {base}/staff/sign-in")
    for each in kept.get("staff", []):
        who = f"{each['called']}, {each['role']}"
        click.echo(f"    {who:<42} {each['name']} / {each['password']}")
    click.echo("\nCtrl+C stops it.", nl=True)
