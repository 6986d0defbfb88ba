"""Servers to measure, each a process of its own: ours, and the barest there can be.

All are served by the code that serves us for real, so that rows can be compared.
"""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from flask import Flask, request

from engage.app import create_app, dispatcher
from engage.services.channels.settings import Channels
from engage.serving import serve_forever
from engage.settings import Settings

SECRET = b"test" * 8
ROOT = Path(__file__).parents[2]
LISTENING = 0.02  # seconds between two looks
_PAGE = "x" * 3000
_ONE_ROW = "CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, words TEXT)"
_ONE_ROW_PG = "CREATE TABLE IF NOT EXISTS said (id BIGSERIAL PRIMARY KEY, words TEXT)"


def settings(url):
    return Settings(
        SECRET, url, https=False, channels=Channels.from_env(os.environ, [])
    )


def engage(url):
    return create_app(settings(url))


def bare(url):
    """A form comes in, one row is kept for good, a constant goes out. Nothing else."""
    app = Flask("bare", static_folder=None, template_folder=None)
    keep = _on_postgresql(url) if url.startswith("postgresql") else _on_sqlite(url)

    @app.post("/talk")
    def said():
        keep(request.form["words"])
        return _PAGE

    return app


def _on_sqlite(url):
    own = threading.local()
    path = url.removeprefix("sqlite:///")
    # One writer at a time, as with us: SQLite's own waiting sleeps.
    lock = threading.Lock()

    def connection():
        if not hasattr(own, "db"):
            own.db = sqlite3.connect(path, isolation_level=None)
            own.db.execute("PRAGMA journal_mode=WAL")
            own.db.execute("PRAGMA synchronous=FULL")
            own.db.execute("PRAGMA busy_timeout=10000")
        return own.db

    sqlite3.connect(path).execute(_ONE_ROW)

    def keep(words):
        with lock:
            connection().execute("INSERT INTO said (words) VALUES (?)", (words,))

    return keep


def _on_postgresql(url):
    import psycopg

    own = threading.local()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(_ONE_ROW_PG)

    def keep(words):
        if not hasattr(own, "db"):
            own.db = psycopg.connect(url, autocommit=True)
        own.db.execute("INSERT INTO said (words) VALUES (%s)", (words,))

    return keep


ROWS = {"engage": engage, "bare": bare}


class Server:
    """A running server. `workers`: processes; the master does not answer anybody."""

    def __init__(self, row, url, *, workers=1, threads=1, environment=None):
        self.environment = os.environ | (environment or {})
        self.command = [sys.executable, "-m", "tests.bench.served", row, url]
        self.command += [str(workers), str(threads)]
        self.workers = workers
        self.port = free_port()
        self.start()

    def start(self):
        # A group of its own, so that all of it can be killed at one blow.
        self.process = subprocess.Popen(
            [*self.command, str(self.port)],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while len(self._children()) < self.workers or not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError("the server does not start")
            time.sleep(LISTENING)

    def _children(self):
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []

    def _answers(self):
        with socket.socket() as way:
            return way.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        """What a power cut does to the processes: nothing of them ends in order."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def cpu(self):
        """Seconds of work of the processes that answer."""
        times = [each.cpu_times() for each in self._children()]
        return sum(each.user + each.system for each in times)

    def memory(self):
        """Megabytes: of the workers, and of the master beside them."""
        workers = sum(_pss(each.pid) for each in self._children())
        return workers, _pss(self.process.pid)


def _pss(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    line = next(each for each in text.splitlines() if each.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def free_port():
    with socket.socket() as way:
        way.bind(("127.0.0.1", 0))
        return way.getsockname()[1]


if __name__ == "__main__":
    row, url, workers, threads, port = sys.argv[1:]
    app = ROWS[row](url)
    serve_forever(
        app,
        f"127.0.0.1:{port}",
        workers=int(workers),
        threads=int(threads),
        begin=lambda: dispatcher(app).start() if row == "engage" else None,
    )
