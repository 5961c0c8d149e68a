"""Runs the steps on the connection that `hub.stores.ledger.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.ledger.tables import metadata

run(metadata)
