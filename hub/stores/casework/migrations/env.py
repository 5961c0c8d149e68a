"""Runs the steps on the connection that `hub.stores.casework.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.casework.tables import metadata

run(metadata)
