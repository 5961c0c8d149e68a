"""An event: its CloudEvents 1.0 context attributes and its data."""

from dataclasses import dataclass
from typing import Annotated, Final, Generic, NamedTuple, TypeVar

from pydantic import ConfigDict, StringConstraints

from schemas.data import Data
from schemas.model import CaseId, EventId, Frozen, Moment, PartyId
from schemas.vocabulary import Classification, LegalBasis, Purpose

SOURCE_PREFIX = "//kurze-wege/"
Source = Annotated[
    str, StringConstraints(pattern=r"^//kurze-wege/[a-z0-9][a-z0-9-]{1,31}/[a-z0-9-]{1,40}$")
]
"""`//kurze-wege/<party>/<system>`."""
SpecVersion = Annotated[str, StringConstraints(pattern=r"^1\.0$")]
SchemaUri = Annotated[
    str, StringConstraints(pattern=r"^urn:kurze-wege:schema:[a-z.-]{1,60}:v[0-9]{1,3}$")
]
SIGNATURE: Final = "signature"
SEAL: Final = "seal"
ENCRYPTED_AS: Final = "encryptedas"
EncryptedAs = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{43}$")]
"""The nonce with which the data lay encrypted, and the SHA-256 of how they lay there, base64url."""
Signature = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,400}\.[A-Za-z0-9_-]{0,3000}\.[A-Za-z0-9_-]{86}$"),
]
"""A JWS (RFC 7515, compact) by Ed25519; its middle is empty where it can be told from the event."""
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]


class Context(Frozen):
    """The context attributes; each is a header `ce_<name>` in Kafka's binary mode.

    Extension attributes that are not declared here are read over and not passed on.
    """

    model_config = ConfigDict(extra="ignore")

    specversion: SpecVersion = "1.0"
    """The CloudEvents version."""
    type: str
    """Event type with version: `referral.requested.v1`."""
    source: Source
    """Which system of which party says it."""
    id: EventId
    """Unique within its source."""
    subject: CaseId
    """The case, or the offer: the record key. Events of one subject keep their order."""
    time: Moment
    """When it happened at the source."""
    dataschema: SchemaUri | None = None
    """The URN of the data's schema."""
    purpose: Purpose
    """What the data may be used for (SGB X §67c)."""
    legalbasis: LegalBasis
    """On which power they are transmitted."""
    dataclassification: Classification
    """How well they must be kept; an unknown level is refused."""
    correlationid: EventId | None = None
    """Shared by all events that belong together."""
    causationid: EventId | None = None
    """The id of the event that led to this one."""
    recipient: PartyId | None = None
    """To whom the sender wants it to go; on a delivery, whose copy it is."""
    sourcesequence: Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,17})$")] | None = (
        None
    )
    """Counts what its source sends, one by one, so that a gap shows."""
    recordedtime: Moment | None = None
    """On a delivery: when the event lay on the hub's topic. Set by the hub only."""
    sender: Source | None = None
    """On what the hub emits: the source of the event that led to it. Set by the hub only."""
    rule: RuleId | None = None
    """On a delivery: the routing rule. Set by the hub only."""
    traceparent: (
        Annotated[str, StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]
        | None
    ) = None
    """W3C Trace Context, from door to inbox."""
    signature: Signature | None = None
    """The sender's signature (Ed25519, JWS), detached; on a delivery with what was signed in it."""
    seal: Signature | None = None
    """On what the hub sends: its signature of that (Ed25519, JWS). Set by the hub only."""
    encryptedas: EncryptedAs | None = None
    """On what was opened for its recipient: how it lay encrypted when it was sealed; see below."""

    @property
    def party(self) -> str:
        """The party named in `source`."""
        return party_of(self.source)


def party_of(source: str) -> str:
    """The party in `//kurze-wege/<party>/<system>`."""
    return source[len(SOURCE_PREFIX) :].partition("/")[0]


D_co = TypeVar("D_co", bound=Data, covariant=True)


class Signed(NamedTuple):
    """An event as its sender wrote and signed it: whoever carries it carries these bytes."""

    attributes: tuple[tuple[str, str], ...]
    """The declared context attributes, in the order in which they stood."""
    value: bytes
    """The data."""


@dataclass(frozen=True, slots=True)
class Event(Generic[D_co]):
    """Context and data together."""

    context: Context
    data: D_co
    signed: Signed | None = None
    """Given where its sender signed it."""
