"""Web Push: to an inspector's own phone or browser, sealed to it, signed by VAPID."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.posting import post
from engage.services.channels.settings import LOCAL, Channels

SECONDS = 8.0
_KEPT_FOR = "3600"
"""Seconds. A phone that is off for longer has been called again meanwhile."""
_SIGNED_FOR = 12 * 3600
"""Seconds. A push service may refuse more than a day, by its own clock."""
_TAKEN, _GONE = range(200, 300), frozenset({404, 410})
_BYTES = {"p256dh": 65, "auth": 16}
KEYS = tuple(_BYTES)
_BROKEN = "this phone’s keys are broken; sign it up again"


def send(
    settings: Channels, address: str, keys: Mapping[str, str], notice: Notice
) -> None:
    """Hand one notice to a push service. Raises `Refused` or `Failed`.

    The push service sees only to whom, and how urgent: the words are sealed.
    """
    if not allowed(settings, address):
        raise Refused("this is not an address for push")
    said = {
        "title": notices.subject(notice),
        "body": notices.why(notice),
        "url": "/duty/",
    }
    body = _sealed(keys, json.dumps(said).encode())
    headers = {
        **_signature(settings, address),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": _KEPT_FOR,
        "Urgency": "high",
    }
    status = post("the push service", address, body, headers, SECONDS)
    if status in _GONE:
        raise Refused("this phone has taken back its leave")
    if status not in _TAKEN:
        raise Failed(f"the push service could not take it (status {status})")


def allowed(settings: Channels, address: str) -> bool:
    """Whether it can be a push service's."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    local = settings.push_local and host in LOCAL
    return bool(host) and not parts.username and (parts.scheme == "https" or local)


def sound(keys: Mapping[str, str]) -> bool:
    """Whether these can be the keys that a browser makes for push."""
    try:
        held = {name: urlsafe_b64decode(keys[name] + "==") for name in _BYTES}
    except (KeyError, ValueError):
        return False
    return all(len(held[name]) == length for name, length in _BYTES.items())


def public_key(settings: Channels) -> str:
    """What a browser needs to subscribe (base64url, no padding); empty without one."""
    if not settings.vapid_key:
        return ""
    from py_vapid import Vapid

    vapid = Vapid.from_string(settings.vapid_key)
    numbers = vapid.public_key.public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    return urlsafe_b64encode(point).decode().rstrip("=")


def _sealed(keys: Mapping[str, str], plain: bytes) -> bytes:
    if not sound(keys):
        raise Refused(_BROKEN)
    # Imported here: it takes memory, and most processes never send.
    from pywebpush import WebPusher

    held = {name: keys[name] for name in KEYS}
    try:
        pusher = WebPusher({"endpoint": "", "keys": held})
        sealed: bytes = pusher.encode(plain)["body"]
    except ValueError:  # no point of the curve
        raise Refused(_BROKEN) from None
    return sealed


def _signature(settings: Channels, address: str) -> dict[str, str]:
    from py_vapid import Vapid02, VapidException

    parts = urlsplit(address)
    claims = {
        "sub": settings.vapid_contact,
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _SIGNED_FOR,
    }
    try:
        signed: dict[str, str] = Vapid02.from_string(settings.vapid_key).sign(claims)
    except (VapidException, ValueError):
        raise Failed("push is not set up rightly") from None
    return signed
