"""Collecting what lies in a mailbox: until when, and what is said of what nobody collects."""

from datetime import datetime, timedelta

from hub.domain.agreed_times import AgreedTimes
from hub.domain.clocks import Clock, Deadline, due_at
from hub.domain.copies import KIND
from hub.domain.deadlines import Rung
from hub.domain.emission import derived_id
from hub.domain.working_year import ZONE
from schemas.events.delivery_uncollected import DeliveryUncollected
from schemas.vocabulary import AwaitedStep

A_DAY = timedelta(days=1)


def collect_until(since: datetime, agreed: AgreedTimes) -> datetime:
    """Until when a party collects what came into its mailbox then."""
    return due_at(Clock(AwaitedStep.COLLECTION, "", since), Deadline.OVERDUE, agreed)


def late_before(now: datetime, agreed: AgreedTimes) -> datetime:
    """What came before then should have been collected by now.

    The day on which something came does not count, whatever the hour (BGB §187(1)), so this is
    the beginning of a day of Berlin's.
    """
    day = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    while collect_until(day, agreed) > now:
        day -= A_DAY
    return day + A_DAY


def is_ours(said: DeliveryUncollected, subject: str) -> bool:
    """Whether the hub wrote this copy, of this event, on this case: its id follows from them."""
    cause = f"{said.delivered_by}|{subject}|{said.sent_by}|{said.event_id}"
    return said.delivery_id == derived_id(cause, said.delivered_to, KIND)


def over(said: DeliveryUncollected) -> Rung:
    """The time to collect it, which is over; nothing is remembered of it."""
    clock = Clock(AwaitedStep.COLLECTION, said.delivered_to, said.lies_since)
    return Rung(clock, Deadline.OVERDUE, said.due_at, said.delivery_id, {})
