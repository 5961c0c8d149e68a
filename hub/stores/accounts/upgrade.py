"""The steps to the newest tables of the accounts."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.accounts:migrations", "accounts_version")
upgrade: Final = STEPS.upgrade
