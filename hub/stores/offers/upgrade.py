"""The steps to the newest tables of the directory."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.offers:migrations", "directory_version")
upgrade: Final = STEPS.upgrade
