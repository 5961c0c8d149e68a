"""THE table of addresses: what a clerk must be allowed to do to be answered there."""

from typing import Final

from hub.access.roles import Right
from hub.entry.addresses import ENTRY, Anybody, Table

ADDRESSES: Final[Table] = {
    **ENTRY,
    "start": Right.LIST,
    "inbox": Right.LIST,
    "news": Right.LIST,
    "claims": Right.WORK,
    "claim": Right.WORK,
    "release": Right.WORK,
    "case": Right.LIST,
    "step": Right.WORK,
    "say": Right.WORK,
    "entered": Right.WORK,
    "continued": Right.WORK,
    "say-continued": Right.WORK,
    "new-referral": Right.WORK,
    "send-referral": Right.WORK,
    "new-offer": Right.WORK,
    "publish-offer": Right.WORK,
    "figures": Right.FIGURES,
    "help": Anybody.READS,
    "accessibility": Anybody.READS,
    "language": Anybody.READS,
    "audit": Right.RECORD,
    "healthz": Anybody.UNASKED,
    "static": Anybody.UNASKED,
}
"""A case is in the list of everybody; its page shows what they may see."""
POLLED: Final = ("news",)
"""Asked by a page's script: no sign that somebody is there."""
