"""How a view reaches the rest of Engage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from engage.services.library import Library
from engage.settings import Settings


@dataclass(frozen=True)
class Engage:
    settings: Settings
    store: Any
    """Handed on to services, which know what it is. The web must not."""
    now: Callable[[], datetime]
    library: Library


def engage() -> Engage:
    wired: Engage = current_app.extensions["engage"]
    return wired
