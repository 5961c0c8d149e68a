"""The hub's own processes on a broker that tests share: topics made, workers as children."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub.keeper import Change, Child
from hub.party_file import load_parties
from hub.streaming import topics
from hub.supervisor import Supervisor
from schemas.topics import every_topic

SESSION_TIMEOUT_S = 6
GROUP = "hub"


def declare_topics(
    bootstrap: str, prefix: str, replication: int = 1, registry: Path | None = None
) -> None:
    """Make every topic of a registry's parties under this prefix; by default of the district's."""
    declare({"bootstrap_servers": bootstrap}, prefix, replication, registry)


def declare(
    connection: Mapping[str, Any], prefix: str, replication: int = 1, registry: Path | None = None
) -> None:
    """The same on a broker that is reached by this connection."""
    parties = [party.id for party in load_parties(registry).party]
    declared = list(every_topic(parties))
    topics.apply(connection, topics.plan(connection, declared, prefix, replication))


def worker(name: str, bootstrap: str, prefix: str) -> Child:
    """The real command `hub worker`, as a child to supervise; its group is `<prefix>hub`."""
    return Child(
        name,
        [sys.executable, "-m", "hub", "worker"],
        {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": prefix,
            "HUB_WORKER__GROUP": GROUP,
            "HUB_WORKER__INSTANCE": name,
            "HUB_WORKER__SESSION_TIMEOUT_S": str(SESSION_TIMEOUT_S),
            "NO_COLOR": "1",
        },
    )


@contextmanager
def running_worker(bootstrap: str, prefix: str, folder: Path) -> Iterator[list[Change]]:
    """One worker on topics of its own; yields what its supervisor saw so far."""
    declare_topics(bootstrap, prefix)
    changes: list[Change] = []
    with Supervisor([worker("worker", bootstrap, prefix)], folder, changes.append):
        yield changes
