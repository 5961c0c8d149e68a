"""Texts of a fixed form, and days that are over, as forms ask for them."""

import re
from datetime import datetime, time
from typing import Final

from hub.domain.working_year import ZONE
from hub.pages.forms import GIVE_DAY, Form
from hub.pages.marking import N_

MOST: Final = 200
IN_FUTURE: Final = N_("This day lies in the future.")
_PATTERNS: Final = {
    "phone": (re.compile(r"\+?[0-9 /()-]{5,24}"), N_("Give a phone number, such as 06071 12345.")),
    "email": (re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"), N_("Give an address with an @.")),
    "house_number": (
        re.compile(r"[0-9]{1,4} ?[a-zA-Z]?(-[0-9]{1,4}[a-zA-Z]?)?"),
        N_("Give a house number, such as 12 or 12a."),
    ),
    "postal_code": (re.compile(r"[0-9]{5}"), N_("Give the five digits.")),
    "client_id": (
        re.compile(r"[A-Za-z0-9-]{4,40}"),
        N_("Use 4 to 40 letters, digits and hyphens; no name."),
    ),
    "offer_id": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}"),
        N_("Use 3 to 64 letters, digits, dots and hyphens."),
    ),
    "consent_id": (
        re.compile(r"[A-Za-z0-9._-]{3,64}"),
        N_("Use 3 to 64 letters, digits, dots and hyphens."),
    ),
}
"""Each field with its form, and what to say where it has another."""


def shaped(form: Form, name: str, needed: str | None = None) -> str | None:
    """A text of a fixed form."""
    typed = form.text(name, MOST, needed)
    pattern, remedy = _PATTERNS[name]
    if typed is not None and not pattern.fullmatch(typed):
        form.wrong(name, remedy)
        return None
    return typed


def past_day(form: Form, name: str, now: datetime) -> datetime | None:
    """The beginning of a day that is not in the future."""
    day = form.day(name, GIVE_DAY)
    if day is None:
        return None
    if day > now.astimezone(ZONE).date():
        form.wrong(name, IN_FUTURE)
    return datetime.combine(day, time(), ZONE)
