"""Who a case is about, and how to reach them."""

from typing import Final

from hub.pages.marking import N_
from hub.web.facts.chapter import Chapter, Fact, Names, known
from hub.web.wording import Wording
from schemas.person import Address, Client, Person

BLOCKED: Final = N_("An Auskunftssperre stands (BMG §51): give the address to nobody.")
NO_CONTACT: Final = N_("Do not contact: the client comes by themselves.")


def client(said: Client, say: Wording, names: Names) -> Chapter:
    """The client, where they live and how to reach them."""
    facts = list(person(said, say, blocked=said.disclosure_blocked).facts)
    facts.append(Fact(say.text(N_("Lives in")), names.town(said.ags)))
    facts += known(
        (say.text(N_("Address")), written(said.address)),
        (say.text(N_("Phone")), said.phone),
        (say.text(N_("E-mail")), said.email),
        (say.text(N_("Speaks")), ", ".join(say.speech(code) for code in said.languages)),
    )
    warnings = []
    if said.contact_prohibited:
        warnings.append(say.text(NO_CONTACT))
    if said.disclosure_blocked:
        warnings.append(say.text(BLOCKED))
    return Chapter(say.text(N_("Client")), facts, warnings)


def person(said: Person, say: Wording, *, blocked: bool) -> Chapter:
    """Name, day of birth and the sign they are known by."""
    facts = (
        Fact(say.text(N_("Name")), f"{said.given_names} {said.family_name}"),
        Fact(say.text(N_("Born on")), say.birthday(said.birth_date)),
        Fact(say.text(N_("Sender's sign")), said.client_id),
    )
    return Chapter(say.text(N_("Person")), facts, (say.text(BLOCKED),) if blocked else ())


def written(address: Address | None) -> str | None:
    """An address on one line, as it stands on a letter; None where it is not known."""
    if address is None:
        return None
    street = f"{address.street} {address.house_number}"
    beside = f", {address.additional}" if address.additional else ""
    return f"{street}{beside}, {address.postal_code} {address.city}"
