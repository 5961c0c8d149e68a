"""Runs the steps on the connection that `hub.stores.audit.upgrade` hands in."""

from connectors.sql.upgrade import run
from hub.stores.audit.tables import metadata

run(metadata)
