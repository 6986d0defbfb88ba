"""Headers, cookies, and what is refused before any page sees it."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from engage.settings import Settings
from engage.web import limiting, sessions

MOST_BYTES = 64 * 1024
_YEAR = 365 * 24 * 3600
csrf = CSRFProtect()
TURN = "young.talking.answer"
VIEW = TypeVar("VIEW", bound=Callable[..., Any])


def unguarded(view: VIEW) -> VIEW:
    """A view that takes a form without its token: leaving must never be refused."""
    csrf.exempt(view)
    return view


def configure(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR,
        SESSION_COOKIE_NAME="__Host-engage" if settings.https else "engage",
        SESSION_COOKIE_HTTPONLY=True,
        # Strict would lose the cookie between a followed link and the page it leads to.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        # A talk may pause for longer than a token would last.
        WTF_CSRF_TIME_LIMIT=None,
        # Asks for the Referer, which we tell browsers never to send.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.strict_slashes = False  # a redirect to "/duty/" would confirm it exists
    app.before_request(_refuse_nonsense)
    csrf.init_app(app)
    app.before_request(_use_token_again)
    limiting.configure(app)
    sessions.configure(app, settings.secret_key)
    app.after_request(_add_headers)
    app.url_defaults(_add_version)
    if settings.proxies:
        trust = settings.proxies
        proxied = ProxyFix(app.wsgi_app, x_for=trust, x_proto=trust, x_host=trust)
        app.wsgi_app = proxied  # type: ignore[method-assign]


_ON_FILES = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


_ON_PARTS = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    # Looked at by itself it may do nothing. In a page, that page's policy counts.
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
"""On what htmx puts into a page: it comes with every turn, so it should be short."""


def on_pages(inline_style: str, settings: Settings) -> list[tuple[str, str]]:
    """What every page says to the browser beside itself."""
    found = [
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", _policy(inline_style, settings)),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
    if settings.https:
        found.append(("Strict-Transport-Security", f"max-age={_YEAR}"))
    return found


def _policy(inline_style: str, settings: Settings) -> str:
    """The content security policy: ours, and nothing else."""
    style = b64encode(hashlib.sha256(inline_style.encode()).digest()).decode()
    away = urlsplit(settings.leave_to)
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'self' 'sha256-{style}'",
            "script-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",
            "manifest-src 'self'",
            # Leave is a form, and ends at another site.
            f"form-action 'self' {away.scheme}://{away.netloc}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _refuse_nonsense() -> None:
    # No page has a use for a NUL, and PostgreSQL cannot keep one.
    asked = request
    given = [asked.path, *asked.args.values()]
    for name, values in asked.form.lists():
        given += [name, *values]
    if "\0" in "".join(given):
        abort(400)


def _use_token_again() -> None:
    """In a turn the next form takes over the token that was just found good."""
    if request.endpoint == TURN and g.get("csrf_valid"):
        token = request.form.get("csrf_token")
        if token:
            g.csrf_token = token


def _add_headers(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        response.cache_control.immutable = True
        response.headers.extend(_ON_FILES)
        return response
    part = "HX-Request" in request.headers
    response.headers.extend(_ON_PARTS if part else current_app.config["PAGE_HEADERS"])
    return response


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        values["v"] = _version(Path(str(current_app.static_folder), values["filename"]))


@cache
def _version(file: Path) -> str:
    """Changes when the file does, so that it may be kept for a year."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]
