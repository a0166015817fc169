"""Alembic's entry: the connection is handed in by `store.admin`."""

from alembic import context

from dispatcher.store import people, tables, troubles  # noqa: F401  # they fill it
from dispatcher.store.columns import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=False)
with context.begin_transaction():
    context.run_migrations()
