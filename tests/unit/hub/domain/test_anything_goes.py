"""What holds whatever anybody sends, in any order: seen through what is written."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from hub.domain.decision import Received
from schemas.codec import Record, decode, encode
from schemas.documents import schemas
from schemas.errors import Unreadable
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.referral_offer_suggested import ReferralOfferSuggested
from schemas.events.referral_requested import ReferralRequested
from schemas.model import PERSONAL_MARK
from schemas.topics import DEAD_SUFFIX, HUB_EVENTS, LANE_OFFERS, LEDGER, TOPIC_OF
from schemas.vocabulary import Verdict
from tests.support.answers import DISTRICT, WITH_NEIGHBOURS, Answer, Hub
from tests.support.any_record import MARKED, MARKERS, stories

SMALL: Final = 1024
"""Bytes a key and its value may have in memory, where nobody publishes to all 24."""
CARRIERS: Final = {carrier.id for carrier in WITH_NEIGHBOURS.carriers}
DIGESTS: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}")
told = settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _answers(story: Sequence[Received]) -> Iterator[Answer]:
    hub = Hub(WITH_NEIGHBOURS)
    for lying in story:
        yield hub.takes_in(lying)
        yield from hub.hears()


def _said_by(lying: Received) -> str | None:
    """The party an event is from, where it can be read."""
    try:
        return decode(lying.record).context.party
    except Unreadable:
        return None


@told
@given(stories())
def test_every_record_is_answered_once(story: Sequence[Received]) -> None:
    """Nothing raises; one ledger line, one receipt for a known sender, copies or a dead letter."""
    for answer in _answers(story):
        outputs = Counter(output.topic for output in answer.decision.outputs)
        if answer.verdict is Verdict.NOTED:  # heard from a lane
            suggested = [
                to for to, e in answer.notices if isinstance(e.data, ReferralOfferSuggested)
            ]
            assert outputs[LEDGER.name] == 1 + len(suggested)
            continue
        assert outputs[LEDGER.name] == 1
        line = answer.ledger
        assert line.verdict is answer.verdict
        known = line.sender in WITH_NEIGHBOURS.by_id
        assert [to for to, _ in answer.receipts] == ([line.sender] if known else [])
        assert (len(answer.dead) == 1) is (answer.verdict is Verdict.REFUSED)
        assert not answer.copies or answer.verdict is Verdict.ROUTED
        if answer.verdict is Verdict.ROUTED and not answer.copies:
            assert _said_by(answer.received) in CARRIERS  # it opened or ended a hand-over
        assert bool(answer.problems) is bool(line.problems)
        if answer.verdict is not Verdict.REPEATED:
            assert sorted(line.recipients) == sorted(answer.copies)


@told
@given(stories())
def test_every_copy_says_for_whom_why_and_on_which_basis(story: Sequence[Received]) -> None:
    """Recipient, purpose, legal basis, rule and sender stand on it; it lies with its recipient."""
    for answer in _answers(story):
        for party, event in answer.events:
            context = event.context
            assert context.recipient == party
            assert party in WITH_NEIGHBOURS.by_id
            assert context.purpose
            assert context.legalbasis
            if event.data.TYPE not in HUB_EVENTS:
                assert context.rule
                assert context.sender == decode(answer.received.record).context.source
                assert WITH_NEIGHBOURS.by_id[party].may_receive(event.data.TYPE)
                assert WITH_NEIGHBOURS.by_id[party].is_committed


@told
@given(stories())
def test_nobody_gets_their_own_event_back(story: Sequence[Received]) -> None:
    """A sender is never among the recipients of what it said."""
    for answer in _answers(story):
        assert _said_by(answer.received) not in answer.copies


@told
@given(stories())
def test_no_two_things_written_have_the_same_id(story: Sequence[Received]) -> None:
    """Whoever keeps what they read by its id loses nothing and keeps nothing twice."""
    ids = Counter(
        (output.topic, decode(output.record).context.id)
        for answer in _answers(story)
        for output in answer.decision.outputs
        if not output.topic.endswith(DEAD_SUFFIX) and output.topic != LANE_OFFERS.name
    )
    assert max(ids.values()) == 1


@told
@given(stories())
def test_no_source_and_id_is_delivered_twice(story: Sequence[Received]) -> None:
    """However often an event is sent, it is delivered once (on one partition)."""
    delivered = Counter(
        (answer.received.topic, context.source, context.id)
        for answer in _answers(story)
        if answer.verdict is Verdict.ROUTED
        for context in (decode(answer.received.record).context,)
    )
    assert not delivered or max(delivered.values()) == 1


@told
@given(stories())
def test_no_personal_value_is_told_or_remembered(story: Sequence[Received]) -> None:
    """Receipts, ledger, causes, notes and memory hold none of what is said about a person."""
    hub = Hub(WITH_NEIGHBOURS)
    for lying in story:
        for answer in (hub.takes_in(lying), *hub.hears()):
            for where, text in _written_without_content(answer):
                _assert_unmarked(where, text)
    for key, value in hub.state.items():
        _assert_unmarked("memory", key + b" " + value)


@told
@given(stories())
def test_memory_stays_small(story: Sequence[Received]) -> None:
    """What is kept of an event or a case are a few ids."""
    hub = Hub(WITH_NEIGHBOURS)
    for lying in story:
        hub.takes_in(lying)
        hub.hears()
    entries = [*hub.state.items()]
    assert all(len(key) + len(value) <= _room(value) for key, value in entries)


@told
@given(stories())
def test_decisions_depend_on_record_and_memory_alone(story: Sequence[Received]) -> None:
    """Told again from the beginning, the same story leads to the same bytes everywhere."""
    first, again = [*_answers(story)], [*_answers(story)]
    assert [answer.decision for answer in first] == [answer.decision for answer in again]


@told
@given(stories())
def test_what_is_refused_changes_no_case(story: Sequence[Received]) -> None:
    """A refused or repeated record leaves every case as it was."""
    for answer in _answers(story):
        if answer.verdict is not Verdict.ROUTED:
            assert not [
                key for key in answer.decision.state if key.startswith((b"case/", b"protected/"))
            ]


@told
@given(stories())
def test_blocked_address_never_reaches_the_unentitled(story: Sequence[Received]) -> None:
    """From the event that says so until it is lifted, no copy for the unentitled has an address."""
    blocked: set[str] = set()
    for answer in _answers(story):
        if answer.verdict is not Verdict.ROUTED:
            continue
        event = decode(answer.received.record)
        subject, data = event.context.subject, event.data
        if isinstance(data, DisclosureBlockSet):
            blocked.add(subject)
        if isinstance(data, DisclosureBlockLifted):
            blocked.discard(subject)
        if isinstance(data, AddressChangeReported) and data.disclosure_blocked:
            blocked.add(subject)
        hides = subject in blocked and isinstance(data, AddressChangeReported)
        hides |= isinstance(data, ReferralRequested) and data.client.disclosure_blocked
        for party, copy in answer.copies.items():
            if hides and not WITH_NEIGHBOURS.by_id[party].sees_blocked_addresses:
                value = encode(copy).value or b""
                assert b"MarkerStreet" not in value
                assert b'"disclosure_blocked":true' not in value


@told
@given(stories())
def test_registry_may_change_at_any_time(story: Sequence[Received]) -> None:
    """Parties that leave while their cases run stop no lane and get nothing more."""
    hub = Hub(WITH_NEIGHBOURS)
    for number, lying in enumerate(story):
        if number == len(story) // 2:
            hub.parties = DISTRICT
        for answer in (hub.takes_in(lying), *hub.hears()):
            assert {to for to, _ in answer.events} <= {*hub.parties.by_id}


def _written_without_content(answer: Answer) -> Iterator[tuple[str, bytes]]:
    yield "note", repr(answer.decision.note).encode()
    yield "problems", repr(answer.decision.problems).encode()
    for _, event in (*answer.receipts, *answer.notices):
        yield event.data.TYPE, _as_bytes(encode(event))
    for output in answer.decision.outputs:
        if output.topic == LANE_OFFERS.name:
            yield "news", _as_bytes(output.record)
        if output.topic == LEDGER.name:
            yield "ledger", _as_bytes(output.record)
        if output.topic.endswith(DEAD_SUFFIX):
            came = len(answer.received.record.headers)
            causes = list(output.record.headers)[came:]
            yield "causes", _as_bytes(Record(None, None, causes))


def _as_bytes(record: Record) -> bytes:
    headers = b" ".join(name.encode() + b"=" + value for name, value in record.headers)
    return b" ".join((record.key or b"", record.value or b"", headers))


def _assert_unmarked(where: str, text: bytes) -> None:
    plain = DIGESTS.sub(b"", text)
    for marker in MARKERS:
        assert marker.encode() not in plain, (where, marker)


def _room(value: bytes) -> int:
    """An offer to the whole district is remembered with all who got it."""
    return 4 * SMALL if value.count(b"offer-to-") > 3 else SMALL


def test_every_personal_field_has_a_marker() -> None:
    """The markers cover all that the contract marks as personal, in events that come in."""
    coming = (schema for kind, schema in schemas().items() if kind.rpartition(".v")[0] in TOPIC_OF)
    marked = {name for schema in coming for name in _personal(schema, schema.get("$defs", {}))}
    assert marked == {*MARKED}


def _personal(schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *definitions.values()):
        for name, field in part.get("properties", {}).items():
            if any(PERSONAL_MARK in way for way in (field, *field.get("anyOf", ()))):
                yield name


@pytest.mark.parametrize("marker", MARKERS)
def test_markers_would_be_found(marker: str) -> None:
    """The check itself can fail."""
    with pytest.raises(AssertionError):
        _assert_unmarked("a test", f"x {marker} y".encode())
