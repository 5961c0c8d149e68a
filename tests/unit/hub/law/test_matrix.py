"""The matrix says what lanes do: what it leaves out is not admitted, what it has is not refused."""

import json
from collections.abc import Iterator
from itertools import product

import pytest

from hub.domain import disclosure
from hub.domain.admission import admit
from hub.domain.decision import Limits
from hub.domain.explain import explain
from hub.domain.parties import Kind, Parties, Party
from hub.domain.refusal import Refusal
from hub.law.matrix import Row, matrix
from hub.party_file import load_parties
from hub.processors import ALL
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events import NEWEST
from schemas.problems import ProblemCode
from schemas.topics import HANDED_IN, TOPIC_OF
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import NOW
from tests.support.examples import Example, valid

PARTIES = load_parties()
ROWS = tuple(matrix(PARTIES))
OF_MATRIX = {
    ProblemCode.SENDER_NOT_PERMITTED,
    ProblemCode.LEGAL_BASIS_NOT_PERMITTED,
    ProblemCode.PURPOSE_NOT_PERMITTED,
    ProblemCode.CLASSIFICATION_TOO_LOW,
}
"""What is refused because of who says it, on which power, for what."""
HANDED = [one for one in valid() if one.wire_type.rpartition(".v")[0] in HANDED_IN]


def _one_of_each_kind() -> list[Party]:
    return list({party.kind: party for party in PARTIES.party}.values())


def _newest(event_type: str) -> Data:
    model = NEWEST[event_type]
    example = next(one for one in HANDED if one.wire_type == model.wire_type())
    return model.model_validate(example.event["data"])


def _sayings(event_type: str) -> Iterator[Event[Data]]:
    """The event by each kind of party, on every power, for every purpose."""
    data = _newest(event_type)
    for party, basis, purpose in product(_one_of_each_kind(), LegalBasis, Purpose):
        context = Context(
            type=data.wire_type(),
            source=f"//kurze-wege/{party.id}/fachverfahren",
            id="e-1",
            subject="case-1",
            time=NOW,
            purpose=purpose,
            legalbasis=basis,
            dataclassification=data.CLASSIFICATION,
        )
        yield Event(context, data)


def _is_admitted(event: Event[Data], parties: Parties) -> bool:
    try:
        admit(event, TOPIC_OF[event.data.TYPE], NOW, parties, Limits())
    except Refusal as refused:
        return not OF_MATRIX & {problem.code for problem in refused.problems}
    return True


@pytest.mark.parametrize("event_type", HANDED_IN)
def test_what_may_be_said_is_what_is_admitted(event_type: str) -> None:
    """Every sender, power and purpose: the lane's answer is the matrix's."""
    declared = {
        (row.sender, basis, purpose)
        for row in ROWS
        if row.event_type == event_type
        for basis, purpose in product(row.legal_bases, row.purposes)
    }
    admitted = {
        (PARTIES.by_id[event.context.party].kind, event.context.legalbasis, event.context.purpose)
        for event in _sayings(event_type)
        if _is_admitted(event, PARTIES)
    }
    assert admitted == declared
    assert declared


@pytest.mark.parametrize("example", HANDED, ids=str)
def test_who_gets_it_stands_there(example: Example) -> None:
    """Whoever an example is delivered to, by whatever rule, the matrix names both."""
    found = explain(json.dumps(example.event).encode(), None, PARTIES, Limits(), ALL)
    sender = PARTIES.by_id[example.event["source"].split("/")[3]].kind
    row = _row(example.wire_type.rpartition(".v")[0], sender)
    for recipient in found.recipients:
        if recipient.event_type in HANDED_IN:
            assert PARTIES.by_id[recipient.party].kind in row.recipients
            assert recipient.rule in row.rules


@pytest.mark.parametrize("event_type", HANDED_IN)
def test_what_is_left_out_stands_there(event_type: str) -> None:
    """Under a block a copy lacks what the matrix says, for whoever is not entitled to it."""
    data = _newest(event_type)
    town = next(party for party in PARTIES.party if party.kind is Kind.MUNICIPALITY)
    _, left_out = disclosure.copy_for(town, data, "any", blocked=True)
    row = next(row for row in ROWS if row.event_type == event_type)
    assert set(left_out) <= set(row.left_out)


def test_blocked_addresses_are_left_out() -> None:
    """The two kinds of event with an address say so; no other leaves anything out."""
    said = {row.event_type for row in ROWS if row.left_out}
    assert said == {"referral.requested", "address-change.reported", "address-change.corrected"}


def _row(event_type: str, sender: Kind) -> Row:
    (row,) = (row for row in ROWS if (row.event_type, row.sender) == (event_type, sender))
    return row
