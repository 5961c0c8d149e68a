"""What the hub writes: headers exactly, ids derived, purpose and legal basis on everything."""

import uuid
from typing import Any, Final

import pytest

from hub.domain.decision import Kept, Limits
from hub.domain.emission import derived_id
from hub.processors import route_address_change, route_referral
from schemas.codec import decode, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import DEAD_SUFFIX
from tests.support.answers import DISTRICT, Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    a_block,
    a_move,
    a_referral,
    a_step,
    an_offer,
    an_old_fashioned_referral,
    received,
)

TRACE: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
EVENT: Final[dict[str, Any]] = {
    "id": "R-1",
    "on": "case-7",
    "correlationid": "C-1",
    "causationid": "B-0",
    "traceparent": TRACE,
    "sender": "//kurze-wege/06432023/forged",
    "rule": "forged",
}
RECEIPT: Final = {
    "content-type": "application/json",
    "ce_specversion": "1.0",
    "ce_source": "//kurze-wege/hub/route-referral",
    "ce_subject": "case-7",
    "ce_time": "2026-03-02T09:15:00Z",
    "ce_purpose": "accountability",
    "ce_legalbasis": "gdpr-5-2",
    "ce_dataclassification": "internal",
    "ce_causationid": "R-1",
    "ce_sender": "//kurze-wege/06432005/fachverfahren",
    "ce_traceparent": TRACE,
}


def _written(event: Event[Data]) -> dict[str, dict[str, str]]:
    """The headers of all that was written, dead letters apart, by topic."""
    written = {}
    for output in Hub().takes(event).decision.outputs:
        if output.topic.endswith(DEAD_SUFFIX):
            continue
        headers = [(name, value.decode()) for name, value in output.record.headers]
        assert len(dict(headers)) == len(headers), "a header stands twice"
        written[output.topic] = dict(headers)
    return written


def test_headers_of_a_copy() -> None:
    """The sender's attributes, and who sent it, to whom, by which rule, because of what."""
    headers = _written(a_referral(**EVENT))["to.kfb"]
    uuid.UUID(headers.pop("ce_id"))
    assert headers == {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_type": "referral.requested.v1",
        "ce_source": "//kurze-wege/hub/route-referral",
        "ce_subject": "case-7",
        "ce_time": "2026-03-02T09:15:00Z",
        "ce_dataschema": "urn:kurze-wege:schema:referral.requested:v1",
        "ce_purpose": "integration",
        "ce_legalbasis": "sgb10-69",
        "ce_dataclassification": "social",
        "ce_correlationid": "C-1",
        "ce_causationid": "R-1",
        "ce_recipient": "kfb",
        "ce_recordedtime": "2026-03-02T09:15:00Z",
        "ce_sender": "//kurze-wege/06432005/fachverfahren",
        "ce_rule": "referral-by-service-and-residence",
        "ce_traceparent": TRACE,
    }


def test_headers_of_a_receipt() -> None:
    """A receipt is the hub's own word, for accountability, in the trace of its event."""
    headers = _written(a_referral(**EVENT))[f"to.{EPPERTSHAUSEN}"]
    uuid.UUID(headers.pop("ce_id"))
    assert headers == RECEIPT | {
        "ce_type": "receipt.delivered.v1",
        "ce_dataschema": "urn:kurze-wege:schema:receipt.delivered:v1",
        "ce_recipient": EPPERTSHAUSEN,
    }


def test_headers_of_a_refusal() -> None:
    """The same of a receipt that says what was wrong."""
    event = a_referral(**EVENT, to="06432099")
    headers = _written(event)[f"to.{EPPERTSHAUSEN}"]
    uuid.UUID(headers.pop("ce_id"))
    assert headers == RECEIPT | {
        "ce_type": "receipt.refused.v1",
        "ce_dataschema": "urn:kurze-wege:schema:receipt.refused:v1",
        "ce_recipient": EPPERTSHAUSEN,
    }


