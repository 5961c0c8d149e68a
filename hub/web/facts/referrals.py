"""What was asked for."""

from hub.pages.marking import N_
from hub.web.facts.chapter import Chapter, Fact, Names, known
from hub.web.wording import Wording
from schemas.events.referral_requested import Consent, ReferralRequested


def request(said: ReferralRequested, say: Wording, names: Names) -> Chapter:
    """The service, how soon, where, and since when it counts."""
    received = say.text(
        N_("%(moment)s, by %(party)s"),
        moment=say.moment(said.first_received_at),
        party=names.party(said.first_received_by),
    )
    facts = [
        Fact(say.text(N_("Service")), say.code(said.service)),
        Fact(say.text(N_("Urgency")), say.code(said.urgency)),
        Fact(say.text(N_("Wished place")), say.code(said.wished_place)),
        Fact(say.text(N_("First received (filing date)")), received),
    ]
    consent = said.consent
    facts += known(
        (say.text(N_("Offer")), said.offer_id),
        (say.text(N_("Consent")), _consent(consent, say)),
        (say.text(N_("Remark")), said.note),
    )
    return Chapter(say.text(N_("Concern")), facts)


def _consent(consent: Consent | None, say: Wording) -> str | None:
    return f"{consent.consent_id}, {say.day(consent.given_at)}" if consent else None
