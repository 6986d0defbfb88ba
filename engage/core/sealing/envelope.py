"""Envelopes: sealed bytes that open only with the right key in the right place.

Every envelope starts with a suite byte, so that a later suite can stand beside
this one. The plaintext is padded to steps of 256 bytes: the length of a row must
not tell "yes" from "no". The whole context is bound in, so that a row moved to
another talk, number, script or inspection does not open.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = b"\x01"
"""1: HPKE (X25519, HKDF-SHA256, AES-256-GCM), or AES-256-GCM alone where one key
both locks and opens."""

KEY_BYTES = 32
NONCE_BYTES = 12
STEP = 256
_LENGTH_BYTES = 4
_SEALED = len(SUITE) + NONCE_BYTES
"""Where, in a locked envelope, the sealed bytes begin."""
_HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class WontOpen(Exception):
    """Wrong key, wrong place, or altered bytes. It does not say which, to anybody."""


class Context(NamedTuple):
    """Where an envelope belongs. What is not needed keeps its empty value."""

    kind: str
    inspection: int
    talk: str = ""
    number: int = 0
    digest: str = ""

    def encoded(self) -> bytes:
        """Every field with its length before it, so that no two contexts agree."""
        before, after = self.around_number()
        return before + _number(self.number) + after

    def around_number(self) -> tuple[bytes, bytes]:
        """What comes before and after the number in `encoded`."""
        inspection = str(int(self.inspection))
        whose = map(_length_before, (self.kind, inspection, self.talk))
        return b"engage" + SUITE + b"".join(whose), _length_before(self.digest)


@lru_cache(maxsize=1024)
def _number(number: int) -> bytes:
    return _length_before(str(int(number)))


def _length_before(field: str) -> bytes:
    raw = field.encode()
    return len(raw).to_bytes(4) + raw


def padded(plain: bytes) -> bytes:
    filled = _LENGTH_BYTES + len(plain)
    return len(plain).to_bytes(_LENGTH_BYTES) + plain + bytes(-filled % STEP)


def unpadded(block: bytes) -> bytes:
    """The words inside a padded block.

    Raises:
        WontOpen: this is not what `padded` makes.
    """
    length = _LENGTH_BYTES + int.from_bytes(block[:_LENGTH_BYTES])
    if len(block) != length + -length % STEP or block[length:].strip(b"\0"):
        raise WontOpen
    return block[_LENGTH_BYTES:length]


def seal_to(public: bytes, plain: bytes, context: Context) -> bytes:
    """Seal for whoever holds the private half of `public`.

    Raises:
        WontOpen: `public` is no key, so nobody could ever open this.
    """
    try:
        key = x25519.X25519PublicKey.from_public_bytes(public)
        return SUITE + _HPKE.encrypt(padded(plain), key, info=context.encoded())
    except ValueError as broken:
        raise WontOpen from broken


def open_with(private: bytes, envelope: bytes, context: Context) -> bytes:
    """What was sealed to the public half of `private`.

    Raises:
        WontOpen: see there.
    """
    body = _body(envelope)
    try:
        key = x25519.X25519PrivateKey.from_private_bytes(private)
        return unpadded(_HPKE.decrypt(body, key, info=context.encoded()))
    except (InvalidTag, ValueError):
        # The cause would say which of key, place and bytes was wrong.
        raise WontOpen from None


class Locker:
    """Locks and unlocks many envelopes under one key; setting a key up is the cost."""

    __slots__ = ("_aes",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise WontOpen
        self._aes = AESGCM(key)

    def lock(self, plain: bytes, context: Context, nonce: bytes) -> bytes:
        """Seal under the key. `nonce` is 12 random bytes, never used before.

        Raises:
            WontOpen: the nonce has another length.
        """
        if len(nonce) != NONCE_BYTES:
            raise WontOpen
        sealed = self._aes.encrypt(nonce, padded(plain), context.encoded())
        return SUITE + nonce + sealed

    def unlock(self, envelope: bytes, context: Context) -> bytes:
        """What was locked under the same key in the same place.

        Raises:
            WontOpen: see there.
        """
        return self._unlock(envelope, context.encoded())

    def unlock_all(
        self, envelopes: Iterable[tuple[int, bytes]], context: Context
    ) -> list[bytes]:
        """What was locked under the same key, each in the place with its own number.

        Raises:
            WontOpen: see there; one of them is enough.
        """
        before, after = context.around_number()
        return [
            self._unlock(envelope, before + _number(number) + after)
            for number, envelope in envelopes
        ]

    def _unlock(self, envelope: bytes, context: bytes) -> bytes:
        if envelope[:1] != SUITE:
            raise WontOpen
        nonce, sealed = envelope[1:_SEALED], envelope[_SEALED:]
        try:
            return unpadded(self._aes.decrypt(nonce, sealed, context))
        except (InvalidTag, ValueError):
            raise WontOpen from None


def lock(key: bytes, plain: bytes, context: Context, nonce: bytes) -> bytes:
    """`Locker.lock`, for a key used once."""
    return Locker(key).lock(plain, context, nonce)


def unlock(key: bytes, envelope: bytes, context: Context) -> bytes:
    """`Locker.unlock`, for a key used once."""
    return Locker(key).unlock(envelope, context)


def _body(envelope: bytes) -> bytes:
    if envelope[:1] != SUITE:
        raise WontOpen
    return envelope[1:]
