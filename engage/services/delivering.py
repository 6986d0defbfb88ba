"""Deliver what is in the outbox: at least once, tried again until it is taken over.

A notice never holds content. Each try is written down. A channel that does not answer
is asked once in a while instead of by every notice, and another address is tried.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from engage.core.duty.journal import Verb
from engage.core.duty.notices import WORDS, Notice, next_try
from engage.core.safeguarding.concerns import Level
from engage.core.safeguarding.flags import UNSETTLED, Origin, Stage
from engage.services.channels.sending import Failed, Refused
from engage.store import contacts, journal, notices
from engage.store.engine import Store
from engage.store.notices import Claimed

AT_ONCE = 20
LEASE = timedelta(seconds=60)
"""Longer than a try may take. Whoever dies with a notice leaves it to others then."""
ALIKE = 4
"""Tries at the same moment."""

Send = Callable[[str, str, Mapping[str, str], Notice], None]
"""Channel, address, keys, notice. Raises `Refused` or `Failed`."""


@dataclass(frozen=True, slots=True)
class Tried:
    claimed: Claimed
    outcome: str
    why: str = ""


@dataclass
class Postman:
    """`send` is `channels.sending.send` with its settings."""

    store: Store
    send: Send
    address: str = ""
    """Where the desk is: the one link in a notice."""
    now: Callable[[], datetime] | None = None

    def waiting(self, now: datetime) -> tuple[str, ...]:
        """Channels by which something is due."""
        with self.store.read() as db:
            return notices.channels(db, now)

    def deliver(self, channel: str, now: datetime) -> int:
        """Try what is due by one channel, until nothing is. How many there were."""
        number = 0
        while True:
            with self.store.begin() as db:
                claimed = notices.claim(db, channel, now, now + LEASE, AT_ONCE)
            if not claimed:
                return number
            number += len(claimed)
            self._batch(claimed, now)

    def _batch(self, claimed: Sequence[Claimed], now: datetime) -> None:
        wanted = [each for each in claimed if _still_needed(each)]
        with self.store.begin() as db:
            for each in claimed:
                if each not in wanted:
                    notices.later(db, each, None)
        if wanted:
            with ThreadPoolExecutor(ALIKE) as pool:
                self._send_all(wanted, pool, now)

    def _send_all(
        self, group: Sequence[Claimed], pool: ThreadPoolExecutor, now: datetime
    ) -> None:
        """One first: if its channel does not answer, the others need not wait too."""
        probe, *others = group
        first = self._try(probe)
        self._write(first, now)
        if first.outcome == "failed":
            at = next_try(probe.tries, now)
            with self.store.begin() as db:
                notices.postpone(db, others, at or now + LEASE)
            return
        for tried in pool.map(self._try, others):
            self._write(tried, now)

    def _try(self, claimed: Claimed) -> Tried:
        try:
            keys = json.loads(claimed.keys)
            self.send(claimed.channel, claimed.address, keys, self._notice(claimed))
        except Refused as refused:
            return Tried(claimed, "refused", str(refused))
        except Failed as failed:
            return Tried(claimed, "failed", str(failed))
        except Exception as fault:  # noqa: BLE001 - one fault must not stop the others
            return Tried(claimed, "failed", f"a fault: {type(fault).__name__}")
        return Tried(claimed, "sent")

    def _write(self, tried: Tried, started: datetime) -> None:
        now = self.now() if self.now else started
        claimed = tried.claimed
        with self.store.begin() as db:
            notices.tried(db, claimed, now, tried.outcome, tried.why)
            match tried.outcome:
                case "sent":
                    notices.sent(db, claimed, now)
                    if claimed.level != Level.NOW:
                        notices.not_needed(db, claimed)
                case "refused":
                    notices.later(db, claimed, None)
                    notices.sooner(db, claimed, now)
                    if claimed.contact is not None:
                        contacts.refused(db, claimed.contact, now, tried.why)
                case _:
                    notices.later(db, claimed, next_try(claimed.tries, now))
            journal.write(
                db,
                Verb.SENT if tried.outcome == "sent" else Verb.NOT_SENT,
                at=now,
                staff=claimed.staff,
                inspection=claimed.inspection,
                flag=claimed.flag,
                detail={
                    "channel": claimed.channel,
                    "step": claimed.step,
                    "try": claimed.tries,
                    "outcome": tried.outcome,
                },
            )

    def _notice(self, claimed: Claimed) -> Notice:
        return Notice(
            reference=claimed.reference,
            level=Level(claimed.level),
            since=_since(claimed),
            step=claimed.step,
            drill=claimed.origin == Origin.DRILL,
            address=self.address,
            # The notice's number, which says nothing to whoever reads it.
            key=f"engage-{claimed.id}",
        )


def _since(claimed: Claimed) -> datetime:
    """Since when it waits: the flag, or what the child wrote about it later."""
    return claimed.created_at if claimed.step in WORDS else claimed.raised_at


def _still_needed(claimed: Claimed) -> bool:
    """Nobody is called to what somebody has seen to meanwhile."""
    if claimed.step in WORDS:
        return bool(claimed.address)
    unsettled = Stage(claimed.stage) in UNSETTLED
    return bool(claimed.address) and unsettled and claimed.created_at >= claimed.since
