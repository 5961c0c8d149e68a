"""Whatever lies on a topic: it is an event or it is refused, and a refusal gives nothing away."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import CONTENT_TYPE, JSON, STRUCTURED, Headers, Record, decode
from schemas.envelope import Context, Event
from schemas.errors import Unreadable
from schemas.events import ALL
from tests.support import examples, strategies

patient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
REFERRAL = next(e for e in examples.valid() if str(e) == "referral.requested/v1/valid/full")
MARKER = "Mq7Zx2Vw9Kp"
NUMBER = 918_273_645
HEADER_NAMES = st.sampled_from(
    [CONTENT_TYPE, *(f"ce_{name}" for name in Context.model_fields), "ce_", "CE_ID", "other"]
)
HEADER_VALUES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([JSON, STRUCTURED + b"+json", *(m.wire_type().encode() for m in ALL)]),
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
MARKED = st.sampled_from(
    [
        MARKER,
        f"{MARKER}, geb. 14.05.1987",
        NUMBER,
        -NUMBER,
        NUMBER + 0.5,
        [MARKER],
        {"name": MARKER},
        {"family_name": MARKER, "birth_date": f"{MARKER}-01-01"},
        [[[{"x": NUMBER}]]],
    ]
).map(copy.deepcopy)


def outcome(record: Record) -> Event[Any] | Unreadable:
    """The event, or the refusal; every other exception is a failure."""
    try:
        return decode(record)
    except Unreadable as refusal:
        return refusal


def both_modes(event: dict[str, Any]) -> list[Record]:
    """The event as a sender would put it on the wire."""
    example = examples.Example(REFERRAL.path, event)
    return [example.binary(), example.structured()]


@patient
@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=200) | JSON_VALUES.map(lambda v: json.dumps(v).encode()),
    headers=st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=20),
)
def test_any_record_is_read_or_refused(
    key: bytes | None, value: bytes | None, headers: Headers
) -> None:
    """No bytes make the codec raise anything but Unreadable."""
    found = outcome(Record(key, value, headers))
    assert isinstance(found, Event) or found.problems


@patient
@given(data=st.data())
def test_any_structured_object_is_read_or_refused(data: st.DataObject) -> None:
    """No JSON in the place of an attribute or of the data makes it raise anything else."""
    event = dict(REFERRAL.event)
    for name in data.draw(st.lists(st.sampled_from(sorted(event)), min_size=1, max_size=4)):
        event[name] = data.draw(JSON_VALUES)
    value = json.dumps(event).encode()
    found = outcome(Record(None, value, [(CONTENT_TYPE, STRUCTURED + b"+json")]))
    assert isinstance(found, Event) or found.problems


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"client": NaN}',
        b'{"client": -Infinity}',
        b'{"client": 1e999}',
        b'{"client": ' + b"9" * 5000 + b"}",
        b'{"client": "\\ud800"}',
        b'{"client": "\xed\xa0\x80"}',
        b'{"client": "\xff"}',
        b'{"client": "\x00"}',
        b"\xef\xbb\xbf{}",
        '{"client": {}}'.encode("utf-16"),
        '{"client": {}}'.encode("utf-32"),
        b"{'client': {}}",
        b'{"client": {}} {"client": {}}',
        b'{"client": {}',
        b"PK\x03\x04",
    ],
    ids=lambda data: repr(data[:18]),
)
def test_hostile_json_is_refused_in_both_modes(data: bytes) -> None:
    """Nesting, odd numbers, odd encodings and leftovers are refused, never a crash."""
    attributes = {name: text for name, text in REFERRAL.event.items() if name != "data"}
    headers = [(f"ce_{name}", text.encode()) for name, text in attributes.items()]
    whole = json.dumps(attributes).encode()[:-1] + b', "data": ' + data + b"}"
    for record in (
        Record(None, data, headers),
        Record(None, whole, [(CONTENT_TYPE, STRUCTURED)]),
        Record(None, data, [(CONTENT_TYPE, STRUCTURED)]),
    ):
        found = outcome(record)
        assert isinstance(found, Unreadable)
        assert found.problems


@pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])
@patient
@given(data=st.data())
def test_no_value_of_the_data_stands_in_a_problem(model: type[Any], data: st.DataObject) -> None:
    """Wherever a value lies in the data, right or wrong, no problem and no error repeats it."""
    said = data.draw(strategies.data_json(model.wire_type()))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = said
        while True:
            name = data.draw(st.sampled_from([*sorted(place), "note"]))
            if not (isinstance(place.get(name), dict) and place[name]) or data.draw(st.booleans()):
                break
            place = place[name]
        place[name] = data.draw(MARKED)
    event = {**REFERRAL.event, "type": model.wire_type(), "data": said}
    for record in both_modes(event):
        found = outcome(record)
        if isinstance(found, Unreadable):
            told = f"{found} {found!r} {found.problems} {found.args}"
            told += "".join(problem.model_dump_json() for problem in found.problems)
            assert MARKER not in told
            assert str(NUMBER) not in told
            assert all(len(problem.detail) <= 300 for problem in found.problems)


def test_the_error_behind_a_refusal_is_hidden() -> None:
    """A logged traceback shows no value either: nothing of pydantic's error is printed with it."""
    event = {**REFERRAL.event, "data": {**REFERRAL.event["data"], "client": MARKER}}
    for record in both_modes(event):
        found = outcome(record)
        chain: BaseException | None = found if isinstance(found, Unreadable) else None
        assert chain is not None
        while chain is not None:
            assert MARKER not in str(chain)
            assert MARKER not in repr(chain)
            chain = chain.__cause__ or chain.__context__
