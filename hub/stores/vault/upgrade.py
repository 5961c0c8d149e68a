"""The steps to the newest tables of the vault."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.vault:migrations", "vault_version")
upgrade: Final = STEPS.upgrade
