"""Decide who may see which page. A page that does not say is seen by nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session

from engage.core.people import Role
from engage.services import signing_in
from engage.services.signing_in import SignedIn
from engage.web.wiring import engage

TALK = "talk"
"""Where the session keeps a child's talk key."""
STAFF = "staff"
"""Where the session keeps a member of staff's token, and when it was last used."""
_NOTED_EVERY = 60  # seconds: the cookie need not be sent again on every page

View = TypeVar("View", bound=Callable[..., Any])


def allow(*roles: Role) -> Callable[[View], View]:
    """Mark a view with the roles that may see it."""

    def mark(view: View) -> View:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def watches(view: View) -> View:
    """Mark a view that may still be asked after a while without anybody at the desk.

    It is shown without their key, and does not keep them signed in.
    """
    view.watches = True  # type: ignore[attr-defined]
    return view


def allowed(app: Flask, endpoint: str) -> frozenset[Role]:
    if endpoint == "static":
        return frozenset({Role.ANYONE})
    return getattr(app.view_functions[endpoint], "allowed", frozenset())


def guard() -> None:
    if request.endpoint is None:
        return  # no such address, or not this way: `errors` asks `may` before it says
    if not may(request.endpoint):
        # A 403 would confirm that the page exists.
        abort(404)


def may(endpoint: str) -> bool:
    """Whether whoever asks may see this page."""
    roles = allowed(current_app, endpoint)
    if Role.ANYONE in roles:
        return True
    if Role.YOUNG_PERSON in roles and TALK in session:
        return True
    staff = signed_in() if roles - {Role.YOUNG_PERSON} else None
    return staff is not None and staff.role in roles


def ended(endpoint: str | None) -> bool:
    """Whether this is a page of staff's, and nobody is signed in any more."""
    if endpoint is None or signed_in() is not None:
        return False
    roles = allowed(current_app, endpoint)
    return bool(roles) and not roles & {Role.ANYONE, Role.YOUNG_PERSON}


def me() -> SignedIn:
    """The member of staff who asks, on a page that only staff may see."""
    staff = signed_in()
    if staff is None:
        abort(404)
    return staff


def signed_in() -> SignedIn | None:
    """The member of staff who asks, if one does. Looked up once a request."""
    if "staff" not in g:
        g.staff = _from_cookie()
    staff: SignedIn | None = g.staff
    return staff


def remember(token: str) -> None:
    """Begin anew: nothing of a child's talk on this device goes on into a desk."""
    session.clear()
    session[STAFF] = {"token": token, "seen": _seconds()}


def forget() -> None:
    """Sign out here and on the server."""
    held = session.get(STAFF)
    if held is not None:
        signing_in.sign_out(engage().store, held["token"], now=engage().now())
    session.clear()


def _from_cookie() -> SignedIn | None:
    held = session.get(STAFF)
    if held is None:
        return None
    token, seen = held["token"], held["seen"]
    watching = _watching()
    staff = signing_in.who(
        engage().store, token, seen=seen, now=engage().now(), watching=watching
    )
    if staff is None and not watching:
        session.pop(STAFF)
    elif staff is not None and not watching and _seconds() - seen >= _NOTED_EVERY:
        session[STAFF] = {"token": token, "seen": _seconds()}
    return staff


def _watching() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "watches", False)


def _seconds() -> int:
    return int(engage().now().timestamp())
