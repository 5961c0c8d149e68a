"""Every type the hub writes, and how the year judges it: nothing that it says is passed over."""

from typing import Final

from schemas.topics import TOPIC_OF

COPIES: Final = frozenset(TOPIC_OF) - {"probe.sent"}
"""What parties say: each copy is expected because of one saying."""
ANSWERS: Final = frozenset({"receipt.delivered", "receipt.refused"})
"""One for each saying, to its sender."""
FOLLOWS: Final = frozenset(
    {"handover.opened", "referral.offer-suggested", "support-offer.capacity-lowered"}
)
"""What the hub says itself because of a saying."""
REMINDERS: Final = frozenset({"reminder.due", "reminder.overdue", "handover.overdue"})
"""What it says because a time is over; so is `referral.status-changed` by one of `OF_TIME`."""
OF_TIME: Final = frozenset({"expiry-to-owner", "expiry-to-sender"})
"""The rules by which the hub says that a referral has expired."""
LEFT_TO_OTHERS: Final[dict[str, str]] = {
    "probe.sent": "only the monitor of a running hub sends probes, and none runs here",
    "receipt.seen": "only somebody at an inbox page says so, and nobody looks at one here",
    "subject.erased": "only `hub erase` says so, and nobody is erased in this year",
}
"""What is counted and not compared, and why."""
KNOWN: Final = COPIES | ANSWERS | FOLLOWS | REMINDERS | LEFT_TO_OTHERS.keys()
