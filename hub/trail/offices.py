"""The offices a trail is about: their working time, their time to answer, their names."""

from datetime import datetime, timedelta

from hub.domain.agreed_times import AgreedTimes
from hub.domain.deadlines import agreed_by
from hub.domain.parties import Kind, Parties

NOTHING = timedelta()


class Offices:
    """What the registry of parties says of time."""

    def __init__(self, parties: Parties) -> None:
        """Read off these parties."""
        self._parties = parties
        self.municipalities = {
            party.id: party.name for party in parties.party if party.kind is Kind.MUNICIPALITY
        }
        """The name of each, by its id."""

    def worked(self, party: str | None, start: datetime, end: datetime) -> timedelta:
        """The working time between, by the opening hours of the party; None: of the jobcenter."""
        if end <= start:
            return NOTHING
        return self._agreed(party).working_time.working_hours_between(start, end)

    def answer_due(self, party: str | None, asked_at: datetime) -> datetime:
        """Until when a party answers what it was asked then, as it is agreed today."""
        agreed = self._agreed(party)
        return agreed.working_time.add_working_days(asked_at, agreed.answer_within_working_days)

    def _agreed(self, party: str | None) -> AgreedTimes:
        return agreed_by(party or "", self._parties)
