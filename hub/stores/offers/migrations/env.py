"""Runs the steps on the connection that `hub.stores.offers.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.offers.tables import metadata

run(metadata)
