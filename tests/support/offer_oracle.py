"""What the hub says of offers by itself on a day, worked out a second time and without the hub.

What happens within a round may reach the lanes in any order; what is over when a round begins is
known to all. So of some of it is certain that it is said, and of some only that it may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_requested import ReferralRequested, ReferralRequestedV0
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import Capacity, SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.vocabulary import CapacityStatus, ReferralStatus, Service, StatusReason
from tests.support.routing_oracle import Expected

SUGGESTED: Final = "referral.offer-suggested"
LOWERED: Final = "support-offer.capacity-lowered"
SUGGESTED_AT_ONCE: Final = 20
"""A lane suggests an offer to so many at once; of more it is not said here to which."""
ENDS: Final = frozenset({"rejected", "cancelled", "completed", "failed"})
Request = ReferralRequested | ReferralRequestedV0


class Said(NamedTuple):
    """Something the hub says because of an event."""

    party: str
    type: str
    subject: str
    certain: bool
    """Whether it must be said, or may be."""


class Planned(Protocol):
    """An event of the day, and in which round it is handed in."""

    @property
    def round(self) -> int: ...  # noqa: D102 - as it says
    @property
    def event(self) -> Event[Data]: ...  # noqa: D102 - as it says
    @property
    def expected(self) -> Expected: ...  # noqa: D102 - as it says


@dataclass(slots=True)
class _Case:
    """A referral: who owned it from which round on; None: nobody, it is over."""

    subject: str
    asks: Request
    owners: list[tuple[int, str | None]] = field(default_factory=list)
    turned_away: list[tuple[int, Event[Data], str]] = field(default_factory=list)

    def steady(self, number: int) -> str | None:
        """Who owns it through the whole of a round, if it is one party."""
        return None if any(each == number for each, _ in self.owners) else self._before(number)

    def possible(self, number: int) -> set[str]:
        """Who owns it at any time of a round."""
        of_round = [owner for each, owner in self.owners if each == number]
        return {owner for owner in (self._before(number), *of_round) if owner}

    def _before(self, number: int) -> str | None:
        return next((owner for each, owner in reversed(self.owners) if each < number), None)


class _Form(NamedTuple):
    """An offer as it stands."""

    said: SupportOfferPublished
    capacity: Capacity | None
    withdrawn: bool = False

    def suits(self, case: _Case) -> bool:
        asks, said = case.asks, self.said
        is_free = self.capacity is None or (
            self.capacity.status is CapacityStatus.CAPACITY and self.capacity.available > 0
        )
        return not self.withdrawn and is_free and _answers(said, asks)


@dataclass(slots=True)
class _Offer:
    subject: str
    publisher: str
    holders: set[str]
    news: list[tuple[int, Event[Data], _Form | None, _Form]] = field(default_factory=list)
    """The round, the event, and how it stood before and after."""


def said_of_offers(planned: Sequence[Planned]) -> Mapping[str, tuple[Said, ...]]:
    """What the hub says by itself because of each event, by the event's id."""
    cases, offers = _cases(planned), _offers(planned)
    found: dict[str, list[Said]] = {}
    for offer in offers:
        for number, event, before, now in offer.news:
            said = [*_suggested(offer, number, before, now, cases)]
            if len(said) > SUGGESTED_AT_ONCE:
                said = [each._replace(certain=False) for each in said]
            found.setdefault(event.context.id, []).extend(said)
    for case in cases:
        for number, event, owner in case.turned_away:
            alone = _speak_at_once(owner, number, case, cases) == 1
            own = [each for each in offers if each.publisher == owner]
            full = (one for each in own for one in _lowered(each, number, case, alone=alone))
            found.setdefault(event.context.id, []).extend(full)
    return {name: tuple(sorted(said)) for name, said in found.items() if said}


def _answers(said: SupportOfferPublished, asks: Request) -> bool:
    is_asked = said.service is asks.service and asks.service is not Service.LOCAL_OFFER
    return is_asked and asks.client.ags.startswith(said.service_area)


def _suggested(
    offer: _Offer, number: int, before: _Form | None, now: _Form, cases: Sequence[_Case]
) -> Iterator[Said]:
    for case in cases:
        if not now.suits(case):
            continue
        is_news = before is None or not before.suits(case)
        is_shaky = any(
            each <= number and owner == offer.publisher and _answers(now.said, other.asks)
            for other in cases
            for each, _, owner in other.turned_away
        )
        if is_news or is_shaky:
            sure = case.steady(number) if is_news and not is_shaky else None
            for owner in case.possible(number) - {offer.publisher}:
                yield Said(owner, SUGGESTED, case.subject, owner == sure)


def _lowered(offer: _Offer, number: int, case: _Case, *, alone: bool) -> Iterator[Said]:
    known = [form for each, _, _, form in offer.news if each < number]
    now = [form for each, _, _, form in offer.news if each == number]
    if not any(_answers(form.said, case.asks) for form in (*known[-1:], *now)):
        return
    if known and known[-1].withdrawn:
        return
    certain = alone and not now and bool(known)
    for holder in offer.holders:
        yield Said(holder, LOWERED, offer.subject, certain)


def _speak_at_once(owner: str, number: int, case: _Case, cases: Sequence[_Case]) -> int:
    """How many turn somebody away from the same in the same round."""
    return sum(
        (each, who) == (number, owner) and other.asks.service is case.asks.service
        for other in cases
        for each, _, who in other.turned_away
    )


def _cases(planned: Sequence[Planned]) -> list[_Case]:
    found: dict[str, _Case] = {}
    for one in planned:
        subject, data = one.event.context.subject, one.event.data
        if isinstance(data, ReferralRequested | ReferralRequestedV0):
            (owner,) = one.expected.recipients
            found[subject] = _Case(subject, data, [(one.round, owner)])
        elif isinstance(data, ReferralStatusChanged):
            case = found[subject]
            if data.new_owner is not None:
                case.owners.append((one.round, data.new_owner))
            else:
                over = data.status in ENDS
                owner_now = case.owners[-1][1]
                case.owners.append((one.round, None if over else owner_now))
                if _is_turned_away(data) and owner_now:
                    case.turned_away.append((one.round, one.event, owner_now))
    return [*found.values()]


def _is_turned_away(data: ReferralStatusChanged) -> bool:
    return (data.status, data.reason) == (ReferralStatus.REJECTED, StatusReason.AT_CAPACITY)


def _offers(planned: Sequence[Planned]) -> list[_Offer]:
    found: dict[str, _Offer] = {}
    for one in planned:
        context, data = one.event.context, one.event.data
        if not isinstance(
            data, SupportOfferPublished | SupportOfferCapacityChanged | SupportOfferWithdrawn
        ):
            continue
        offer = found.setdefault(context.subject, _Offer(context.subject, context.party, set()))
        offer.holders |= {context.party, *one.expected.recipients}
        before = offer.news[-1][3] if offer.news else None
        offer.news.append((one.round, one.event, before, _after(before, data)))
    return [*found.values()]


def _after(before: _Form | None, data: Data) -> _Form:
    if isinstance(data, SupportOfferPublished):
        return _Form(data, data.capacity)
    assert before is not None, "an offer is published first"
    if isinstance(data, SupportOfferCapacityChanged):
        return before._replace(capacity=data.capacity)
    return before._replace(withdrawn=True)
