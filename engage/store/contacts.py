"""Where people are told. To come."""

from datetime import datetime

from sqlalchemy import Connection


def refused(db: Connection, number: int, at: datetime, why: str) -> None:
    """This address takes nothing any more."""
