"""A recipient needs nothing of ours: kcat and the cloudevents package read a delivery topic."""

import json
import random
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator

from connectors.runner.publisher import Publisher
from tests.support.event_stream import events
from tests.support.parts import missing
from tests.support.running_hub import running_worker

EPPERTSHAUSEN = "06432005"
SCHEMAS = Path("schemas/json")
SAID_OF_OFFERS = ("referral.offer-suggested.", "support-offer.capacity-lowered.")

pytestmark = [pytest.mark.broker, pytest.mark.kcat, pytest.mark.timeout(180)]


@pytest.fixture
def kcat() -> str:
    """The command kcat."""
    found = shutil.which("kcat")
    if found is None:
        missing("kcat", "apt-get install kcat")
    return found


def read(kcat: str, bootstrap: str, topic: str) -> list[dict[str, Any]]:
    """All that is committed on the topic now, as kcat sees it."""
    command = [kcat, "-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q", "-J"]
    done = subprocess.run(
        [*command, "-X", "isolation.level=read_committed"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def message(line: dict[str, Any]) -> KafkaMessage:
    """What kcat printed, as the cloudevents package takes it."""
    flat = line["headers"]
    headers = {name: value.encode() for name, value in zip(flat[::2], flat[1::2], strict=True)}
    return KafkaMessage(headers=headers, key=line["key"], value=line["payload"].encode())


def answers(lines: list[dict[str, Any]]) -> int:
    """How many are copies and receipts; what the hub says of offers depends on when it hears."""
    types = (dict(message(line).headers)["ce_type"].decode() for line in lines)
    return sum(not each.startswith(SAID_OF_OFFERS) for each in types)


def test_an_independent_reader_decodes_every_delivery(
    kafka: str, topic_prefix: str, kcat: str, tmp_path: Path, chance: random.Random
) -> None:
    """Eppertshausen reads its topic with kcat and cloudevents, and every event is whole."""
    begin = datetime.now(UTC) - timedelta(hours=1)
    sent = list(events(chance.randrange(10_000), 400, begin))
    expected = sum(
        (EPPERTSHAUSEN in became.recipients) + (event.context.party == EPPERTSHAUSEN)
        for event, became in sent
    )
    assert expected > 0
    publish = Publisher({"bootstrap_servers": kafka}, topic_prefix)
    topic = f"{topic_prefix}to.{EPPERTSHAUSEN}"

    with running_worker(kafka, topic_prefix, tmp_path):
        publish([event for event, _ in sent])
        publish.close()
        lines = read(kcat, kafka, topic)
        until = time.monotonic() + 90
        while answers(lines) < expected and time.monotonic() < until:
            lines = read(kcat, kafka, topic)

    assert expected == answers(lines)
    for line in lines:
        event = from_binary(message(line), JSONFormat())
        schema = json.loads((SCHEMAS / f"{event.get_type()}.json").read_text())
        Draft202012Validator(schema).validate(event.get_data())
        assert event.get_extension("recipient") == EPPERTSHAUSEN
        assert event.get_subject() == line["key"]
