"""Keys: who holds which, what each opens, and how one comes from another."""

import hashlib
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engage.core.sealing.envelope import KEY_BYTES, Context, WontOpen, lock, unlock


class Holder(StrEnum):
    """Who holds a key. The two vaults store their own values of this."""

    CHILD = "child"
    EVIDENCE = "evidence"
    DUTY = "duty"


class Sealed(StrEnum):
    """What is kept in envelopes."""

    ANSWER = "answer"
    HEAD = "head"
    FLAG = "flag"
    MESSAGE = "message"


class Carried(StrEnum):
    """Keys that are themselves kept in envelopes: the `kind` of their context."""

    TALK_KEY = "talk key"
    GRANT = "grant"
    SESSION = "session"
    PRIVATE = "private key"
    COOKIE = "cookie"
    THREAD = "thread key"


OPENED_BY: Mapping[Sealed, tuple[Holder, ...]] = MappingProxyType(
    {
        Sealed.ANSWER: (Holder.CHILD, Holder.EVIDENCE),
        Sealed.HEAD: (Holder.CHILD, Holder.EVIDENCE),
        Sealed.FLAG: (Holder.DUTY,),
        Sealed.MESSAGE: (Holder.CHILD, Holder.DUTY),
    }
)
"""The keys that are used, and the promise that the who-sees-this page makes."""


class WrongPassword(Exception):
    """The password does not open this key (or the stored key was altered)."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """X25519, raw bytes. `private` stays out of anything that prints this."""

    public: bytes
    private: bytes

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public.hex()})"


def key_pair(random32: bytes) -> KeyPair:
    """The pair whose private half is these 32 random bytes."""
    private = x25519.X25519PrivateKey.from_private_bytes(random32)
    return KeyPair(private.public_key().public_bytes_raw(), random32)


def derive(key: bytes, purpose: str) -> bytes:
    """Another 32-byte key, from which neither `key` nor its sisters follow."""
    info = b"engage/1/" + purpose.encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key)


def token_hash(key: bytes) -> str:
    """Finds the row of whoever holds `key`; the row gives nothing back (64 hex)."""
    return hashlib.sha256(derive(key, "find")).hexdigest()


def flag_tag(key: bytes) -> str:
    """Joins a talk's flags to each other (64 hex).

    Only the talk key shows that it and the `token_hash` are of the same talk.
    """
    return hashlib.sha256(derive(key, "flag")).hexdigest()


# Argon2id as OWASP's password storage cheat sheet has it: 19 MiB, two passes, one lane.
_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1
# A blob is not ours until it has opened: altered numbers must not eat the machine.
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 256 * 1024, 16, 4
_SHAPE = struct.Struct(">BIBB16s")
_SHAPE_NUMBER = 1
SALT_BYTES = 16
_PRIVATE = Context(Carried.PRIVATE, 0)


def wrap_private(private: bytes, password: str, salt: bytes, nonce: bytes) -> bytes:
    """A private key that only `password` opens; carries its own Argon2id numbers.

    `salt` is 16 and `nonce` 12 random bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    head = _SHAPE.pack(_SHAPE_NUMBER, _MEMORY_KIB, _PASSES, _LANES, salt)
    return head + lock(_stretched(password, head), private, _PRIVATE, nonce)


def unwrap_private(blob: bytes, password: str) -> bytes:
    """What `wrap_private` wrapped.

    Raises:
        WrongPassword: see there.
    """
    head, envelope = blob[: _SHAPE.size], blob[_SHAPE.size :]
    try:
        return unlock(_stretched(password, head), envelope, _PRIVATE)
    except (WontOpen, ValueError, struct.error):
        raise WrongPassword from None


def _stretched(password: str, head: bytes) -> bytes:
    number, memory, passes, lanes, salt = _SHAPE.unpack(head)
    if (
        number != _SHAPE_NUMBER
        or memory > _MOST_MEMORY_KIB
        or passes > _MOST_PASSES
        or lanes > _MOST_LANES
    ):
        raise WontOpen
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=passes,
        lanes=lanes,
        memory_cost=memory,
    )
    # The same password typed on another keyboard may come as other code points.
    return kdf.derive(unicodedata.normalize("NFKC", password).encode())
