"""Runs the steps on the connection that `hub.stores.accounts.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.accounts.tables import metadata

run(metadata)
