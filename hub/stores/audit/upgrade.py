"""The steps to the newest tables of the audit."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("hub.stores.audit:migrations", "audit_version")
upgrade: Final = STEPS.upgrade
