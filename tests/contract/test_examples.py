"""The examples: one home each, read or refused exactly as their place says."""

import json
from itertools import pairwise
from typing import Any

import pytest

from schemas.codec import decode, encode
from schemas.data import Data
from schemas.documents import envelope_schema, schema_of
from schemas.errors import Unreadable
from schemas.events import ALL, BY_WIRE_TYPE
from schemas.shapes import shape
from tests.support import examples
from tests.support.examples import Example
from tests.support.outside_validator import judge

VALID = examples.valid()
INVALID = examples.invalid()
every_event = pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])
every_valid = pytest.mark.parametrize("example", VALID, ids=str)
every_invalid = pytest.mark.parametrize("example", INVALID, ids=str)


def test_every_file_among_the_examples_is_one() -> None:
    """Each file lies in `<type>/v<N>/valid` or `invalid` of an event that exists."""
    assert {example.path for example in [*VALID, *INVALID]} == set(examples.paths())
    assert {example.wire_type for example in [*VALID, *INVALID]} <= set(BY_WIRE_TYPE)


@every_event
def test_every_event_has_examples(model: type[Data]) -> None:
    """A minimal valid one, and at least one that is refused."""
    home = [example for example in VALID if example.wire_type == model.wire_type()]
    assert "minimal" in {example.path.stem for example in home}
    assert any(example.wire_type == model.wire_type() for example in INVALID)


@every_event
def test_valid_examples_show_every_field(model: type[Data]) -> None:
    """The minimal example has only what is required; together they have every field."""
    schema = schema_of(model)
    home = [example for example in VALID if example.wire_type == model.wire_type()]
    shown = {name for example in home for name in example.event["data"]}
    assert shown == shape(schema, schema).fields.keys()
    minimal = next(example for example in home if example.path.stem == "minimal")
    assert minimal.event["data"].keys() == shape(schema, schema).required


@every_valid
def test_valid_example_is_what_its_folder_says(example: Example) -> None:
    """Its type is its folder's, and an outside validator accepts envelope and data."""
    assert example.event["type"] == example.wire_type
    judge(envelope_schema()).validate(example.event)
    judge(schema_of(BY_WIRE_TYPE[example.wire_type])).validate(example.event["data"])


@every_valid
def test_valid_example_is_read_in_both_modes(example: Example) -> None:
    """Binary and structured mode say the same, and what we write of it is read again."""
    event = decode(example.structured())
    assert decode(example.binary()) == event
    assert decode(encode(event)) == event
    assert event.context.id == example.event["id"]


@every_valid
def test_valid_example_keeps_what_it_says(example: Example) -> None:
    """Unless it is upcast, every field it gives comes out as it went in."""
    event = decode(example.binary())
    if event.context.type == example.wire_type:
        said = json.loads(encode(event).value or b"")
        assert _holds(said, example.event["data"])


@every_valid
def test_valid_example_is_classified_and_purposed_as_its_type(example: Example) -> None:
    """An example would pass the hub: its classification and its purpose fit its type."""
    model = BY_WIRE_TYPE[example.wire_type]
    assert example.event["dataclassification"] == model.CLASSIFICATION
    assert example.event["purpose"] in model.PURPOSES


@every_invalid
def test_invalid_example_is_refused_with_exactly_its_problems(example: Example) -> None:
    """The codes and fields found are those the file foretells, in both modes."""
    assert example.event["type"] == example.wire_type
    assert example.problems
    for record in (example.structured(), example.binary()):
        with pytest.raises(Unreadable) as refused:
            decode(record)
        found = {(problem.code.value, problem.field) for problem in refused.value.problems}
        assert found == set(example.problems)


@every_invalid
def test_refusal_keeps_the_sender_known(example: Example) -> None:
    """The attributes that could be read stay with the refusal, so that somebody can be told."""
    with pytest.raises(Unreadable) as refused:
        decode(example.binary())
    assert refused.value.attributes["source"] == example.event["source"]


@pytest.mark.parametrize(
    ("old", "new"),
    [pair for pair in pairwise(ALL) if pair[0].TYPE == pair[1].TYPE],
    ids=lambda model: model.wire_type(),
)
def test_older_examples_are_read_as_the_newest_version(old: type[Data], new: type[Data]) -> None:
    """What the pilot said is still read, as an event of today."""
    home = [example for example in VALID if example.wire_type == old.wire_type()]
    assert home
    for example in home:
        event = decode(example.binary())
        assert isinstance(event.data, new)
        assert event.context.type == new.wire_type()
        assert event.context.dataschema == new.schema_uri()
        assert event.context.id == example.event["id"]
        assert decode(encode(event)) == event


def test_pilot_referral_keeps_its_filing_date() -> None:
    """The town hall's receipt of the request is the filing date (SGB I §16(2))."""
    example = next(found for found in VALID if str(found) == "referral.requested/v0/valid/minimal")
    said = json.loads(encode(decode(example.binary())).value or b"")
    assert said["first_received_at"] == example.event["data"]["received_at"]
    assert said["first_received_by"] == "06432005"
    assert said["wished_place"] == "town_hall"


def test_examples_name_nobody_who_could_exist() -> None:
    """Only the invented families, e-mail of example.org and no real phone number."""
    for example in [*VALID, *INVALID]:
        data = example.event["data"]
        if not isinstance(data, dict):
            continue
        person = data.get("client") or data.get("person") or {}
        assert person.get("family_name", "Muster") in {"Muster", "Beispiel"}
        assert person.get("email", "@example.org").endswith("@example.org")
        assert set(person.get("phone", "000000").split()[-1]) == {"0"}


def _holds(said: Any, given: Any) -> bool:  # noqa: ANN401
    """Whether everything given was said; the saying may add what was left out."""
    if isinstance(given, dict):
        return all(_holds(said[name], value) for name, value in given.items())
    if isinstance(given, list):
        return len(said) == len(given) and all(map(_holds, said, given))
    return bool(said == given)
