"""How Alembic runs: on the connection, and in the transaction, of `Store.migrate`."""

from alembic import context

from engage.store import desk_tables  # noqa: F401 - it adds its tables
from engage.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
