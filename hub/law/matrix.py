"""Who may send what to whom, for what, on which power: the declarations as one table. Pure.

It is read from what the lanes themselves go by: the registry of parties, the routing rules, the
contract and what copies leave out. Nothing is declared here a second time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hub.domain import disclosure
from hub.domain.parties import Kind, Parties
from hub.domain.routing import RULES_OF
from schemas.data import Data
from schemas.documents import schema_of
from schemas.events import NEWEST
from schemas.model import PERSONAL_MARK
from schemas.shapes import Node, shape
from schemas.topics import HANDED_IN
from schemas.vocabulary import Classification, LegalBasis, Purpose

_BLOCKED: Final[Mapping[str, tuple[str, ...]]] = {
    "referral.requested": tuple(f"client.{name}" for name in disclosure.CLIENT),
    "address-change.reported": tuple(disclosure.MOVE),
    "address-change.corrected": tuple(disclosure.MOVE),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One event type from one kind of party: on which power, for what, to whom, with what."""

    event_type: str
    sender: Kind
    legal_bases: tuple[LegalBasis, ...]
    """One of these must be named."""
    purposes: tuple[Purpose, ...]
    """One of these must be named (SGB X §67c)."""
    classification: Classification
    """At least."""
    rules: tuple[str, ...]
    """The routing rules that find recipients; none: only the hub itself hears of it."""
    recipients: tuple[Kind, ...]
    """Who may be found, and may have it; providers only with a commitment (SGB X §78)."""
    personal: tuple[str, ...]
    """The fields that say something about a person."""
    left_out: tuple[str, ...]
    """What the copy of a recipient without entitlement lacks under an Auskunftssperre."""


def matrix(parties: Parties) -> Iterator[Row]:
    """Everything parties may say, in the order of the contract."""
    for event_type in HANDED_IN:
        model = NEWEST[event_type]
        family = event_type.partition(".")[0]
        for sender, bases in _senders(family, parties).items():
            rules = tuple(rule.id for rule in RULES_OF.get(event_type, ()))
            yield Row(
                event_type,
                sender,
                tuple(sorted(bases)),
                tuple(sorted(model.PURPOSES)),
                model.CLASSIFICATION,
                rules,
                _recipients(family, parties) if rules else (),
                personal_fields(model),
                _BLOCKED.get(event_type, ()),
            )


def personal_fields(model: type[Data]) -> tuple[str, ...]:
    """The fields of an event that say something about a person, by their dotted paths."""
    document = schema_of(model)
    return tuple(_personal("", document, document))


def _senders(family: str, parties: Parties) -> dict[Kind, frozenset[LegalBasis]]:
    found: dict[Kind, frozenset[LegalBasis]] = {}
    for party in parties.party:
        if family in party.sends:
            found[party.kind] = found.get(party.kind, frozenset()) | {*party.sends[family]}
    return found


def _recipients(family: str, parties: Parties) -> tuple[Kind, ...]:
    may = {party.kind for party in parties.party if family in party.receives and party.is_committed}
    return tuple(kind for kind in Kind if kind in may)


def _personal(path: str, node: Node, document: Node) -> Iterator[str]:
    here = shape(node, document)
    if here.says.get(PERSONAL_MARK):
        yield path
    for name, field in here.fields.items():
        yield from _personal(f"{path}.{name}" if path else name, field, document)
    if "items" in here.says and not here.says.get(PERSONAL_MARK):
        yield from _personal(f"{path}[]", here.says["items"], document)
