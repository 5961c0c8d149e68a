"""A party asks another to take on a client: who needs what, how soon, and where to meet."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.data import Data
from schemas.model import PERSONAL, Frozen, Moment, PartyId
from schemas.person import Client
from schemas.problems import TITLES, ProblemCode
from schemas.vocabulary import MUNICIPAL_SERVICES, MeetingPlace, Purpose, Service, Urgency

OfferId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$")]
"""An offer's id: the subject of its `support-offer.published`."""


REFERRAL_PURPOSES: Final = frozenset(
    {Purpose.BENEFITS, Purpose.INTEGRATION, Purpose.MUNICIPAL_SERVICES}
)
"""What a client may be referred for."""


class Consent(Frozen):
    """A client's consent or release (SGB X §67b, §203 StGB)."""

    consent_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{3,64}$")]
    """Where the signed paper is found."""
    given_at: Moment
    """When it was given."""
    expires_at: Moment | None = None
    """Until when it holds."""


class ReferralRequested(Data):
    """Who needs what."""

    TYPE: ClassVar[str] = "referral.requested"
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES

    client: Client
    """Whom it is about."""
    service: Service
    """What they need."""
    offer_id: OfferId | None = None
    """The named local offer, if `service` is `local_offer`."""
    urgency: Urgency = Urgency.ROUTINE
    """How soon."""
    wished_place: MeetingPlace
    """Where the client wants to meet."""
    first_received_at: Moment
    """When the request first reached any authority; counts as filing date (SGB I §16(2))."""
    first_received_by: PartyId
    """Which party received it first."""
    consent: Consent | None = None
    """The client's consent or release, where the legal basis is one."""
    note: Annotated[str, StringConstraints(max_length=500), PERSONAL] | None = None
    """A remark for the counsellor; not with services of SGB II §16a."""

    @model_validator(mode="after")
    def _no_free_text(self) -> Self:
        if self.note is not None and self.service in MUNICIPAL_SERVICES:
            code = ProblemCode.FREE_TEXT_NOT_ALLOWED
            raise PydanticCustomError(code.value, TITLES[code])
        return self

    @model_validator(mode="after")
    def _offer_is_named(self) -> Self:
        if (self.service is Service.LOCAL_OFFER) is not (self.offer_id is not None):
            raise PydanticCustomError(
                "offer", "Give offer_id with the service local_offer, and only with it."
            )
        return self


class ReferralRequestedV0(Data):
    """The same as the pilot in Eppertshausen spoke it: on site or not, no filing date apart."""

    TYPE: ClassVar[str] = "referral.requested"
    VERSION: ClassVar[int] = 0
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES

    client: Client
    """Whom it is about."""
    service: Service
    """What they need."""
    on_site: bool
    """Whether the client wants to meet in the town hall."""
    received_at: Moment
    """When the town hall received the request."""
    received_by: PartyId
    """Which town hall."""

    def upcast(self) -> ReferralRequested:
        """The place becomes a code, the receipt of the request its filing date."""
        received: datetime = self.received_at
        return ReferralRequested(
            client=self.client,
            service=self.service,
            wished_place=MeetingPlace.TOWN_HALL if self.on_site else MeetingPlace.KRANICHSTEIN,
            first_received_at=received,
            first_received_by=self.received_by,
        )
