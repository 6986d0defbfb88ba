"""The demo goes on from where it was, and starts over when it cannot."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from http import HTTPStatus
from urllib.request import urlopen

STARTS_WITHIN = 30


@contextmanager
def running(data, *more):
    """The command itself, until it answers; then what it told."""
    environment = {k: v for k, v in os.environ.items() if k != "ENGAGE_DATABASE_URL"}
    told = data / "demo.json"
    before = told.stat().st_mtime_ns if told.exists() else 0
    command = "from engage.cli import main; main()"
    options = ("--host", "127.0.0.1", "--port", "0", "--data", str(data), *more)
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", command, "demo", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not (told.exists() and told.stat().st_mtime_ns != before):
            assert server.poll() is None, "the demo stopped"
            assert time.monotonic() < until, "the demo did not start"
            time.sleep(0.05)
        time.sleep(0.1)  # from the file's first byte to its last
        yield json.loads(told.read_text("utf-8"))
    finally:
        server.terminate()
        server.wait()


def answers(address):
    return urlopen(address).status == HTTPStatus.OK  # noqa: S310 - our own server


def sign_ins(kept):
    return {each["name"]: each["password"] for each in kept["staff"]}


def test_a_demo_keeps_its_data_until_it_is_told_to_start_over(tmp_path):
    with running(tmp_path) as first:
        assert answers(first["base"] + first["open_link"])
    (tmp_path / "mine.txt").write_text("mine")
    with running(tmp_path) as again:
        pass
    with running(tmp_path, "--fresh") as fresh:
        assert answers(fresh["base"])
    assert (again["card"], sign_ins(again)) == (first["card"], sign_ins(first))
    assert sign_ins(fresh) != sign_ins(first)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_demo_with_a_part_missing_starts_over(tmp_path):
    with running(tmp_path) as last:
        pass
    for lost in ("secret.key", "engage.sqlite", "demo.json"):
        if lost == "demo.json":
            (tmp_path / lost).write_text('{"staff"')
        else:
            (tmp_path / lost).unlink()
        with running(tmp_path) as again:
            assert answers(again["base"] + again["open_link"]), lost
        assert sign_ins(again) != sign_ins(last), lost
        last = again
