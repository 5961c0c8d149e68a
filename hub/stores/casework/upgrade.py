"""The steps to the newest tables of a desk."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.casework:migrations", "desk_version")
upgrade: Final = STEPS.upgrade
