"""Runs the steps on the connection that `connectors.backoffice.upgrade` hands in."""

from connectors.backoffice.tables import metadata
from connectors.sql.upgrade import run

run(metadata)
