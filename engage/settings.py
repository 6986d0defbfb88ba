"""What differs between one installation and another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from engage.services.channels.settings import Channels

MIN_SECRET_BYTES = 32


class BadSettings(Exception):
    """Raised at start-up, naming every setting that is missing or malformed."""


@dataclass(frozen=True)
class Settings:
    secret_key: bytes = field(repr=False)
    """Signs the cookies. It opens no answer and no flag."""
    database_url: str = field(repr=False)
    https: bool = True
    """Cookies are refused over plain HTTP. Only the demo turns this off."""
    proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-For and -Proto."""
    leave_to: str = "https://www.bbc.co.uk/weather"
    """Where Leave takes a child: a site that nobody asks questions about."""
    channels: Channels = field(default_factory=Channels)
    """How staff are told of flags."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read ENGAGE_*.

        Raises:
            BadSettings: names everything that is wrong, not only the first.
        """
        wrong = []
        secret = _bytes(env.get("ENGAGE_SECRET_KEY", ""))
        if len(secret) < MIN_SECRET_BYTES:
            wrong.append("ENGAGE_SECRET_KEY: at least 64 hexadecimal digits")
        url = env.get("ENGAGE_DATABASE_URL", "")
        if not url:
            wrong.append("ENGAGE_DATABASE_URL: where the database is")
        proxies = env.get("ENGAGE_PROXIES", "0")
        if not proxies.isdecimal():
            wrong.append("ENGAGE_PROXIES: a whole number")
        leave_to = env.get("ENGAGE_LEAVE_TO", cls.leave_to)
        if not leave_to.startswith("https://"):
            wrong.append("ENGAGE_LEAVE_TO: an address that starts with https://")
        channels = Channels.from_env(env, wrong)
        if wrong:
            raise BadSettings("set " + "; ".join(wrong))
        return cls(
            secret, url, proxies=int(proxies), leave_to=leave_to, channels=channels
        )


def _bytes(hexadecimal: str) -> bytes:
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return b""
