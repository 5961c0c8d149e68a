"""Reading and writing records: what is accepted, and how a refusal names its reason."""

import json
from dataclasses import replace
from typing import Any

import pytest

from schemas.codec import CONTENT_TYPE, JSON, Record, decode, encode, read
from schemas.errors import Unreadable
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import TITLES, Problem, ProblemCode
from schemas.topics import MAX_EVENT_BYTES
from tests.support import examples

BY_NAME = {str(example): example for example in examples.valid()}
REFERRAL = BY_NAME["referral.requested/v1/valid/minimal"]
OFFER = BY_NAME["support-offer.published/v1/valid/full"]
BINARY = REFERRAL.binary()


def refused(record: Record) -> list[Problem]:
    """The problems a record is refused with."""
    with pytest.raises(Unreadable) as error:
        decode(record)
    assert error.value.problems
    return list(error.value.problems)


def codes(record: Record) -> list[tuple[str, str | None]]:
    """Codes and fields a record is refused with."""
    return [(problem.code.value, problem.field) for problem in refused(record)]


def with_header(name: str, value: bytes | None) -> Record:
    """The referral with one header more, or with another value of it."""
    kept = [header for header in BINARY.headers if header[0] != name]
    return BINARY._replace(headers=[*kept, (name, value)])  # type: ignore[list-item]


def with_data(**changes: Any) -> Record:  # noqa: ANN401
    """The referral with other data."""
    said = {**REFERRAL.event["data"], **changes}
    return BINARY._replace(value=json.dumps(said).encode())


def with_attributes(**changes: object) -> Record:
    """The referral in structured mode, with other attributes."""
    return replace(REFERRAL, event={**REFERRAL.event, **changes}).structured()


def test_event_is_written_in_binary_mode() -> None:
    """Attributes become `ce_` headers, absent ones none; the value is the data; subject is key."""
    record = encode(decode(BINARY))
    headers = dict(record.headers)
    assert headers[CONTENT_TYPE] == JSON
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"referral.requested.v1"
    assert headers["ce_legalbasis"] == REFERRAL.event["legalbasis"].encode()
    assert headers["ce_time"] == b"2026-03-02T09:15:00+01:00"
    assert "ce_recipient" not in headers
    assert record.key == b"case-epp-4711"
    said = json.loads(record.value or b"")
    assert said["client"]["family_name"] == "Muster"
    assert "note" not in said


def test_unknown_extensions_are_read_over() -> None:
    """An attribute we do not know refuses nothing and is not passed on."""
    event = decode(with_header("ce_sequence", b"\xff17"))
    assert event == decode(BINARY)
    assert decode(with_attributes(sequence=17, other={"x": []})) == event


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/cloudevents+json",
        b"application/cloudevents+json; charset=UTF-8",
        b"Application/CloudEvents+JSON",
        b"application/cloudevents",
    ],
)
def test_structured_mode_is_told_by_its_content_type(content_type: bytes) -> None:
    """Upper case and parameters of the content type change nothing."""
    record = REFERRAL.structured()._replace(headers=[(CONTENT_TYPE, content_type)])
    assert decode(record) == decode(BINARY)


def test_key_must_be_the_subject() -> None:
    """A record under another key would lose its place in the order; without key it is read."""
    assert codes(BINARY._replace(key=b"case-epp-9999")) == [("key-mismatch", "subject")]
    assert decode(BINARY._replace(key=None)) == decode(BINARY)


def test_event_of_exactly_the_limit_is_read() -> None:
    """64 KiB are carried, one byte more is refused and its sender still known."""
    padded = BINARY._replace(value=(BINARY.value or b"") + b" " * (MAX_EVENT_BYTES - BINARY.size()))
    assert padded.size() == MAX_EVENT_BYTES
    assert decode(padded) == decode(BINARY)
    heavy = padded._replace(value=(padded.value or b"") + b" ")
    with pytest.raises(Unreadable) as error:
        decode(heavy)
    assert [problem.code for problem in error.value.problems] == [ProblemCode.EVENT_TOO_LARGE]
    assert str(MAX_EVENT_BYTES + 1) in error.value.problems[0].detail
    assert error.value.attributes["source"] == REFERRAL.event["source"]


