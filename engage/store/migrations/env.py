"""How Alembic runs: on the connection, and in the transaction, of `Store.migrate`."""

from alembic import context

from engage.store.desk_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
