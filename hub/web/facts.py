"""What a case contains, as chapters of labelled facts, in the order in which a clerk needs them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from hub.web.wording import Wording
from hub.web.words.law import WITHDRAWALS
from hub.web.words.marking import N_
from hub.web.words.offers import WEEKDAYS
from schemas.data import Data
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.referral_requested import Consent, ReferralRequested
from schemas.events.support_offer_published import Schedule, SupportOfferPublished
from schemas.person import Address, Client, Person

BLOCKED: Final = N_("An Auskunftssperre stands (BMG §51): give the address to nobody.")
KREIS: Final = 5
"""The digits of a district's key."""
NO_CONTACT: Final = N_("Do not contact: the client comes by themselves.")


class Fact(NamedTuple):
    """One labelled fact."""

    label: str
    text: str


class Chapter(NamedTuple):
    """Facts that belong together."""

    title: str
    facts: Sequence[Fact]
    warnings: Sequence[str] = ()
    """What must not be overlooked."""


class Names(NamedTuple):
    """Who gives names to ids and keys."""

    party: Callable[[str], str]
    town: Callable[[str], str]


def chapters(content: Data, say: Wording, names: Names) -> Sequence[Chapter]:
    """What the content says; of a type that no desk shows, nothing."""
    return tuple(_chapters(content, say, names))


def _chapters(content: Data, say: Wording, names: Names) -> Iterator[Chapter]:
    match content:
        case ReferralRequested():
            yield _client(content.client, say, names)
            yield _request(content, say, names)
        case AddressChangeReported():
            yield _person(content.person, say, blocked=content.disclosure_blocked)
            yield _move(content, say, names)
        case AddressChangeWithdrawn():
            yield Chapter(
                say.text(N_("Withdrawal")),
                (
                    Fact(say.text(N_("Withdraws the report")), content.withdraws),
                    Fact(say.text(N_("Reason")), say.text(WITHDRAWALS[content.reason])),
                ),
            )
        case DisclosureBlockSet() | DisclosureBlockLifted():
            yield _block(content, say)
        case HandoverOpened() | HandoverOverdue():
            yield _handover(content, say, names)
        case SupportOfferPublished():
            yield _offer(content, say, names)
        case _:
            return


def _client(client: Client, say: Wording, names: Names) -> Chapter:
    facts = list(_person(client, say, blocked=client.disclosure_blocked).facts)
    facts.append(Fact(say.text(N_("Lives in")), names.town(client.ags)))
    facts += _optional(
        (say.text(N_("Address")), _written(client.address)),
        (say.text(N_("Phone")), client.phone),
        (say.text(N_("E-mail")), client.email),
        (say.text(N_("Speaks")), ", ".join(say.speech(code) for code in client.languages)),
    )
    warnings = []
    if client.contact_prohibited:
        warnings.append(say.text(NO_CONTACT))
    if client.disclosure_blocked:
        warnings.append(say.text(BLOCKED))
    return Chapter(say.text(N_("Client")), facts, warnings)


def _person(person: Person, say: Wording, *, blocked: bool) -> Chapter:
    facts = (
        Fact(say.text(N_("Name")), f"{person.given_names} {person.family_name}"),
        Fact(say.text(N_("Born on")), say.birthday(person.birth_date)),
        Fact(say.text(N_("Sender's sign")), person.client_id),
    )
    return Chapter(say.text(N_("Person")), facts, (say.text(BLOCKED),) if blocked else ())


def _request(said: ReferralRequested, say: Wording, names: Names) -> Chapter:
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
    facts += _optional(
        (say.text(N_("Offer")), said.offer_id),
        (say.text(N_("Consent")), _consent(consent, say)),
        (say.text(N_("Remark")), said.note),
    )
    return Chapter(say.text(N_("Concern")), facts)


def _consent(consent: Consent | None, say: Wording) -> str | None:
    return f"{consent.consent_id}, {say.day(consent.given_at)}" if consent else None