def test_weight_is_counted_in_bytes() -> None:
    """Key, value, names and values of headers as UTF-8, and what frames a header."""
    assert Record(b"ab", "ü".encode(), [("é", b"123")]).size() == 2 + 2 + 2 + 3 + 2
    assert Record(None, None, [("", b"")] * 1000).size() == 2000
    assert Record(None, None, []).size() == 0


@pytest.mark.parametrize("value", [None, b""])
def test_empty_header_is_an_absent_attribute(value: bytes | None) -> None:
    """Kafka allows headers without value; they say nothing."""
    assert decode(with_header("ce_recipient", value)) == decode(BINARY)
    assert codes(with_header("ce_id", value)) == [("attribute-missing", "id")]
    assert decode(with_header(CONTENT_TYPE, value)) == decode(BINARY)


def test_attribute_given_twice_is_refused() -> None:
    """Nobody can tell which of two senders is meant; the first stays known."""
    twice = BINARY._replace(headers=[*BINARY.headers, ("ce_source", b"//kurze-wege/kfb/x")])
    with pytest.raises(Unreadable) as error:
        decode(twice)
    assert [(p.code, p.field) for p in error.value.problems] == [
        (ProblemCode.ATTRIBUTE_INVALID, "source")
    ]
    assert error.value.attributes["source"] == REFERRAL.event["source"]


def test_attribute_that_is_not_utf8_is_named() -> None:
    """One bad header does not hide the others."""
    with pytest.raises(Unreadable) as error:
        decode(with_header("ce_purpose", b"\xff\xfe"))
    assert [(p.code, p.field) for p in error.value.problems] == [
        (ProblemCode.ATTRIBUTE_INVALID, "purpose")
    ]
    assert error.value.attributes["id"] == REFERRAL.event["id"]


def test_attribute_of_another_kind_is_named() -> None:
    """In structured mode an attribute is a string; null counts as absent."""
    assert codes(with_attributes(id=17, purpose=["benefits"])) == [
        ("attribute-invalid", "id"),
        ("attribute-invalid", "purpose"),
    ]
    assert codes(with_attributes(id=None)) == [("attribute-missing", "id")]
    assert decode(with_attributes(recipient=None)) == decode(BINARY)


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ("legalbasis", ProblemCode.LEGAL_BASIS_MISSING),
        ("purpose", ProblemCode.PURPOSE_MISSING),
        ("dataclassification", ProblemCode.CLASSIFICATION_UNKNOWN),
        ("time", ProblemCode.ATTRIBUTE_MISSING),
    ],
)
def test_missing_attribute_is_told_in_its_own_sentence(attribute: str, code: ProblemCode) -> None:
    """The detail is the code's sentence, which says what to do."""
    (found,) = refused(with_header(f"ce_{attribute}", None))
    assert (found.code, found.field, found.detail) == (code, attribute, TITLES[code])


@pytest.mark.parametrize("wire_type", ["referral.requested.v9", "referral.requested", "x", "…"])
def test_unknown_type_is_refused(wire_type: str) -> None:
    """A version we do not know is no event of ours."""
    assert codes(with_attributes(type=wire_type)) == [("event-type-unknown", "type")]


def test_all_problems_are_named_at_once() -> None:
    """Attributes and data are looked at together, so that a sender mends once."""
    record = with_data(service="tea", client={"ags": "1"})._replace(
        headers=[header for header in BINARY.headers if header[0] != "ce_legalbasis"]
    )
    assert set(codes(record)) == {
        ("legal-basis-missing", "legalbasis"),
        ("field-invalid", "service"),
        ("field-invalid", "client.ags"),
        ("field-missing", "client.client_id"),
        ("field-missing", "client.family_name"),
        ("field-missing", "client.given_names"),
        ("field-missing", "client.birth_date"),
    }


def test_a_flood_of_problems_has_an_end() -> None:
    """The receipt for a hopeless event stays small."""
    flood = with_data(**{f"extra_{number}": number for number in range(500)})
    assert len(refused(flood)) == 20


def test_list_with_a_bad_item_is_not_called_too_short() -> None:
    """Only the item is wrong, so only the item is named."""
    event = dict(OFFER.event, data={**OFFER.event["data"], "service_area": ["06432"[:4]]})
    assert codes(replace(OFFER, event=event).binary()) == [("field-invalid", "service_area.0")]


