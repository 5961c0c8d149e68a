"""What the lanes tell each other of offers.

An offer's events lie in one lane and the referrals it may suit in all of them. So the lane that
has the offer tells every lane how it stands, each time that changes; and a lane in which a
referral is turned away for lack of places tells every lane, of which the one that has the offer
acts. Each is told in the transaction of what it follows from, once for each lane.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from hub.domain.decision import EVERY_PARTITION, Outgoing
from hub.domain.emission import Cause
from hub.domain.offers import Offer
from schemas.codec import Record
from schemas.topics import LANE_OFFERS


@dataclass(frozen=True, slots=True)
class Origin:
    """The event that it follows from."""

    source: str | None
    id: str | None
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Stands:
    """How an offer stands now; withdrawn, it is to be forgotten."""

    offer: Offer
    origin: Origin
    kind: Literal["stands"] = "stands"


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A referral to an offer was turned away for lack of places."""

    offer_id: str
    at: datetime
    """When, by whoever said so."""
    origin: Origin
    kind: Literal["turned-away"] = "turned-away"


News = Stands | TurnedAway
_FORM: Final[TypeAdapter[News]] = TypeAdapter(Annotated[News, Field(discriminator="kind")])


def origin_of(cause: Cause) -> Origin:
    """What the lanes are told of the event that makes the hub speak."""
    return Origin(cause.source, cause.id, cause.traceparent)


def to_every_lane(news: News) -> Outgoing:
    """The news, to be written once for each lane, keyed by the offer."""
    offer_id = news.offer.id if isinstance(news, Stands) else news.offer_id
    record = Record(offer_id.encode(), _FORM.dump_json(news), [])
    return Outgoing(LANE_OFFERS.name, record, EVERY_PARTITION)


def read(record: Record) -> News:
    """The news in a record; raises ValueError if no lane wrote it."""
    return _FORM.validate_json(record.value or b"")
