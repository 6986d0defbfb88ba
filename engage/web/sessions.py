"""The cookie: Flask's own session, sealed instead of signed.

What it holds is a child's key or a sign-in. Sealed, it tells whoever sees it nothing,
and one call opens it; padded, its length tells nothing either.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from time import time
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from engage.core.sealing.envelope import NONCE_BYTES, Context, Locker, WontOpen
from engage.core.sealing.keys import Carried, derive

_EXTENSION = "engage.sessions"
_PLACE = Context(Carried.COOKIE, 0)


class Sealer:
    """In the place of the serializer that signs: the same two verbs."""

    def __init__(self, secret: bytes) -> None:
        self._locker = Locker(derive(secret, "cookie"))

    def dumps(self, held: Mapping[str, Any]) -> str:
        plain = json.dumps([int(time()), held]).encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        return urlsafe_b64encode(self._locker.lock(plain, _PLACE, nonce)).decode()

    def loads(self, cookie: str, max_age: float) -> dict[str, Any]:
        """What `dumps` sealed. `max_age`: seconds.

        Raises:
            BadSignature: not ours, altered, or too old; as Flask expects it.
        """
        try:
            opened = self._locker.unlock(urlsafe_b64decode(cookie), _PLACE)
        except (WontOpen, ValueError):
            raise BadSignature("it does not open") from None
        at, held = json.loads(opened)
        if time() - at > max_age:
            raise BadSignature("it is too old")
        found: dict[str, Any] = held
        return found


class SealedCookies(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> Any:
        return app.extensions[_EXTENSION]

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        # What Flask adds otherwise is for caches, and no page of ours is kept in one.
        if session.modified:
            super().save_session(app, session, response)


def configure(app: Flask, secret: bytes) -> None:
    app.extensions[_EXTENSION] = Sealer(secret)
    app.session_interface = SealedCookies()