def test_headers_of_a_ledger_line() -> None:
    """The ledger line names nobody as its recipient."""
    headers = _written(a_referral(**EVENT))["ledger"]
    uuid.UUID(headers.pop("ce_id"))
    assert headers == RECEIPT | {
        "ce_type": "ledger.recorded.v1",
        "ce_dataschema": "urn:kurze-wege:schema:ledger.recorded:v1",
    }


def test_optional_attributes_that_were_not_given_are_not_written() -> None:
    """No empty header stands on anything."""
    written = _written(a_referral())
    optional = {"ce_correlationid", "ce_traceparent"}
    for headers in written.values():
        assert not optional & {*headers}
        assert all(headers.values())


def test_handover_says_whose_and_why() -> None:
    """It goes to the carrier on the case's key, with purpose, legal basis and rule."""
    answer = Hub().takes(a_move(new_ags=DARMSTADT_AGS, on="case-7", id="U-1", correlationid="C-1"))
    ((party, event),) = answer.notices
    context, data = event.context, event.data
    assert (party, context.recipient, context.subject) == (KFB, KFB, "case-7")
    assert (context.causationid, context.correlationid) == ("U-1", "C-1")
    assert context.sender == "//kurze-wege/06432005/fachverfahren"
    assert context.source == "//kurze-wege/hub/route-address-change"
    assert (context.purpose, context.legalbasis) == ("jurisdiction", "sgb10-2-3")
    assert context.purpose in data.PURPOSES
    assert data.model_dump(mode="json") == {
        "old_carrier": KFB,
        "old_ags": EPPERTSHAUSEN,
        "new_ags": DARMSTADT_AGS,
        "valid_from": "2026-03-01",
    }


def test_old_version_is_delivered_in_the_new_one() -> None:
    """Recipients read one version; type and schema of the copy say which."""
    answer = Hub().takes(an_old_fashioned_referral())
    context = answer.copies[KFB].context
    assert context.type == "referral.requested.v1"
    assert context.dataschema == "urn:kurze-wege:schema:referral.requested:v1"


@pytest.mark.parametrize(
    "event",
    [a_referral(), a_move(new_ags=DARMSTADT_AGS), a_block(), an_offer(), a_step("accepted")],
    ids=lambda event: event.data.TYPE,
)
def test_same_record_leads_to_the_same_bytes(event: Event[Data]) -> None:
    """Handled twice on equal memory the decisions are equal, ids and all."""
    first, second = Hub(), Hub()
    assert first.takes(event).decision == second.takes(event).decision
    assert first.state == second.state


def test_ids_of_one_event_differ_by_recipient_and_kind() -> None:
    """Copies, notice, receipt and ledger line each have their own id, a UUID of version 5."""
    answer = Hub().takes(a_move(new_ags=DARMSTADT_AGS))
    outputs = [decode(output.record).context.id for output in answer.decision.outputs]
    outputs += [copy.context.id for copy in Hub().takes(a_move()).copies.values()]
    assert len({*outputs}) == len(outputs)
    assert {uuid.UUID(each).version for each in outputs} == {5}
    assert {uuid.UUID(each).variant for each in outputs} == {uuid.RFC_4122}


def test_copy_has_the_same_id_wherever_the_event_lay() -> None:
    """Delivered again from another offset, because memory was lost, a copy is recognisable."""
    event = a_move()
    first, again = Hub().takes(event), Hub(offset=99).takes(event)
    for party in (KFB, DIEBURG):
        assert first.copies[party].context.id == again.copies[party].context.id


def test_same_id_on_another_topic_makes_other_copies() -> None:
    """A sender's two systems that share a source and count alike lose nothing in an inbox."""
    move = Hub().takes(a_move(id="1", on="case-1"))
    referral = Hub().takes(a_referral(id="1", on="case-1"))
    assert move.copies[KFB].context.id != referral.copies[KFB].context.id


