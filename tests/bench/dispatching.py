"""A dispatcher as a process of its own, with a clock that can be made to run faster.

`python -m tests.bench.dispatching URL CLOCK`: CLOCK is a file that `Fast` writes.
"""

import json
import logging
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from engage.services.channels.settings import Channels
from engage.services.dispatching import dispatcher
from engage.store.engine import open_store

ROOT = Path(__file__).parents[2]


class Fast:
    """A clock that all processes read from one file: since when, and how fast."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, now: datetime, speed: float) -> None:
        held = {"real": time.time(), "test": now.isoformat(), "speed": speed}
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(held), "utf-8")
        new.replace(self.path)

    def __call__(self) -> datetime:
        held = json.loads(self.path.read_text("utf-8"))
        passed = (time.time() - held["real"]) * held["speed"]
        return datetime.fromisoformat(held["test"]) + timedelta(seconds=passed)


class Process:
    """One that can be killed, as a power cut would."""

    def __init__(self, url: str, clock: Path, environment: dict[str, str]) -> None:
        self.command = [sys.executable, "-m", "tests.bench.dispatching"]
        self.command += [url, str(clock)]
        self.environment = os.environ | environment
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


if __name__ == "__main__":
    url, clock = sys.argv[1:]
    logging.disable()
    store = open_store(url)
    channels = Channels.from_env(os.environ, [])
    dispatcher(store, channels, Fast(Path(clock))).run()
