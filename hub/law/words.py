"""The German words of the documents: parties, activities, and what stands in personal fields."""

from collections.abc import Mapping
from typing import Final

from hub.domain.parties import Kind

KINDS: Final[Mapping[Kind, str]] = {
    Kind.JOBCENTER: "Jobcenter (zugelassener kommunaler Träger)",
    Kind.MUNICIPALITY: "Städte und Gemeinden",
    Kind.PROVIDER: "freie Träger, nach § 78 SGB X verpflichtet",
    Kind.CARRIER: "andere Leistungsträger",
}
ACTIVITIES: Final[Mapping[str, str]] = {
    "referral": "Überweisung von Ratsuchenden und ihr Verlauf",
    "address-change": "Anschriftenänderungen",
    "disclosure-block": "Auskunftssperren (§ 51 BMG)",
    "handover": "Übergabe bei Wechsel der Zuständigkeit (§ 2 Abs. 3 SGB X)",
    "support-offer": "Unterstützungsangebote vor Ort",
}
"""What each family of events is, as a processing activity."""
CONCERNED: Final[Mapping[str, str]] = {
    "referral": "Ratsuchende und Leistungsberechtigte nach SGB II",
    "address-change": "Leistungsberechtigte, die umziehen",
    "disclosure-block": "Personen mit Auskunftssperre",
    "handover": "Leistungsberechtigte, die den Kreis verlassen",
    "support-offer": "keine; Angebote nennen Stellen, keine Ratsuchenden",
}
CATEGORIES: Final[Mapping[str, str]] = {
    "client_id": "Pseudonym der Person beim Absender",
    "family_name": "Name",
    "given_names": "Name",
    "birth_date": "Geburtsdatum",
    "street": "Anschrift",
    "house_number": "Anschrift",
    "additional": "Anschrift",
    "postal_code": "Anschrift",
    "city": "Anschrift",
    "phone": "Kontaktdaten",
    "email": "Kontaktdaten",
    "languages": "Sprachen",
    "note": "Bemerkung für die Beratung (nie bei Leistungen nach § 16a SGB II)",
    "text": "Begründung eines Vorschlags",
}
"""What a personal field says, by the last word of its path."""


def categories(fields: tuple[str, ...]) -> tuple[str, ...]:
    """What these personal fields say, each once, in their order."""
    return tuple(dict.fromkeys(CATEGORIES[_last(field)] for field in fields))


def _last(field: str) -> str:
    return field.rpartition(".")[2].removesuffix("[]")
