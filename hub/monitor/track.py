"""What is remembered of a group at a partition from one poll to the next."""

from datetime import datetime
from typing import NamedTuple

from hub.monitor.holding import Held
from hub.monitor.look import Ends, Group, Unread


class Track(NamedTuple):
    """How a group has moved at a partition."""

    committed: int | None
    """None: it was given the partition and has committed nothing."""
    moved_at: datetime
    """When its offset was first seen where it is."""
    highest: int
    """The highest offset it has ever committed."""
    clean_until: int
    """Up to here nothing readable lies behind `committed`: markers, aborted records."""
    manned_at: datetime | None
    """When it last had members; None: it was never seen to have any."""
    known_at: datetime
    """When the broker last knew it."""
    held: Held | None = None
    """The state it is shown in; None before the first poll is judged."""


def followed(
    before: Track | None,
    group: Group,
    committed: int | None,
    ends: Ends,
    unread: Unread | None,
    at: datetime,
) -> Track:
    """The track after a poll that has seen the group; the state is judged later."""
    known = committed or 0
    clean = ends.stable if unread is None else unread.until
    nothing = unread is None or unread.first is None
    manned = at if group.members else None
    if before is None or known > ends.high or before.highest > ends.high:
        return Track(committed, at, known, clean if nothing else known, manned, at)
    same = before.committed == committed
    at_rest = before.clean_until if same else known
    return Track(
        committed=committed,
        moved_at=before.moved_at if same else at,
        highest=max(before.highest, known),
        clean_until=max(at_rest, clean) if nothing else at_rest,
        manned_at=manned or before.manned_at,
        known_at=at,
        held=before.held,
    )
