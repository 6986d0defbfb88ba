"""The journal. (Being written: the chain comes with `core.duty.chain`.)"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from engage.core.duty.journal import Verb


def write(
    db: Connection,
    verb: Verb,
    *,
    at: datetime,
    staff: int | None = None,
    inspection: int | None = None,
    flag: int | None = None,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Append one entry."""
