"""How often one asker may try. Counted by `limits`, and only where a view says so."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_EXTENSION = "engage.limiting"
_SALT = secrets.token_bytes(32)
View = TypeVar("View", bound=Callable[..., Any])


def configure(app: Flask) -> None:
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(MemoryStorage())


def limited(rates: str) -> Callable[[View], View]:
    """Answer 429 beyond these rates: "10 per minute; 60 per hour"."""
    items = parse_many(rates)

    def mark(view: View) -> View:
        @wraps(view)
        def within(*args: Any, **kwargs: Any) -> Any:
            counter: FixedWindowRateLimiter = current_app.extensions[_EXTENSION]
            # Each is counted, also when another has run out already.
            hits = [counter.hit(each, view.__name__, _asker()) for each in items]
            if not all(hits):
                abort(429)
            return view(*args, **kwargs)

        return within  # type: ignore[return-value]

    return mark


def _asker() -> str:
    """Tells askers apart for as long as the process runs, without their address."""
    address = (request.remote_addr or "").encode()
    return hmac.new(_SALT, address, hashlib.sha256).hexdigest()
