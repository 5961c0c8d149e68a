"""Who must get what, worked out a second time and without the hub: the judge of its routing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.referral_requested import ReferralRequested, ReferralRequestedV0
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.problems import ProblemCode
from schemas.vocabulary import Service
from tests.support.district import BY_AGS, DISTRICT, JOBCENTER_SERVICES, KFB, PARTIES

_UNDER_WAY: Final = "in-progress on-hold completed failed cancelled forwarded"
LEGAL: Final[Mapping[str, str]] = defaultdict(
    str,
    {
        "requested": "accepted rejected cancelled forwarded",
        "accepted": _UNDER_WAY,
        "in-progress": _UNDER_WAY,
        "on-hold": _UNDER_WAY,
    },
)
"""Which steps a referral may take next, as far as the stories go."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of one event."""

    recipients: tuple[str, ...] = ()
    """Who gets a copy, in alphabetical order."""
    handover_to: str | None = None
    """The carrier that also gets a `handover.opened` because of it."""
    without_address: tuple[str, ...] = ()
    """The recipients whose copy must not show the address."""
    refused: ProblemCode | None = None
    """Why nobody gets it."""


@dataclass(slots=True)
class Oracle:
    """Remembers who got what on each subject; tell it the events in the order of each subject."""

    holders: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    referrals: dict[str, tuple[str, str]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    """The subjects with an open hand-over."""

    def expect(self, event: Event[Data]) -> Expected:
        """What must become of this event, and remember it."""
        context, data = event.context, event.data
        match data:
            case ReferralRequested() | ReferralRequestedV0():
                found = self._referral(context, data)
            case ReferralStatusChanged():
                found = self._status(context, data)
            case AddressChangeReported():
                found = self._move(context, data)
            case DisclosureBlockSet() | DisclosureBlockLifted():
                found = {KFB} | self.holders[context.subject]
            case SupportOfferPublished():
                found = {KFB} | {ags for ags in BY_AGS if ags.startswith(data.service_area)}
            case _:
                found = self.holders[context.subject] or ProblemCode.CASE_UNKNOWN
        if isinstance(found, ProblemCode):
            return Expected(refused=found)
        recipients = found - {context.party}
        if not recipients and not self._is_heard(event):
            return Expected(refused=ProblemCode.NO_RECIPIENT)
        self._remember(event, recipients)
        blind = sorted(recipients - {KFB}) if self._hides_address(event) else ()
        if blind and isinstance(data, AddressChangeCorrected):
            recipients -= {data.old_ags}
        return Expected(tuple(sorted(recipients)), _handover(data), tuple(blind))

    def _referral(
        self, context: Context, data: ReferralRequested | ReferralRequestedV0
    ) -> set[str] | ProblemCode:
        recipient = context.recipient
        if recipient is None:
            if data.service is Service.LOCAL_OFFER:
                return ProblemCode.RECIPIENT_REQUIRED
            recipient = KFB if data.service in JOBCENTER_SERVICES else data.client.ags
        if data.client.ags not in BY_AGS:
            return ProblemCode.AREA_UNKNOWN
        if recipient not in PARTIES:
            return ProblemCode.RECIPIENT_UNKNOWN
        if recipient == context.party:
            return ProblemCode.RECIPIENT_IS_SENDER
        return {recipient}

    def _status(self, context: Context, data: ReferralStatusChanged) -> set[str] | ProblemCode:
        sender_and_owner = self.referrals.get(context.subject)
        if sender_and_owner is None:
            return ProblemCode.CASE_UNKNOWN
        if context.party not in sender_and_owner:
            return ProblemCode.NOT_A_PARTICIPANT
        if data.status not in LEGAL[self.status[context.subject]]:
            return ProblemCode.STEP_OUT_OF_ORDER
        return {*sender_and_owner} | ({data.new_owner} if data.new_owner else set())

    def _move(self, context: Context, data: AddressChangeReported) -> set[str] | ProblemCode:
        if data.new_ags.startswith(DISTRICT) and data.new_ags not in BY_AGS:
            return ProblemCode.AREA_UNKNOWN
        found = {data.case_open_at} if data.case_open_at else set()
        if data.new_ags in BY_AGS:
            found.add(data.new_ags)
        if isinstance(data, AddressChangeCorrected):
            found |= self.holders[context.subject]
        return found

    def _remember(self, event: Event[Data], recipients: set[str]) -> None:
        subject, data = event.context.subject, event.data
        self.holders[subject] |= recipients
        match data:
            case ReferralRequested() | ReferralRequestedV0():
                (owner,) = recipients
                self.referrals[subject] = (event.context.party, owner)
                self.status[subject] = "requested"
            case ReferralStatusChanged() if data.new_owner:
                self.referrals[subject] = (self.referrals[subject][0], data.new_owner)
                self.status[subject] = "requested"
            case ReferralStatusChanged():
                self.status[subject] = data.status
            case AddressChangeReported() if _handover(data):
                self.away.add(subject)
            case AddressChangeReported() if data.new_ags.startswith(DISTRICT):
                self.away.discard(subject)
            case AddressChangeWithdrawn():
                self.away.discard(subject)
            case DisclosureBlockSet():
                self.blocked.add(subject)
            case DisclosureBlockLifted():
                self.blocked.discard(subject)
            case _:
                pass

    def _is_heard(self, event: Event[Data]) -> bool:
        """Whether it opens or ends a hand-over, so that it is taken though nobody is told."""
        data, is_away = event.data, event.context.subject in self.away
        match data:
            case AddressChangeReported():
                is_back = is_away and data.new_ags.startswith(DISTRICT)
                return is_back or _handover(data) is not None
            case _:
                return is_away and isinstance(data, AddressChangeWithdrawn)

    def _hides_address(self, event: Event[Data]) -> bool:
        match event.data:
            case ReferralRequested() | ReferralRequestedV0():
                return event.data.client.disclosure_blocked
            case AddressChangeReported():
                return event.data.disclosure_blocked or event.context.subject in self.blocked
            case _:
                return False


def _handover(data: Data) -> str | None:
    if not isinstance(data, AddressChangeReported) or data.new_ags.startswith(DISTRICT):
        return None
    return data.case_open_at if data.old_ags.startswith(DISTRICT) else None