def test_receipt_names_the_ids_of_the_copies() -> None:
    """A sender can point at the very copy a recipient has."""
    answer = Hub().takes(a_move())
    named = {each.to: each.delivery_id for each in answer.delivered.deliveries}
    assert named == {to: copy.context.id for to, copy in answer.copies.items()}
    assert {each.to: each.rule for each in answer.delivered.deliveries} == answer.rules


def test_ledger_line_says_what_was_done() -> None:
    """Who sent it, who got it by which rules, where it lay and when: nothing else."""
    answer = Hub(offset=6).takes(a_move(id="U-1", correlationid="C-1", causationid="B-0"))
    assert answer.ledger.model_dump(mode="json", exclude_none=True) == {
        "verdict": "routed",
        "event_id": "U-1",
        "event_type": "address-change.reported.v1",
        "source": "//kurze-wege/06432005/fachverfahren",
        "sent_at": "2026-03-02T09:15:00Z",
        "correlationid": "C-1",
        "causationid": "B-0",
        "sender": EPPERTSHAUSEN,
        "recipients": [KFB, DIEBURG],
        "rules": ["address-to-open-case", "address-to-place-moved-to"],
        "delivery_ids": [answer.copies[to].context.id for to in (KFB, DIEBURG)],
        "receipt_id": answer.receipt.context.id,
        "notices": [],
        "problems": [],
        "topic": "address-changes",
        "partition": 2,
        "offset": 7,
        "received_at": "2026-03-02T09:15:00Z",
    }


def test_note_for_the_log_is_the_ledger_line_in_short() -> None:
    """Ids, rules and codes, and the trace it belongs to."""
    trace = f"00-{'ab' * 16}-{'cd' * 8}-01"
    answer = Hub().takes(a_move(id="U-1", traceparent=trace))
    line = answer.ledger.model_dump() | {"traceparent": trace}
    assert dict(answer.decision.note) == {name: line[name] for name in answer.decision.note}
    told = {"event_id", "sender", "recipients", "rules", "problems", "traceparent"}
    assert told <= {*answer.decision.note}


def test_derived_ids_are_uuids_of_version_5() -> None:
    """They stay the same from release to release (RFC 9562 §5.5, URL namespace)."""
    for number in range(50):
        name = f"//kurze-wege/hub/delivery|kfb|{number}"
        assert derived_id(str(number), KFB, "delivery") == str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@pytest.mark.parametrize("stamp_ms", [-1, 0, -(10**18), 10**18])
def test_stamp_no_calendar_has_does_not_stop_the_lane(stamp_ms: int) -> None:
    """A client can stamp anything on a record; such an event is refused like any other."""
    lying = received(a_referral())._replace(timestamp_ms=stamp_ms)
    answer = Hub().takes_in(lying)
    assert [code for code, _ in answer.problems] in (["too-late"], ["time-in-future"])
    assert answer.ledger.received_at.year in (1970, 9999)


def test_long_topic_names_make_readable_receipts() -> None:
    """Where the subject cannot be read, the receipt's is the record's place, well formed."""
    record = encode(a_referral())
    headers = [(name, value) for name, value in record.headers if name != "ce_subject"]
    for length in range(40, 64):
        topic = "x" * length + ".-_" * 20 + "referrals"
        lying = received(record._replace(headers=headers), topic=route_referral.SOURCE)._replace(
            topic=topic
        )
        decision = route_referral.handle(lying, Kept(), DISTRICT, Limits())
        assert decision.outputs[1].topic == f"to.{EPPERTSHAUSEN}"
        assert decode(decision.outputs[1].record).context.subject.endswith("referrals-2-0")


def test_time_of_what_the_hub_says_is_the_records() -> None:
    """No clock is read: receipts, ledger lines and notices have the time of the record."""
    lying = received(a_move(new_ags=DARMSTADT_AGS, at="2026-03-01T00:00:00Z"))
    decision = route_address_change.handle(lying, Kept(), DISTRICT, Limits())
    for output in decision.outputs:
        event = decode(output.record)
        said_by_hub = not event.data.TYPE.startswith("address-change.")
        assert (event.context.time == NOW) is said_by_hub
