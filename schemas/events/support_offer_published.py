"""A support offer on the spot, as it would stand in a directory (HSDS 3.1)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from schemas.data import Data
from schemas.model import AreaCode, Frozen, Moment
from schemas.vocabulary import CapacityStatus, Classification, OfferCategory, Purpose, Service

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Time = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[str, StringConstraints(pattern=r"^(MO|TU|WE|TH|FR|SA|SU)$")]


class Schedule(Frozen):
    """A weekly opening time (HSDS `schedule`, the parts of an RRULE that are needed)."""

    byday: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    """On which weekdays."""
    opens_at: Time
    """From, local time."""
    closes_at: Time
    """To, local time."""


class Capacity(Frozen):
    """How many places there are (HSDS 3.1 `service_capacity`)."""

    status: CapacityStatus
    """Whether there are places."""
    available: Annotated[int, Field(ge=0, le=100_000)]
    """Places free now."""
    maximum: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Places in all."""
    updated: Moment
    """When this was counted."""


class SupportOfferPublished(Data):
    """An offer, whole: published again, it replaces what was said before."""

    TYPE: ClassVar[str] = "support-offer.published"
    CLASSIFICATION: ClassVar[Classification] = Classification.PUBLIC
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.DIRECTORY})

    name: ShortText
    """What it is called."""
    organisation: ShortText
    """Who offers it."""
    category: OfferCategory
    """What kind of support."""
    service: Service | None = None
    """The referral service it answers, if any."""
    description: Text
    """What one gets there."""
    service_area: Annotated[tuple[AreaCode, ...], Field(min_length=1, max_length=30)]
    """Whom it serves: municipalities (8 digits) or whole districts (5 digits)."""
    place_ags: AreaCode | None = None
    """Where it is."""
    schedules: Annotated[tuple[Schedule, ...], Field(max_length=20)] = ()
    """When it is open."""
    languages: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], ...], Field(max_length=30)
    ] = ()
    """ISO 639 codes of the languages spoken."""
    eligibility: Text | None = None
    """Who may come."""
    accessibility: Text | None = None
    """How one gets in."""
    costs: Text | None = None
    """What it costs; absent: nothing."""
    assured_date: date
    """When somebody last made sure that all this is true."""
    capacity: Capacity | None = None
    """How many places there are."""
