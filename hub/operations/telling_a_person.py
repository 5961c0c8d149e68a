"""What the hub can tell a person of a case, gathered from the topics."""

from datetime import datetime

from hub.law.access import Access, access
from hub.law.retention import plan
from hub.operations.subject_look import look
from hub.operations.subject_topics import Played
from hub.settings import Settings


def gather(settings: Settings, subject: str, now: datetime, played: Played) -> Access | None:
    """The answer to a request for access; None: there is nothing of this case.

    Raises NoVault, BrokerUnavailable and Later.
    """
    found = look(settings, subject, played)
    if not found.is_known:
        return None
    erased_at = found.held.destroyed_at if found.held is not None else None
    events = [one.event for one in found.seen if one.event is not None]
    return access(subject, now, erased_at, found.past, events, plan(settings))
