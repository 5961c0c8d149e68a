"""What is kept of each kind of delivery."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

from connectors.backoffice.mapping import rows_of
from schemas.codec import Record, encode
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.vocabulary import Verdict
from tests.support.deliveries import AT, FAMILY_NAME, PARTY, delivered, receipt, referral

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def test_delivery() -> None:
    """A delivery's row says who sent what about which case, by which rule, and why it may."""
    event = referral(
        "d-1",
        recipient=PARTY,
        sender="//kurze-wege/06432005/rathaus",
        rule="named-recipient",
        recordedtime=NOW,
    )
    rows = rows_of([delivered(7, encode(event))], NOW)
    (row,) = rows.inbox
    assert (rows.receipts, rows.faulty) == ([], [])
    assert row["data"]["client"]["family_name"] == FAMILY_NAME
    assert "note" not in row["data"]
    del row["data"], row["correlation_id"]
    assert row == {
        "party": PARTY,
        "event_id": "d-1",
        "type": "referral.requested",
        "version": 1,
        "subject": "case-0001",
        "sender": "//kurze-wege/06432005/rathaus",
        "rule": "named-recipient",
        "time": AT,
        "purpose": "integration",
        "legal_basis": "sgb2-16a",
        "classification": "social",
        "recorded_at": NOW,
        "causation_id": None,
        "traceparent": None,
        "proof": None,
        "received_at": NOW,
        "topic": "to.kfb",
        "topic_partition": 0,
        "topic_offset": 7,
    }


def test_receipt() -> None:
    """A receipt lies apart and names the event it is about."""
    rows = rows_of([delivered(0, encode(receipt("r-1", "e-1")))], NOW)
    (row,) = rows.receipts
    assert (rows.inbox, rows.faulty) == ([], [])
    assert (row["event_id"], row["about_id"], row["type"]) == ("r-1", "e-1", ReceiptDelivered.TYPE)


def test_unreadable() -> None:
    """Of a record that is no event every byte is kept, and the problem without any value."""
    record = Record(b"\x00key", FAMILY_NAME.encode(), (("ce_id", b"\xff"), ("x", b"")))
    (row,) = rows_of([delivered(3, record)], NOW).faulty
    assert (row["record_key"], row["record_value"]) == (record.key, record.value)
    assert [(n, b64decode(v)) for n, v in row["record_headers"]] == list(record.headers)
    assert row["problems"] == "attribute-invalid(id)"


def test_not_ours() -> None:
    """A copy for another party is not shown to this one."""
    rows = rows_of([delivered(0, encode(referral("d-1", recipient="06432005")))], NOW)
    assert rows.inbox == []
    assert rows.faulty[0]["problems"] == "recipient-not-permitted(recipient)"


def test_never_delivered() -> None:
    """A record of the hub's own book is nothing that a party is shown."""
    data = LedgerRecorded(
        verdict=Verdict.ROUTED, topic="referrals", partition=0, offset=0, received_at=NOW
    )
    like = referral("l-1", type=data.wire_type()).context
    (row,) = rows_of([delivered(0, encode(Event(like, data)))], NOW).faulty
    assert row["problems"] == "wrong-topic(type)"


def test_edge_of_time() -> None:
    """A time that has no equal in UTC is a fault of the event, not of ours."""
    event = referral("d-1", time=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))))
    (row,) = rows_of([delivered(0, encode(event))], NOW).faulty
    assert row["problems"] == "attribute-invalid(time)"


def test_the_proof_is_kept_word_for_word() -> None:
    """Of a sealed delivery the attributes are kept as they were sealed, and no data with them."""
    seal = f"{'h' * 20}.{'p' * 20}.{'s' * 86}"
    event = referral("d-1", recipient=PARTY, seal=seal)
    (row,) = rows_of([delivered(7, encode(event))], NOW).inbox
    assert row["proof"]["seal"] == seal
    assert row["proof"]["time"] == dict(encode(event).headers)["ce_time"].decode()
    assert "data" not in row["proof"]
