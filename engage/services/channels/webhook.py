"""A hub: a signed POST for what rings pagers or posts into a team's channel.

To check that it is ours, a hub makes the same HMAC-SHA256 over the timestamp, a full
stop and the body, with the secret that both know, and compares it with what stands
after `v1=` in `X-Engage-Signature`; and refuses a timestamp older than five minutes.
"""

import hashlib
import hmac
import json
import time
from urllib.parse import urlsplit

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.posting import post
from engage.services.channels.settings import LOCAL, Channels

SECONDS = 8.0
"""For all of it: a hub that hangs, or drips, holds nobody up."""
_TAKEN, _MOVED, _BUSY = range(200, 300), range(300, 400), {408, 409, 425, 429}
_FOR_GOOD = range(400, 500)


def send(settings: Channels, address: str, notice: Notice) -> None:
    """Hand one notice to a hub. Raises `Refused` or `Failed`."""
    allowed(settings, address)
    body = json.dumps(_body(notice), ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Engage",
        "X-Engage-Timestamp": stamp,
        "X-Engage-Signature": signature(settings.hook_secret, stamp, body),
    }
    status = post("the hub", address, body, headers, SECONDS)
    if status in _TAKEN:
        return
    if status in _FOR_GOOD and status not in _BUSY:
        raise Refused(f"the hub refuses it (status {status})")
    raise Failed(f"the hub could not take it (status {status})")


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What proves to a hub that this comes from here."""
    whole = stamp.encode() + b"." + body
    return f"v1={hmac.new(secret.encode(), whole, hashlib.sha256).hexdigest()}"


def allowed(settings: Channels, address: str) -> None:
    """Raises `Refused` unless it is https, without a name or password in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise Refused("this is not an address for a hub") from None
    local = settings.hook_local and host in LOCAL
    if not host or parts.username or (parts.scheme != "https" and not local):
        raise Refused("a hub’s address starts with https://")


def _body(notice: Notice) -> dict[str, str | bool]:
    return {
        "text": notices.short(notice),
        "reference": notice.reference,
        "level": notice.level.value,
        "since": notice.since.isoformat(),
        "step": notice.step,
        "drill": notice.drill,
    }
