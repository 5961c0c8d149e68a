"""What is written is read again: for every event the contract allows."""

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from schemas.codec import CONTENT_TYPE, JSON, STRUCTURED, Record, decode, encode
from schemas.data import Data
from schemas.documents import envelope_schema, schema_of
from schemas.envelope import Event
from schemas.events import ALL, NEWEST
from schemas.topics import MAX_EVENT_BYTES
from tests.support import strategies
from tests.support.outside_validator import judge

patient = settings(
    max_examples=15,  # for each event type
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
JUDGES = {model: judge(schema_of(model)) for model in ALL}
ENVELOPE = judge(envelope_schema())
every_event = pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])
every_newest = pytest.mark.parametrize(
    "model", strategies.NEWEST, ids=[model.wire_type() for model in strategies.NEWEST]
)


@every_newest
@patient
@given(data=st.data())
def test_what_is_encoded_is_decoded_again(model: type[Data], data: st.DataObject) -> None:
    """`decode(encode(event)) == event`; an outside validator accepts it; it is light enough."""
    event = data.draw(strategies.events(model))
    record = encode(event)
    assert decode(record) == event
    assert isinstance(event.data, model)
    JUDGES[model].validate(from_json(record.value or b""))
    assert record.size() <= MAX_EVENT_BYTES


@every_event
@patient
@given(data=st.data())
def test_what_the_schema_allows_is_read(model: type[Data], data: st.DataObject) -> None:
    """JSON Schema and code agree: data an outside validator accepts are decoded, in both modes."""
    said = data.draw(strategies.data_json(model.wire_type()))
    attributes = data.draw(strategies.attributes(model.wire_type()))
    JUDGES[model].validate(said)
    whole = {**attributes, "specversion": "1.0", "data": said}
    ENVELOPE.validate(whole)
    headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    binary = Record(None, to_json(said), [(CONTENT_TYPE, JSON), *headers])
    structured = Record(None, to_json(whole), [(CONTENT_TYPE, STRUCTURED + b"+json")])
    assert decode(binary) == decode(structured)


@patient
@given(event=strategies.events(*[model for model in ALL if model not in strategies.NEWEST]))
def test_what_an_older_version_said_becomes_the_newest(event: Event[Data]) -> None:
    """An upcast event is written and read as its newest version, and is the same again."""
    newest = NEWEST[event.data.TYPE]
    assert isinstance(event.data, newest)
    assert event.context.type == newest.wire_type()
    assert decode(encode(event)) == event


@patient
@given(event=strategies.events())
def test_an_independent_reader_finds_the_same_event(event: Event[Data]) -> None:
    """The `cloudevents` package reads our record as a CloudEvent with the same attributes."""
    record = encode(event)
    headers = dict(record.headers)
    message = KafkaMessage(headers=headers, key=record.key, value=record.value or b"")
    other = from_binary_event(message)
    assert other.get_id() == event.context.id
    assert other.get_type() == event.context.type
    assert other.get_source() == event.context.source
    assert other.get_subject() == event.context.subject
    assert other.get_time() == event.context.time
    assert other.get_extension("purpose") == event.context.purpose
    assert other.get_data() == from_json(record.value or b"")