def test_field_name_that_could_be_a_value_is_not_repeated() -> None:
    """A name in the place of a field name goes into no receipt and no log."""
    assert codes(with_data(**{"Mara Muster, geb. 14.05.1987": True})) == [
        ("field-unknown", "(unknown)")
    ]


@pytest.mark.parametrize(
    ("wire_type", "field", "value"),
    [
        ("referral.requested/v0/valid/minimal", "on_site", "true"),
        ("referral.requested/v0/valid/minimal", "on_site", 1),
        ("support-offer.published/v1/valid/full", "assured_date", "2026-02-15T00:00:00"),
        ("support-offer.published/v1/valid/full", "assured_date", 1_771_113_600),
        ("referral.requested/v1/valid/minimal", "first_received_at", 1_771_113_600),
        ("ledger.recorded/v1/valid/minimal", "partition", "2"),
        ("ledger.recorded/v1/valid/minimal", "partition", 2.0),
        ("ledger.recorded/v1/valid/minimal", "topic", 7),
    ],
)
def test_data_are_read_strictly(wire_type: str, field: str, value: object) -> None:
    """What the JSON Schema refuses is not guessed right."""
    example = BY_NAME[wire_type]
    event = {**example.event, "data": {**example.event["data"], field: value}}
    for record in (replace(example, event=event).binary(), with_event(event)):
        assert codes(record) == [("field-invalid", field)]


def with_event(event: dict[str, Any]) -> Record:
    """An event in structured mode."""
    return replace(REFERRAL, event=event).structured()


@pytest.mark.parametrize("data", [None, [], "text", 17, True])
def test_data_that_are_no_object_are_unreadable(data: object) -> None:
    """Null, a list or a text say nothing; the detail says what to send."""
    for record in (
        BINARY._replace(value=json.dumps(data).encode()),
        with_event({**REFERRAL.event, "data": data}),
    ):
        (found,) = refused(record)
        assert found.code is ProblemCode.VALUE_UNREADABLE
        assert found.detail == "The data must be a JSON object."


@pytest.mark.parametrize("value", [None, b"", b" "])
def test_record_without_value_is_unreadable(value: bytes | None) -> None:
    """A tombstone is no event."""
    assert codes(BINARY._replace(value=value)) == [("value-unreadable", None)]
    assert codes(REFERRAL.structured()._replace(value=value)) == [("value-unreadable", None)]


def test_event_without_data_is_unreadable() -> None:
    """Structured mode without `data`, or with `data_base64`, is refused."""
    event = {name: value for name, value in REFERRAL.event.items() if name != "data"}
    assert codes(with_event(event)) == [("value-unreadable", None)]
    assert codes(with_event({**event, "data_base64": "e30="})) == [("value-unreadable", None)]


def test_field_given_twice_counts_as_last_said() -> None:
    """Both modes agree on it, so that door and hub cannot be told different things."""
    once = json.dumps(REFERRAL.event["data"]).encode()
    twice = b'{"service": "housing_costs", ' + once[1:]
    assert decode(BINARY._replace(value=twice)) == decode(BINARY)
    event = json.dumps(REFERRAL.event).encode()
    whole = event.replace(once, twice)
    assert twice in whole
    assert decode(REFERRAL.structured()._replace(value=whole)) == decode(BINARY)


def test_older_version_that_cannot_be_said_today_is_refused() -> None:
    """The pilot's referral to an unnamed local offer has no recipient; it is no crash either."""
    pilot = BY_NAME["referral.requested/v0/valid/minimal"]
    event = {**pilot.event, "data": {**pilot.event["data"], "service": "local_offer"}}
    assert codes(replace(pilot, event=event).binary()) == [("field-invalid", "offer_id")]


def test_attributes_and_json_can_be_read_without_a_record() -> None:
    """A door that has no Kafka record reads the same event."""
    attributes = {name: text for name, text in REFERRAL.event.items() if name != "data"}
    assert read(attributes, BINARY.value or b"") == decode(BINARY)


def test_refusal_is_an_event_of_its_own() -> None:
    """The problems of any refusal fit into `receipt.refused`."""
    problems = refused(with_data(**{"x" * 5000: 1, "service": "y" * 5000}))
    said = ReceiptRefused(received_at=decode(BINARY).context.time, problems=tuple(problems))
    assert ReceiptRefused.model_validate_json(said.model_dump_json()) == said
