"""The state of a hub that ran for a while: by a real worker, damaged and shown from outside."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaProducer

from connectors.runner.publisher import Publisher
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import INPUTS, LEDGER, STATE
from tests.support import topics
from tests.support.command import Said, hub
from tests.support.running_hub import GROUP, running_worker
from tests.support.waiting import until

Place = tuple[int, bytes]
"""A lane and a key of its state."""


@dataclass
class KeptState:
    """A hub's topics, and how many records came in on them so far."""

    bootstrap: str
    prefix: str
    folder: Path
    moved: int = 0

    def work_through(self, sent: Sequence[Event[Data]], others: int = 0) -> None:
        """Publish these, and let a worker move them and so many other records; then none runs."""
        self.moved += others
        with running_worker(self.bootstrap, self.prefix, self.folder):
            self.publish(sent)

    def publish(self, sent: Sequence[Event[Data]]) -> None:
        """Publish these to a worker that runs, and return when everything is moved."""
        publish = Publisher({"bootstrap_servers": self.bootstrap}, self.prefix)
        publish(sent)
        publish.close()
        self.moved += len(sent)
        until(lambda: self._told() >= self.moved)

    def _told(self) -> int:
        """How many records from outside have a line in the ledger."""
        lines = topics.read(self.bootstrap, self.prefix + LEDGER.name)
        about = [json.loads(record.value or b"{}") for _, _, record in lines]
        inputs = {self.prefix + topic.name for topic in INPUTS}
        return sum(line["topic"] in inputs and line["offset"] >= 0 for line in about)

    def entries(self) -> dict[Place, bytes]:
        """What the state holds, read by another way than ours."""
        last: dict[Place, bytes | None] = {}
        for lane, _, record in topics.read(self.bootstrap, self.prefix + STATE.name):
            last[lane, record.key or b""] = record.value
        return {place: value for place, value in last.items() if value is not None}

    def spoil(self, changes: Mapping[Place, bytes | None]) -> None:
        """Write into the state as no worker does; None deletes."""
        with closing(KafkaProducer(bootstrap_servers=self.bootstrap)) as producer:
            for (lane, key), value in changes.items():
                producer.send(self.prefix + STATE.name, value, key, partition=lane).get(30)

    def hub(self, *words: str) -> Said:
        """A command of the hub's about these topics."""
        own = ("--bootstrap", self.bootstrap, "--set", f"topic_prefix={self.prefix}")
        return hub(*words, *own, "--set", f"worker.group={GROUP}", folder=self.folder)


def families(places: Iterable[Place]) -> Counter[str]:
    """How many of these entries belong to each family."""
    return Counter(key[: key.find(b"/") + 1].decode() for _, key in places)


def column(said: Said, name: str) -> Counter[str]:
    """What `hub state rebuild -o json` counts in this column, family by family."""
    found: Counter[str] = Counter()
    for lane in said.data["lanes"]:
        for family, counts in lane["families"].items():
            found[family] += counts[name]
    return +found
