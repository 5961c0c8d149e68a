"""Who an event is about, and where they live: only what a recipient needs to act."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.model import PERSONAL, Ags, Frozen, PersonalText


class Address(Frozen):
    """A postal address; the municipality's key stands beside it, in the event."""

    street: PersonalText
    """Street name, to reach the person."""
    house_number: Annotated[
        str, StringConstraints(pattern=r"^[0-9]{1,4} ?[a-zA-Z]?(-[0-9]{1,4}[a-zA-Z]?)?$"), PERSONAL
    ]
    """House number, to reach the person."""
    additional: PersonalText | None = None
    """Part of the building, `c/o`."""
    postal_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$"), PERSONAL]
    """Five digits."""
    city: PersonalText
    """Town, as it stands on a letter."""


class Person(Frozen):
    """The client, as the recipient must be able to recognise them."""

    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$"), PERSONAL]
    """The sender's pseudonym for this person, stable between events."""
    family_name: PersonalText
    """Family name, DSMeld 0101."""
    given_names: PersonalText
    """Given names, DSMeld 0301."""
    birth_date: Annotated[date, PERSONAL]
    """Date of birth, DSMeld 0601, to tell namesakes apart."""


class Client(Person):
    """A person who is referred: how to reach them, and in which language."""

    ags: Ags
    """Where they live: decides which municipality is responsible."""
    address: Address | None = None
    """Their address, if the recipient has to write or visit."""
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 /()-]{5,24}$"), PERSONAL] | None = (
        None
    )
    """A phone number, for the appointment."""
    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$"), PERSONAL] | None
    ) = None
    """An e-mail address, for the appointment."""
    languages: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], ...],
        Field(max_length=5),
        PERSONAL,
    ] = ()
    """ISO 639 codes, the best first, to find a counsellor they understand."""
    contact_prohibited: bool = False
    """The client must not be contacted; they come by themselves."""
    disclosure_blocked: bool = False
    """An Auskunftssperre (BMG §51) stands: the address goes only to those entitled."""
