"""Web Push: to an inspector's own phone or browser, sealed to it, signed by VAPID."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import LOCAL, Channels

SECONDS = 8
_KEPT_FOR = 3600
_GONE = frozenset({404, 410})


def send(
    settings: Channels, address: str, keys: Mapping[str, str], notice: Notice
) -> None:
    """Hand one notice to a push service. Raises `Refused` or `Failed`.

    The push service sees only to whom, and how urgent: the words are sealed.
    """
    # Imported here: they take memory, and most processes never send.
    import requests
    from pywebpush import WebPushException, webpush

    parts = urlsplit(address)
    local = settings.push_local and parts.hostname in LOCAL
    if parts.scheme != "https" and not local:
        raise Refused("this is not an address for push")
    said = {"title": notices.subject(notice), "body": "", "url": "/duty/"}
    try:
        webpush(
            {"endpoint": address, "keys": dict(keys)},
            json.dumps(said),
            vapid_private_key=settings.vapid_key,
            vapid_claims={"sub": settings.vapid_contact},
            ttl=_KEPT_FOR,
            timeout=SECONDS,
            headers={"Urgency": "high"},
        )
    except WebPushException as refused:
        status = refused.response.status_code if refused.response is not None else 0
        if status in _GONE:
            raise Refused("this phone has taken back its leave") from None
        raise Failed(f"the push service could not take it (status {status})") from None
    except (requests.RequestException, OSError):
        raise Failed("the push service does not answer") from None
    except (ValueError, KeyError):
        raise Refused(
            "this phone’s keys are broken; ask it to subscribe again"
        ) from None


def public_key(settings: Channels) -> str:
    """What a browser needs to subscribe (base64url, no padding); empty without one."""
    if not settings.vapid_key:
        return ""
    from py_vapid import Vapid

    vapid = Vapid.from_string(settings.vapid_key)
    numbers = vapid.public_key.public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    return urlsafe_b64encode(point).decode().rstrip("=")
