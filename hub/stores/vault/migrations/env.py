"""Runs the steps on the connection that `hub.stores.vault.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.vault.tables import metadata

run(metadata)
