"""Send a notice. To come."""

from collections.abc import Mapping
from dataclasses import dataclass

from engage.core.duty.notices import Notice


class Refused(Exception):
    """For good."""


class Failed(Exception):
    """For now."""


@dataclass(frozen=True)
class Channels:
    """Set up for each installation."""

    address: str = ""


def send(
    settings: Channels,
    channel: str,
    address: str,
    keys: Mapping[str, str],
    notice: Notice,
) -> None:
    """Send it."""
    raise Failed("this channel is not set up")
