"""The steps to the newest tables of the ledger."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.ledger:migrations", "ledger_version")
upgrade: Final = STEPS.upgrade
