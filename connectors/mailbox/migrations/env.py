"""Runs the steps on the connection that `connectors.mailbox.upgrade` hands in."""

from connectors.mailbox.tables import metadata
from connectors.sql.upgrade import run

run(metadata)
