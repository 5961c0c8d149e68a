"""The steps to the newest tables of the inbox."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("connectors.backoffice:migrations", "backoffice_version")
upgrade: Final = STEPS.upgrade
