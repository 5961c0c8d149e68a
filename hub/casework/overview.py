"""What a lead asks of a party's desk: how short the ways are, and what is not done yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from hub.trail.figures import Figures


class Standing(NamedTuple):
    """How much there is to do between this party and another."""

    party: str
    """The other one."""
    open: int
    """Referrals that this party has and has not ended."""
    overdue: int
    """Those of them whose next step is late."""
    waiting: int
    """Referrals that the other one has of this party."""
    late: int
    """Those of them whose next step is late."""


class Beside(NamedTuple):
    """What the figures of referrals do not say."""

    forwarded: int
    """How many referrals this party has passed on: what became of them is not known here."""
    handovers: int
    """Hand-overs that are open: this party still pays, as the old carrier (SGB X §2(3))."""
    overdue: int
    """Those of them that ought to have been continued."""


class Overview(Protocol):
    """Counted from what this party itself was sent and said: other parties' affairs are not here.

    Every call is one transaction; raises `connectors.errors.Later` when the database is away.
    """

    def figures(self, first: date, last: date, now: datetime) -> Sequence[Figures]:
        """Of the referrals sent on these days, both included, with all that became of them since.

        Per municipality and month, as `hub report` counts them, then the totals. What became of
        a referral that this party has forwarded is not known here.
        """

    def beside(self, first: date, last: date, now: datetime) -> Beside:
        """The referrals forwarded on these days, both included, and the hand-overs open now."""

    def standing(self, now: datetime) -> Sequence[Standing]:
        """How things stand with each other party, in the order of their ids."""

    def offers_by_place(self, now: datetime) -> Mapping[str, int]:
        """How many support offers one can send somebody to there are at each place, by AGS."""
