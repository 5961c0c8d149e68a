"""The client in a referral that is written by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain.parties import Party
from hub.domain.working_year import ZONE
from hub.pages.forms import Form
from hub.pages.marking import N_
from hub.web.shapes import IN_FUTURE, shaped
from schemas.person import Address, Client

LINE: Final = 120
MOST_SPEECHES: Final = 5
NEEDED: Final = N_("This entry is needed.")
ADDRESS_WHOLE: Final = N_("Give the address whole, or leave it out.")
SPEECHES: Final = ("de", "en", "tr", "ar", "uk", "ru", "pl", "ro", "fa", "ti", "so", "fr", "es")
"""The languages offered; what clients of the district speak most."""


class Room(NamedTuple):
    """What the form may choose from."""

    party: Party
    towns: Sequence[str]
    """The keys of the municipalities a client may live in."""
    receivers: Sequence[str]
    """The parties that may be named."""
    sign: str
    """The client's pseudonym where the sender gives none."""


def client(form: Form, room: Room, now: datetime) -> Client | None:
    """Whom it is about; None where something is wrong."""
    family, given = form.text("family_name", LINE, NEEDED), form.text("given_names", LINE, NEEDED)
    born = form.day("birth_date", NEEDED)
    if born is not None and born > now.astimezone(ZONE).date():
        form.wrong("birth_date", IN_FUTURE)
    ags = form.pick("town", room.towns, NEEDED)
    client_id = shaped(form, "client_id") or room.sign
    address = _address(form)
    phone, email = shaped(form, "phone"), shaped(form, "email")
    speeches = [code for code in SPEECHES if code in form.all("speech")][:MOST_SPEECHES]
    if form.problems or not (family and given and born and ags):
        return None
    return Client(
        client_id=client_id,
        family_name=family,
        given_names=given,
        birth_date=born,
        ags=ags,
        address=address,
        phone=phone,
        email=email,
        languages=tuple(speeches),
        contact_prohibited=form["contact_prohibited"] == "yes",
    )


def _address(form: Form) -> Address | None:
    names = ("street", "house_number", "postal_code", "city")
    if not any(form[name] for name in names):
        return None
    street, city = form.text("street", LINE, ADDRESS_WHOLE), form.text("city", LINE, ADDRESS_WHOLE)
    number = shaped(form, "house_number", ADDRESS_WHOLE)
    code = shaped(form, "postal_code", ADDRESS_WHOLE)
    if not (street and number and code and city):
        return None
    return Address(street=street, house_number=number, postal_code=code, city=city)
