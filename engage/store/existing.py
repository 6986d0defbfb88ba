"""Open a database that must be there already. Nothing is made, nothing is migrated."""

import sqlite3
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from engage.store.desk_tables import journal
from engage.store.engine import Store, open_store


class NotThere(Exception):
    """No database of Engage with a journal answers at this address."""


def open_existing(url: str) -> Store:
    """A store, as `open_store`; a mistyped address makes no empty database.

    Raises:
        NotThere: see there.
    """
    try:
        address = make_url(url)
        if _is_no_file(address):
            raise NotThere
        store = open_store(url)
        with store.read() as db:
            there = inspect(db).has_table(journal.name)
    # Before anything is read, the driver's own errors come through as they are.
    except (ArgumentError, DBAPIError, sqlite3.Error) as wrong:
        raise NotThere from wrong
    if not there:
        store.dispose()
        raise NotThere
    return store


def _is_no_file(address: URL) -> bool:
    if address.get_backend_name() != "sqlite":
        return False
    return not address.database or not Path(address.database).is_file()
