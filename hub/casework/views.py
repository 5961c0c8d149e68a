"""The inbox's views: each a link with a count, each with its own address."""

from enum import StrEnum


class View(StrEnum):
    """Which cases are shown; a case may stand in several views."""

    MINE = "mine"
    """Claimed by this clerk and not over."""
    UNASSIGNED = "unassigned"
    """Ours, open, claimed by nobody."""
    DUE_TODAY = "due-today"
    """Ours, open, due on this day, by Berlin's calendar."""
    OVERDUE = "overdue"
    """Ours, open, due before now."""
    ON_HOLD = "on-hold"
    """Open referrals that rest."""
    WAITING = "waiting"
    """Asked by us, open, nothing refused: the other party is to act."""
    ADDRESS_CHANGES = "address-changes"
    """Moves and blocks that came in and are not done."""
    HANDOVERS = "handovers"
    """Hand-overs that are open: the old carrier still pays."""
    DONE = "done"
    """Over."""
    FAULTY = "faulty"
    """What the hub refused, and what came in and could not be read, until it is noted."""
    ALL = "all"
    """Every case of this desk: where a search looks."""
