"""Insert a row unless one with its key is there, in one statement.

A failed INSERT would end a transaction on PostgreSQL; this one does not. The two
databases spell it alike, but SQLAlchemy has one statement class for each.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from engage.store.direct import Direct


class InsertUnlessThere:
    """Built once, when a module loads; compiled once for each database."""

    def __init__(self, table: Table, *, returning: str | None = None) -> None:
        lite = sqlite.insert(table).on_conflict_do_nothing()
        grown = postgresql.insert(table).on_conflict_do_nothing()
        if returning:
            lite = lite.returning(table.c[returning])  # type: ignore[assignment]
            grown = grown.returning(table.c[returning])  # type: ignore[assignment]
        self._statements: dict[str, Insert] = {
            # SQLAlchemy forgets how many rows an INSERT added unless asked not to.
            "sqlite": lite.execution_options(preserve_rowcount=True),
            "postgresql": grown.execution_options(preserve_rowcount=True),
        }

    def key(self, db: Connection, row: Mapping[str, Any]) -> int | None:
        """The new row's number; `None` if a row was there."""
        number: int | None = db.execute(self._on(db), row).scalar()
        return number

    def added(self, db: Connection, row: Mapping[str, Any]) -> bool:
        """Whether the row is new."""
        return db.execute(self._on(db), row).rowcount == 1

    def many(self, db: Connection, rows: list[dict[str, Any]]) -> None:
        if rows:
            db.execute(self._on(db), rows)

    def _on(self, db: Connection) -> Executable:
        return self._statements[db.dialect.name]

    def direct(self, *values: str) -> Direct:
        """The same, without what SQLAlchemy does around it."""
        return Direct(*values, **self._statements)
