"""The steps to the newest tables of the mailbox."""

from typing import Final

from connectors.sql.upgrade import Steps

STEPS: Final = Steps("connectors.mailbox:migrations", "mailbox_version")
upgrade: Final = STEPS.upgrade
