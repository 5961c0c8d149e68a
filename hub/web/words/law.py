"""The words for powers and purposes; the law's own names stay."""

from typing import Final

from hub.pages.marking import N_
from schemas.vocabulary import LegalBasis, Purpose, ReportedBy, WithdrawalReason

LEGAL_BASES: Final = {
    LegalBasis.SGB1_16_2: N_("Forwarding of an application (SGB I §16(2))"),
    LegalBasis.SGB1_17: N_("Carriers working together (SGB I §17)"),
    LegalBasis.SGB1_60: N_("Client's duty to report changes (SGB I §60)"),
    LegalBasis.SGB2_16A: N_("Municipal integration services (SGB II §16a)"),
    LegalBasis.SGB10_2_3: N_("Continued payment after a change of jurisdiction (SGB X §2(3))"),
    LegalBasis.SGB10_67B: N_("Client's consent (SGB X §67b)"),
    LegalBasis.SGB10_69: N_("Statutory social task (SGB X §69)"),
    LegalBasis.BMG_33_4: N_("Passing on of an Auskunftssperre (BMG §33(4))"),
    LegalBasis.BMG_34: N_("Transmission between public bodies (BMG §34)"),
    LegalBasis.GDPR_5_2: N_("Accountability (GDPR Art. 5(2))"),
}
PURPOSES: Final = {
    Purpose.BENEFITS: N_("Benefits (SGB II)"),
    Purpose.INTEGRATION: N_("Integration into work (SGB II)"),
    Purpose.MUNICIPAL_SERVICES: N_("Municipal services (SGB II §16a)"),
    Purpose.RESIDENCE: N_("Keeping addresses true"),
    Purpose.JURISDICTION: N_("Finding who is responsible"),
    Purpose.PROTECTION: N_("Protection (BMG §51)"),
    Purpose.DIRECTORY: N_("Directory of offers (SGB I §17)"),
    Purpose.ACCOUNTABILITY: N_("Proof of what was done"),
}
REPORTED_BY: Final = {
    ReportedBy.CLIENT: N_("the client"),
    ReportedBy.REGISTER: N_("the register of residents"),
    ReportedBy.THIRD_PARTY: N_("a third party"),
}
WITHDRAWALS: Final = {
    WithdrawalReason.ENTERED_IN_ERROR: N_("It was entered in error."),
    WithdrawalReason.DID_NOT_HAPPEN: N_("It did not happen."),
    WithdrawalReason.NO_LONGER_OFFERED: N_("It is no longer offered."),
}
