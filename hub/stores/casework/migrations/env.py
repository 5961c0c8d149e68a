"""Runs the steps on the connection that `hub.stores.casework.upgrade` hands in."""

from alembic import context

from hub.stores.casework.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
