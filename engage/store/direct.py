"""Statements that are compiled once and then handed to the database's own driver.

For the two of every turn: what SQLAlchemy does around so small a statement takes longer
than the statement. Only text, whole numbers and bytes go in and come out, since nothing
is converted on the way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.sql import ClauseElement

Values = Mapping[str, str | int | bytes]


class Driver:
    """A connection out of the pool with nothing around it. Give it back by `close`."""

    __slots__ = ("__weakref__", "connection", "dialect")

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self.connection = engine.raw_connection()


Database = Connection | Driver


class Direct:
    """Built once, when a module loads; compiled once for each kind of database."""

    def __init__(self, *values: str, **statements: ClauseElement) -> None:
        """`values`: names of what goes in; `statements`: by the name of the dialect."""
        self._values = values
        self._statements = statements
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def rows(self, db: Database, values: Values) -> list[tuple[Any, ...]]:
        cursor = self._run(db, values)
        try:
            found: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return found

    def changed(self, db: Database, values: Values) -> int:
        """How many rows it changed."""
        cursor = self._run(db, values)
        try:
            count: int = cursor.rowcount
        finally:
            cursor.close()
        return count

    def _run(self, db: Database, values: Values) -> Any:
        name = db.dialect.name
        if name not in self._compiled:
            self._compiled[name] = self._compile(db)
        sql, order = self._compiled[name]
        cursor = db.connection.cursor()
        cursor.execute(sql, values if order is None else [values[n] for n in order])
        return cursor

    def _compile(self, db: Database) -> tuple[str, Sequence[str] | None]:
        statement = self._statements[db.dialect.name]
        made = statement.compile(dialect=db.dialect, column_keys=self._values)
        return str(made), getattr(made, "positiontup", None)


def broken_rule(db: Database) -> type[Exception]:
    """What the driver raises when a constraint refuses a row."""
    assert db.dialect.dbapi is not None  # noqa: S101 - it is connected
    error: type[Exception] = db.dialect.dbapi.IntegrityError
    return error
