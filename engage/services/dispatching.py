"""The dispatcher: it calls, delivers, and shows that it is at work.

Any number may run beside each other, in the server or by themselves.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from engage.core.duty.journal import Verb
from engage.services import calling, left_open, mailing_heads, unread
from engage.services.channels.sending import Channels, send
from engage.services.delivering import Postman
from engage.store import clocks, journal
from engage.store.engine import Store

EVERY = 0.3
"""Seconds between two rounds when there is nothing to do."""
BEAT_EVERY = timedelta(seconds=2)
SILENT_AFTER = timedelta(seconds=20)
"""No beat for so long: it is said on the desk, on the start page and by /healthz."""
WORTH_WRITING = timedelta(minutes=1)
_AFTER_A_FAULT = 2.0
DAILY_LOOKED_AT = timedelta(minutes=5)
CHANNELS = 6


@dataclass
class Dispatcher:
    """`postman` sends; `now` is asked for the time."""

    store: Store
    postman: Postman
    now: Callable[[], datetime]
    daily: Callable[[datetime], None] = lambda _now: None
    """What is done now and then beside: mailing the head of the journal."""
    _aside: datetime | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(CHANNELS, "postman")
    )
    _busy: dict[str, Future[int]] = field(default_factory=dict)
    _beaten: datetime | None = None

    def round(self) -> int:
        """One round, and its deliveries. How much there was to do."""
        number = self._turn()
        return number + sum(each.result() for each in self._busy.values())

    def run(self, fault: Callable[[Exception], None] = lambda _fault: None) -> None:
        """Go round until `stop`. A database that is away is waited for."""
        while not self._stop.is_set():
            try:
                busy = self._turn()
            except Exception as gone:  # noqa: BLE001 - it must go on, whatever happens
                fault(gone)
                self._stop.wait(_AFTER_A_FAULT)
            else:
                self._stop.wait(0 if busy else EVERY)

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="dispatcher", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _turn(self) -> int:
        """Call whoever is to be called; set each channel going that has work.

        A hub that hangs holds up its own channel only, and never the clock.
        """
        now = self.now()
        self._beat(now)
        number = calling.call(self.store, now)
        for channel in self.postman.waiting(now):
            if channel not in self._busy or self._busy[channel].done():
                task = self._pool.submit(self.postman.deliver, channel, now)
                self._busy[channel] = task
        return number

    def _beat(self, now: datetime) -> None:
        if self._beaten is not None and now - self._beaten < BEAT_EVERY:
            return
        with self.store.begin() as db:
            before = clocks.last_beat(db)
            clocks.beat(db, now)
            if before is not None and now - before > WORTH_WRITING:
                away = {"seconds": int((now - before).total_seconds())}
                journal.write(db, Verb.DISPATCHER_STOPPED, at=now, detail=away)
        self._beaten = now
        unread.tell(self.store, now)
        left_open.pass_on(self.store, now)
        if self._aside is None or now - self._aside >= DAILY_LOOKED_AT:
            self._aside = now
            self._pool.submit(self.daily, now)


def dispatcher(
    store: Store, channels: Channels, now: Callable[[], datetime]
) -> Dispatcher:
    """One that sends by these channels."""
    post = Postman(store, partial(send, channels), channels.address, now)
    heads = partial(mailing_heads.send, store, channels)
    return Dispatcher(store, post, now, heads)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether flags reach people. `since`: the last sign of life."""

    beating: bool
    since: datetime | None
    late: int
    """Flags whose clock should have been looked at by now."""

    @property
    def well(self) -> bool:
        return self.beating and not self.late


def health(store: Store, now: datetime) -> Health:
    with store.read() as db:
        since = clocks.last_beat(db)
        late = clocks.late(db, now - SILENT_AFTER)
    beating = since is not None and now - since <= SILENT_AFTER
    return Health(beating, since, late)