def _move(said: AddressChangeReported, say: Wording, names: Names) -> Chapter:
    facts = _optional(
        (say.text(N_("Moved in on")), say.day(said.valid_from)),
        (say.text(N_("New municipality")), names.town(said.new_ags)),
        (say.text(N_("New address")), _written(said.new_address)),
        (say.text(N_("Old municipality")), names.town(said.old_ags)),
        (say.text(N_("Old address")), _written(said.old_address)),
        (say.text(N_("Reported by")), say.code(said.reported_by)),
        (say.text(N_("Case open at")), said.case_open_at and names.party(said.case_open_at)),
    )
    corrected = isinstance(said, AddressChangeCorrected)
    title = N_("Move, corrected") if corrected else N_("Move")
    return Chapter(say.text(title), facts)


def _block(said: DisclosureBlockSet | DisclosureBlockLifted, say: Wording) -> Chapter:
    person = Fact(say.text(N_("Sender's sign")), said.client_id)
    if isinstance(said, DisclosureBlockLifted):
        lifted = Fact(say.text(N_("Lifted on")), say.day(said.lifted_on))
        return Chapter(say.text(N_("Auskunftssperre lifted")), (person, lifted))
    facts = _optional(
        (say.text(N_("Valid from")), say.day(said.valid_from)),
        (say.text(N_("Valid until")), say.day(said.valid_until) if said.valid_until else None),
    )
    return Chapter(say.text(N_("Auskunftssperre")), (person, *facts), (say.text(BLOCKED),))


def _handover(said: HandoverOpened | HandoverOverdue, say: Wording, names: Names) -> Chapter:
    payer = Fact(say.text(N_("Still pays")), names.party(said.old_carrier))
    if isinstance(said, HandoverOpened):
        facts: Sequence[Fact] = (
            payer,
            Fact(say.text(N_("Old municipality")), names.town(said.old_ags)),
            Fact(say.text(N_("New municipality")), names.town(said.new_ags)),
            Fact(say.text(N_("Moved in on")), say.day(said.valid_from)),
        )
    else:
        facts = (
            payer,
            Fact(say.text(N_("Open since")), say.day(said.opened_at)),
            Fact(say.text(N_("Was due on")), say.day(said.due_at)),
        )
    return Chapter(say.text(N_("Hand-over (SGB X §2(3))")), facts)


def _offer(said: SupportOfferPublished, say: Wording, names: Names) -> Chapter:
    whole = say.text(N_("the whole district"))
    areas = (whole if len(code) == KREIS else names.town(code) for code in said.service_area)
    capacity = said.capacity
    places = None if capacity is None else f"{say.code(capacity.status)} ({capacity.available})"
    facts = _optional(
        (say.text(N_("Name of the offer")), said.name),
        (say.text(N_("Who offers it")), said.organisation),
        (say.text(N_("Kind of support")), say.code(said.category)),
        (say.text(N_("Answers referrals for")), said.service and say.code(said.service)),
        (say.text(N_("What one gets there")), said.description),
        (say.text(N_("People from")), ", ".join(areas)),
        (say.text(N_("Where it is")), said.place_ags and names.town(said.place_ags)),
        (say.text(N_("Opening hours")), _hours(said.schedules, say)),
        (say.text(N_("Languages spoken there")), ", ".join(map(say.speech, said.languages))),
        (say.text(N_("Who may come")), said.eligibility),
        (say.text(N_("How one gets in")), said.accessibility),
        (say.text(N_("Costs")), said.costs),
        (say.text(N_("Places")), places),
    )
    return Chapter(say.text(N_("Support offer")), facts)


def _hours(schedules: Sequence[Schedule], say: Wording) -> str:
    """A line for each schedule."""
    lines = []
    for each in schedules:
        days = ", ".join(say.text(WEEKDAYS[day]) for day in each.byday)
        lines.append(f"{days}: {each.opens_at}-{each.closes_at}")
    return "\n".join(lines)


def written(address: Address) -> str:
    """An address on one line, as it stands on a letter."""
    street = f"{address.street} {address.house_number}"
    beside = f", {address.additional}" if address.additional else ""
    return f"{street}{beside}, {address.postal_code} {address.city}"


def _written(address: Address | None) -> str | None:
    return None if address is None else written(address)


def _optional(*facts: tuple[str, str | None]) -> list[Fact]:
    """Those that are known."""
    return [Fact(label, text) for label, text in facts if text]
