"""Every event type there is: the explicit register."""

from typing import Final

from schemas.data import Data
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.delivery_uncollected import DeliveryUncollected
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_continued import HandoverContinued
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.probe_sent import ProbeSent
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.receipt_seen import ReceiptSeen
from schemas.events.referral_offer_suggested import ReferralOfferSuggested
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_requested import ReferralRequested, ReferralRequestedV0
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.events.subject_erased import SubjectErased
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn

ALL: Final[tuple[type[Data], ...]] = (
    ReferralRequestedV0,
    ReferralRequested,
    ReferralOpened,
    ReferralStatusChanged,
    ReferralOfferSuggested,
    AddressChangeReported,
    AddressChangeCorrected,
    AddressChangeWithdrawn,
    DisclosureBlockSet,
    DisclosureBlockLifted,
    SupportOfferPublished,
    SupportOfferCapacityChanged,
    SupportOfferWithdrawn,
    SupportOfferCapacityLowered,
    DeliveryUncollected,
    ProbeSent,
    HandoverOpened,
    HandoverContinued,
    HandoverOverdue,
    ReceiptDelivered,
    ReceiptSeen,
    ReceiptRefused,
    ReminderDue,
    ReminderOverdue,
    SubjectErased,
    LedgerRecorded,
)
"""Every version of every type, older versions first."""

BY_WIRE_TYPE: Final[dict[str, type[Data]]] = {data.wire_type(): data for data in ALL}
"""The model of each `ce_type`."""
NEWEST: Final[dict[str, type[Data]]] = {data.TYPE: data for data in ALL}
"""The model of each event type in its newest version."""
