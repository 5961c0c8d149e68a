"""Runs the steps on the connection that `hub.stores.accounts.upgrade` hands in."""

from alembic import context

from hub.stores.accounts.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
