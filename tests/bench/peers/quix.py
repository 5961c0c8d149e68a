"""Quix Streams, exactly once: a checkpoint is a transaction.

It is made every 5 seconds, as shipped, or after a batch of events besides; a batch of 0 is none.
"""

import logging
from typing import Any

from quixstreams import Application  # type: ignore[import-not-found, unused-ignore]

from tests.bench.peers.routing import Told, told


def main(said: Told) -> None:
    """Move events until SIGTERM."""
    app: Any = Application(
        broker_address=said.bootstrap,
        consumer_group=said.group,
        processing_guarantee="exactly-once",
        auto_offset_reset="earliest",
        commit_every=said.batch,
        auto_create_topics=False,
        use_changelog_topics=False,
        loglevel=logging.WARNING,
        producer_extra_config={"acks": "all"},
    )
    raw = {"key_serializer": "bytes", "value_serializer": "bytes"}
    source = app.topic(said.source, key_deserializer="bytes", value_deserializer="bytes")
    destinations = {name: app.topic(name, **raw) for name in said.destinations}

    def destination(value: bytes, key: bytes, _stamp: int, headers: Any) -> Any:  # noqa: ANN401
        return destinations[said.destination(key, value, headers)]

    app.dataframe(source).to_topic(destination)
    app.run()


if __name__ == "__main__":
    main(told())
