"""The signed cookie, as Flask has it, with one serializer for all requests."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

_EXTENSION = "engage.sessions"


class OneSerializer(SecureCookieSessionInterface):
    """Made once: to make a serializer takes longer than to use it."""

    # The function itself and not one around it, which hmac would call in slow steps.
    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if _EXTENSION not in app.extensions:
            app.extensions[_EXTENSION] = super().get_signing_serializer(app)
        made: URLSafeTimedSerializer | None = app.extensions[_EXTENSION]
        return made


def configure(app: Flask) -> None:
    app.session_interface = OneSerializer()
