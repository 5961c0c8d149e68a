"""The AsyncAPI document: accepted from outside, complete, and free of dead references.

`asyncapi-3.0.0.schema.json` is AsyncAPI's own JSON Schema, unchanged: `schemas/3.0.0.json` of the
npm package `@asyncapi/specs` 6.11.1 (Apache License 2.0, text beside it).
"""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from schemas import asyncapi, topics, writing
from schemas.envelope import Context
from schemas.events import ALL, BY_WIRE_TYPE

SPECIFICATION = json.loads((Path(__file__).parent / "asyncapi-3.0.0.schema.json").read_bytes())
JUDGE = Draft7Validator(SPECIFICATION)
DOCUMENT: dict[str, Any] = json.loads((writing.FOLDER / "asyncapi.json").read_bytes())


def references(node: Any) -> Iterator[str]:  # noqa: ANN401
    """Every `$ref` in a part of the document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    if isinstance(node, list):
        for value in node:
            yield from references(value)


def target(reference: str) -> Any:  # noqa: ANN401
    """What a reference leads to; KeyError where it leads nowhere."""
    node: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def carried(channel: dict[str, Any]) -> set[str]:
    """The event types with version that a channel carries."""
    return set(channel["messages"])


def test_specification_accepts_the_document() -> None:
    """AsyncAPI's own JSON Schema finds nothing wrong."""
    assert [error.json_path for error in JUDGE.iter_errors(DOCUMENT)] == []
    assert DOCUMENT["asyncapi"] == "3.0.0"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("info"),
        lambda document: document["operations"]["send-ledger"].update(action="shout"),
        lambda document: document["channels"]["ledger"].update(topic="ledger"),
        lambda document: document["channels"]["ledger"]["bindings"]["kafka"].update(partitions="1"),
    ],
)
def test_specification_refuses_a_spoilt_document(spoil: Callable[[Any], object]) -> None:
    """The judge can say no: also to what stands in a Kafka binding."""
    document = copy.deepcopy(DOCUMENT)
    spoil(document)
    assert not JUDGE.is_valid(document)


def test_every_reference_leads_somewhere() -> None:
    """No reference is dead, and every component is used."""
    found = set(references(DOCUMENT))
    for reference in found:
        assert target(reference), reference
    for kind, parts in DOCUMENT["components"].items():
        for name in parts:
            assert f"#/components/{kind}/{name}" in found, name


def test_every_topic_of_a_sender_or_reader_has_a_channel() -> None:
    """Inputs, deliveries, ledger and dead letters; each as the broker has it."""
    declared = [
        *topics.INPUTS,
        topics.delivery_topic("{party}"),
        topics.LEDGER,
        *map(topics.dead_topic, topics.INPUTS),
    ]
    channels = {channel["address"]: channel for channel in DOCUMENT["channels"].values()}
    assert channels.keys() == {topic.name for topic in declared}
    for topic in declared:
        kafka = channels[topic.name]["bindings"]["kafka"]
        assert kafka["bindingVersion"] == "0.5.0"
        assert kafka["partitions"] == topic.partitions
        assert kafka["topicConfiguration"]["retention.ms"] == topic.retention_ms
    assert set(channels["to.{party}"]["parameters"]) == {"party"}


def test_channels_carry_what_their_topics_carry() -> None:
    """Every version comes in; only the newest goes out."""
    channels = DOCUMENT["channels"]
    for topic in topics.INPUTS:
        every = {model.wire_type() for model in ALL if model.TYPE in topic.carries}
        assert carried(channels[topic.name]) == every
        assert carried(channels[f"{topic.name}-dead"]) == {"dead-letter"}
    newest = {model.TYPE: model.wire_type() for model in ALL}
    delivered = {newest[kind] for kind in topics.delivery_topic("x").carries}
    assert carried(channels["to-party"]) == delivered
    assert carried(channels["ledger"]) == {"ledger.recorded.v1"}


def test_operations_say_which_way() -> None:
    """The hub receives on the inputs and sends on all others."""
    for name, operation in DOCUMENT["operations"].items():
        channel = target(operation["channel"]["$ref"])
        incoming = channel["address"] in {topic.name for topic in topics.INPUTS}
        assert operation["action"] == ("receive" if incoming else "send"), name
    assert len(DOCUMENT["operations"]) == len(DOCUMENT["channels"])


def test_every_event_is_a_message_with_cloudevents_headers() -> None:
    """Each message has the headers of binary mode, its own type, and its own payload."""
    messages = DOCUMENT["components"]["messages"]
    assert messages.keys() == BY_WIRE_TYPE.keys() | {"dead-letter"}
    for wire_type, model in BY_WIRE_TYPE.items():
        shared, own = messages[wire_type]["headers"]["allOf"]
        assert target(shared["$ref"])["properties"].keys() == {
            f"ce_{name}" for name in Context.model_fields
        }
        assert own["properties"]["ce_type"] == {"const": wire_type}
        assert target(messages[wire_type]["payload"]["$ref"])["title"] == model.__name__
        assert messages[wire_type]["bindings"]["kafka"]["key"]["pattern"]


def test_limit_is_the_one_that_is_enforced() -> None:
    """The document names the size limit the code has."""
    assert f"{topics.MAX_EVENT_BYTES // 1024} KiB" in asyncapi.document()["info"]["description"]
