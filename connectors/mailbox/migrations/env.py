"""Runs the steps on the connection that `connectors.mailbox.upgrade` hands in."""

from alembic import context

from connectors.mailbox.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
