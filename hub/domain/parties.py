"""The declared registry of parties: who may send and receive what, on which legal basis."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from hub.domain.agreed_times import AgreedTimes
from hub.domain.places import Places, no_map
from schemas.model import AreaCode, Frozen, PartyId
from schemas.vocabulary import LegalBasis, Service

FAMILIES = ("referral", "address-change", "disclosure-block", "support-offer", "handover")
"""The first word of each input type: what permissions are given for."""


class Kind(StrEnum):
    """What a party is."""

    JOBCENTER = "jobcenter"
    MUNICIPALITY = "municipality"
    PROVIDER = "provider"
    CARRIER = "carrier"


class Party(AgreedTimes):
    """One party as declared."""

    id: PartyId
    """Its id on the wire."""
    name: str
    """Its name for people."""
    kind: Kind
    """What it is."""
    area: AreaCode | None = None
    """The Gemeinde (8 digits) or Kreis (5 digits) it is."""
    sends: Mapping[str, tuple[LegalBasis, ...]]
    """The event families it may send, each with the legal bases it has declared for it."""
    receives: tuple[str, ...]
    """The event families it may receive."""
    services: tuple[Service, ...] = ()
    """The services it takes referrals for, within its area."""
    sees_blocked_addresses: bool = False
    """Whether it is entitled to a blocked person's address (BMG §51)."""
    commitment: str | None = None
    """Where a provider's commitment under SGB X §78 is filed."""

    def may_receive(self, event_type: str) -> bool:
        """Whether events of this type (without version) may go to this party."""
        return event_type.partition(".")[0] in self.receives

    @property
    def is_committed(self) -> bool:
        """Whether social data may go there: within SGB I §35, or committed (SGB X §78)."""
        return self.kind is not Kind.PROVIDER or self.commitment is not None


class Parties(Frozen):
    """All parties of a district."""

    district: AreaCode
    """The Kreis's key, 5 digits."""
    party: tuple[Party, ...]
    """In the order declared."""
    chart: Places | None = None
    """Where its municipalities lie; None: nobody knows."""

    @cached_property
    def places(self) -> Places:
        """Where its municipalities lie."""
        return self.chart or no_map(self.district)

    @cached_property
    def by_id(self) -> dict[str, Party]:
        """Each party by its id."""
        return {party.id: party for party in self.party}

    @cached_property
    def _municipalities(self) -> dict[str, Party]:
        return {p.area: p for p in self.party if p.kind is Kind.MUNICIPALITY and p.area}

    @cached_property
    def carriers(self) -> tuple[Party, ...]:
        """The carriers of benefits: the jobcenter, and others that take part."""
        return tuple(p for p in self.party if p.kind in (Kind.JOBCENTER, Kind.CARRIER))

    @cached_property
    def jobcenters(self) -> tuple[Party, ...]:
        """The jobcenter of the district."""
        return tuple(p for p in self.party if p.kind is Kind.JOBCENTER)

    @cached_property
    def _offering(self) -> dict[tuple[str, Service], Party]:
        return {
            (party.area, service): party
            for party in reversed(self.party)
            if party.area is not None
            for service in party.services
        }

    def offering(self, service: Service, ags: str) -> Party | None:
        """Who takes referrals for a service at this place; the Gemeinde before its Kreis."""
        return self._offering.get((ags, service)) or self._offering.get((ags[:5], service))

    def get(self, party: str) -> Party | None:
        """The party with this id."""
        return self.by_id.get(party)

    def lead_of(self, party: Party) -> Party | None:
        """Who hears of it when this party is late for the second time."""
        if party.escalates_to is not None:
            return self.get(party.escalates_to)
        return next(iter(self.jobcenters), None)

    def municipality(self, ags: str) -> Party | None:
        """The municipality with this key."""
        return self._municipalities.get(ags)

    def municipalities(self, areas: tuple[str, ...]) -> Iterator[Party]:
        """The municipalities in these areas: a Kreis stands for all of its own."""
        for ags, party in self._municipalities.items():
            if any(ags.startswith(area) for area in areas):
                yield party

    def is_inside(self, ags: str) -> bool:
        """Whether the key belongs to the district, be it known or not."""
        return ags.startswith(self.district)

    def nearest(self, ags: str) -> str:
        """The names of the three municipalities whose keys are most like this one.

        Keys with the same digits in another order come first, then those with the fewest others.
        """

        def unlikeness(key: str) -> tuple[bool, int, int]:
            others = sum(ours != theirs for ours, theirs in zip(key, ags, strict=False))
            return sorted(key) != sorted(ags), others, abs(int(key) - int(ags))

        keys = sorted(self._municipalities, key=unlikeness)[:3]
        return ", ".join(f"{self._municipalities[key].name} ({key})" for key in keys)
