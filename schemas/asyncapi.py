"""The contract as one AsyncAPI 3.0.0 document: which event on which topic, which way. Pure.

The document speaks for the hub: it receives on the input topics and sends on all others.
"""

from collections.abc import Iterable
from typing import Final

from schemas.data import Data
from schemas.events import ALL, NEWEST
from schemas.messages import BINDING, DEAD_LETTER, Part, components
from schemas.topics import INPUTS, LEDGER, MAX_EVENT_BYTES, Topic, dead_topic, delivery_topic

CONTRACT_VERSION: Final = "1.0.0"
"""Of the document as a whole; the version of an event stands in its type."""
NO_BRACES: Final = str.maketrans("", "", "{}")
INFO: Final = {
    "title": "Kurze Wege",
    "version": CONTRACT_VERSION,
    "description": (
        "Events between the Kreisagentur für Beschäftigung Darmstadt-Dieburg and its 23 towns "
        "and municipalities. CloudEvents 1.0 on Kafka: binary mode is written, binary and "
        "structured mode (`content-type: application/cloudevents+json`) are read. The record "
        f"key is the event's subject. At most {MAX_EVENT_BYTES // 1024} KiB for each event, "
        "headers included. An operator may put a prefix before every topic name."
    ),
    "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
}


def document() -> Part:
    """The whole document."""
    channels = {topic.name: _channel(topic, ALL) for topic in INPUTS}
    sent = [delivery_topic("{party}"), LEDGER, *map(dead_topic, INPUTS)]
    keys = {topic.name: topic.name.replace(".", "-").translate(NO_BRACES) for topic in sent}
    channels |= {keys[topic.name]: _channel(topic, NEWEST.values()) for topic in sent}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:kurze-wege:hub",
        "info": INFO,
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": channels,
        "operations": {
            **{f"receive-{topic.name}": _operation("receive", topic.name) for topic in INPUTS},
            **{f"send-{key}": _operation("send", key) for key in keys.values()},
        },
        "components": components(),
    }


def _server() -> Part:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "The Kafka cluster of the hub.",
        "variables": {
            "bootstrap": {
                "default": "127.0.0.1:9092",
                "description": "Host and port of a broker, from the hub's operator.",
            }
        },
    }


def _channel(topic: Topic, models: Iterable[type[Data]]) -> Part:
    names = [model.wire_type() for model in models if model.TYPE in topic.carries]
    config = topic.config()
    channel: Part = {
        "address": topic.name,
        "description": topic.says,
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in names or [DEAD_LETTER]
        },
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    "retention.ms": int(config["retention.ms"]),
                    "max.message.bytes": int(config["max.message.bytes"]),
                },
                "bindingVersion": BINDING,
            }
        },
    }
    if "{party}" in topic.name:
        channel["parameters"] = {
            "party": {
                "description": "The party's id in the registry; only this party reads the topic.",
                "examples": ["kfb", "06432005"],
            }
        }
    return channel


def _operation(action: str, channel: str) -> Part:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
