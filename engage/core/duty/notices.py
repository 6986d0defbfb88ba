"""What a notice says: that a flag waits, which, since when. Never any content."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engage.core.safeguarding.clock import SCOTLAND
from engage.core.safeguarding.concerns import Level

_BACKOFF = tuple(timedelta(seconds=each) for each in (5, 15, 45, 120, 300))
_THEN = timedelta(minutes=10)
_FOR = timedelta(hours=24)
_MOST = len(_BACKOFF) + _FOR // _THEN
SHORT = 160
"""Letters that go into one text message."""

_WHY = {
    "on-duty": "You are on duty.",
    "next": "Nobody has acknowledged it in time.",
    "lead": "It has not been dealt with in time.",
    "everybody": "It has not been dealt with in time. Everybody is being told.",
    "outside": "Nobody is on duty just now.",
    "holder": "You have it, and its receipt has not been confirmed in time.",
    "child-wrote": "Nobody has read it yet.",
    "child-waits": "Nobody has read it in time.",
    "test": "This is only a test of how you are told.",
}
WORDS = frozenset({"child-wrote", "child-waits"})
"""Steps about a child's words, which somebody may have to read long after the clock."""
_ACKNOWLEDGE = "Please open it and acknowledge it."
_SEE_TO_IT = "Please open it and see that somebody deals with it."
_ASKED = {
    "on-duty": _ACKNOWLEDGE,
    "next": _ACKNOWLEDGE,
    "outside": _ACKNOWLEDGE,
    "lead": _SEE_TO_IT,
    "everybody": _SEE_TO_IT,
    "holder": "Please hand it over, or confirm that it was received.",
    "child-wrote": "Please read it and answer.",
    "child-waits": "Please read it, or see that somebody does.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """All that may be known of a flag outside. `step`: why this person is told."""

    reference: str
    level: Level
    since: datetime
    step: str
    drill: bool = False
    address: str = ""
    """Where the desk is."""
    key: str = ""
    """The same for each try of one notice, so that a mail program shows it once."""


def subject(notice: Notice) -> str:
    """Such as: A now flag is waiting: K7-4242, since 16:52."""
    if notice.step == "test":
        return "A test from Engage: nothing is waiting"
    drill = "DRILL: " if notice.drill else ""
    if notice.step in WORDS:
        return f"{drill}A child has written back: {notice.reference}, {_since(notice)}"
    return (
        f"{drill}A {notice.level} flag is waiting: {notice.reference}, {_since(notice)}"
    )


def short(notice: Notice) -> str:
    """For a text message: at most 160 plain letters, with the link if it fits."""
    said = f"Engage. {subject(notice)}. {why(notice)}".strip()
    linked = f"{said} {_desk(notice)}" if notice.address else said
    return linked if len(linked) <= SHORT else said[:SHORT]


def why(notice: Notice) -> str:
    """Why this person is told; empty for a step that needs no reason."""
    return _WHY.get(notice.step, "")


def text(notice: Notice) -> str:
    """For a mail, as plain text: also what is asked of them."""
    lines = [subject(notice) + ".", why(notice), _ASKED.get(notice.step, "")]
    if notice.drill:
        lines.insert(0, "This is a drill. Treat it as if it were not.")
    if notice.address:
        lines.append(f"Sign in and open it: {_desk(notice)}")
    lines.append(
        "This message says nothing of what it is about, and replies are not read."
    )
    return "\n\n".join(line for line in lines if line) + "\n"


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; `None` after a day of them."""
    if tries <= len(_BACKOFF):
        return now + _BACKOFF[max(tries, 1) - 1]
    return now + _THEN if tries < _MOST else None


def _since(notice: Notice) -> str:
    return f"since {notice.since.astimezone(SCOTLAND):%H:%M on %d %b}"


def _desk(notice: Notice) -> str:
    # Not the desk itself: who is signed out would be told that nothing is there.
    return f"{notice.address.rstrip('/')}/staff/sign-in"
