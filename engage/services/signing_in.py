"""Staff sign in with name and password, and are known by a token until they go.

The token is in their cookie and nowhere else. The database holds their private key
locked under it, so what is stored opens nothing by itself.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from engage.core.duty.journal import Verb
from engage.core.people import Role, StaffId
from engage.core.sealing.envelope import (
    KEY_BYTES,
    NONCE_BYTES,
    Context,
    WontOpen,
    lock,
    unlock,
)
from engage.core.sealing.keys import (
    SALT_BYTES,
    Carried,
    WrongPassword,
    derive,
    token_hash,
    unwrap_private,
    wrap_private,
)
from engage.store import journal, staff
from engage.store.engine import Store

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)


class NotKnown(Exception):
    """Wrong name or wrong password. It does not say which, to anybody."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    id: StaffId
    called: str
    role: Role
    private: bytes = field(repr=False)
    """Opens their grants. Lives as long as the request."""


def sign_in(store: Store, name: str, password: str, *, now: datetime) -> str:
    """A token for the cookie (64 hexadecimal digits).

    The journal tells that somebody was refused, or who was not.

    Raises:
        NotKnown: see there.
    """
    nobody = _nobody()
    with store.read() as db:
        member = staff.by_name(db, name)
    try:
        # The same work for an unknown name: the time taken must not name anybody.
        private = unwrap_private(member.wrapped if member else nobody, password)
    except WrongPassword as wrong:
        _refuse(store, now)
        raise NotKnown from wrong
    if member is None:
        raise NotKnown
    token = secrets.token_bytes(KEY_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    envelope = lock(derive(token, "session"), private, _context(member.id), nonce)
    with store.begin() as db:
        staff.forget_expired(db, now)
        staff.sign_in(
            db,
            token_hash(token),
            member.id,
            envelope=envelope,
            expires_at=now + LONGEST,
        )
        journal.write(db, Verb.SIGNED_IN, at=now, staff=member.id)
    return token.hex()


def who(
    store: Store, token: str, *, seen: int, now: datetime, watching: bool = False
) -> SignedIn | None:
    """Whoever holds this token, unless it has run out.

    `seen` is the last time it was used, in seconds since 1970, from the signed cookie.
    `watching`: they need not have been here lately, and then have no private key.
    """
    key = _key(token)
    idle = now - datetime.fromtimestamp(seen, UTC) > IDLE
    if key is None or (idle and not watching):
        return None
    with store.read() as db:
        session = staff.session(db, token_hash(key), now)
    if session is None:
        return None
    member = session.staff
    try:
        context = _context(member.id)
        private = unlock(derive(key, "session"), session.envelope, context)
    except WontOpen:
        return None
    if idle:
        private = b""
    return SignedIn(member.id, member.called, member.role, private)


def sign_out(store: Store, token: str, *, now: datetime | None = None) -> None:
    """Forget a session; with `now`, and if it had not run out, into the journal."""
    key = _key(token)
    if key is None:
        return
    hashed = token_hash(key)
    with store.begin() as db:
        session = staff.session(db, hashed, now) if now else None
        staff.sign_out(db, hashed)
        if now and session:
            journal.write(db, Verb.SIGNED_OUT, at=now, staff=session.staff.id)


def _refuse(store: Store, now: datetime) -> None:
    """Without a name: it may be another password of theirs, typed into that field."""
    with store.begin() as db:
        journal.write(db, Verb.SIGN_IN_REFUSED, at=now)


def _context(of: StaffId) -> Context:
    return Context(Carried.SESSION, 0, number=of)


def _key(token: str) -> bytes | None:
    try:
        key = bytes.fromhex(token)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


@cache
def _nobody() -> bytes:
    """A wrapped key that no password opens."""
    return wrap_private(
        bytes(KEY_BYTES),
        secrets.token_hex(),
        secrets.token_bytes(SALT_BYTES),
        secrets.token_bytes(NONCE_BYTES),
    )
