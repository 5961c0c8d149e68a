"""The scenes: what is set up, what then happens, and what is true of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.topics import delivery_topic
from tests.bench_lag.stage import PREFIX, Stage
from tests.bench_lag.word import BLOCKED, LOST, NOBODY, REWOUND, STUCK, Truth
from tests.support.waiting import until


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene, on the topic of one party."""

    name: str
    says: str
    party: str
    truth: Truth
    before: Callable[["Scene", Stage], None]
    """As it was while all was well."""
    then: Callable[["Scene", Stage], None]
    """What happens."""

    @property
    def topic(self) -> str:
        """The topic it is played on."""
        return PREFIX + delivery_topic(self.party).name

    @property
    def group(self) -> str:
        """Whose lag is asked for."""
        return f"{PREFIX}scene.{self.name}"


def _read_all(scene: Scene, stage: Stage, records: int) -> None:
    """A reader that has read so many records."""
    stage.write(scene.topic, records)
    stage.read(scene.name, scene.topic, scene.group)
    until(lambda: stage.committed(scene.group, scene.topic) == records)


def _two_read(scene: Scene, stage: Stage) -> None:
    _read_all(scene, stage, 2)


def _caught_up(scene: Scene, stage: Stage) -> None:
    """Three transactions are read; a fourth is aborted."""
    stage.transact(scene.topic, 3)
    until(lambda: (stage.committed(scene.group, scene.topic) or 0) >= 2 + 5)
    stage.transact(scene.topic, 1, commit=False)


def _stopped(scene: Scene, stage: Stage) -> None:
    stage.end(scene.name)
    stage.write(scene.topic, 5)


def _stopped_in_transactions(scene: Scene, stage: Stage) -> None:
    stage.end(scene.name)
    stage.transact(scene.topic, 4)
    stage.transact(scene.topic, 1, commit=False)
    stage.transact(scene.topic, 1)


def _dead(scene: Scene, stage: Stage) -> None:
    stage.kill(scene.name, scene.group)
    stage.write(scene.topic, 2)


def _stalled(scene: Scene, stage: Stage) -> None:
    stage.end(scene.name)
    stage.read(scene.name, scene.topic, scene.group, "stuck")
    stage.write(scene.topic, 3)


def _open_transaction(scene: Scene, stage: Stage) -> None:
    stage.leave_open(scene.topic, 4)
    stage.write(scene.topic, 2)


def _lost(scene: Scene, stage: Stage) -> None:
    stage.end(scene.name)
    stage.write(scene.topic, 9)
    stage.delete_before(scene.topic, 7)


def _six_read_and_ended(scene: Scene, stage: Stage) -> None:
    _read_all(scene, stage, 6)
    stage.end(scene.name)


def _rewound(scene: Scene, stage: Stage) -> None:
    stage.commit(scene.group, scene.topic, 0)


def _nothing(_scene: Scene, _stage: Stage) -> None:
    """Nothing happens."""


def _restarted(scene: Scene, stage: Stage) -> None:
    """The broker goes and comes back; what is written then is read."""
    stage.restart_broker()
    stage.write(scene.topic, 3)
    until(lambda: stage.committed(scene.group, scene.topic) == 2 + 3)


ALL: Final = (
    Scene(
        "caught-up", "all is read on a topic written in transactions; the last one was aborted",
        "06432001", Truth(0), _two_read, _caught_up,
    ),
    Scene(
        "stopped", "the consumer has ended, five records wait",
        "06432002", Truth(5, NOBODY), _two_read, _stopped,
    ),
    Scene(
        "stopped-in-transactions", "the same with five transactions, and one aborted between",
        "06432003", Truth(5, NOBODY), _two_read, _stopped_in_transactions,
    ),
    Scene(
        "dead", "the consumer was killed with -9 and nobody is in the group; two records wait",
        "06432004", Truth(2, NOBODY), _two_read, _dead,
    ),
    Scene(
        "stalled", "the consumer is there and never gets past the first of three records",
        "06432005", Truth(3, STUCK), _two_read, _stalled,
    ),
    Scene(
        "open-transaction", "all that can be read is read; a transaction of four stays open",
        "06432006", Truth(0, BLOCKED), _two_read, _open_transaction,
    ),
    Scene(
        "retention-loss", "the consumer has ended, nine records came, five of them are deleted",
        "06432007", Truth(4, LOST), _two_read, _lost,
    ),
    Scene(
        "rewind", "the group was put back before all six records it had read",
        "06432008", Truth(6, REWOUND), _six_read_and_ended, _rewound,
    ),
    Scene(
        "quiet-night", "all is read, the consumer is there, nobody sends all night",
        "06432009", Truth(0), _two_read, _nothing,
    ),
    Scene(
        "holiday", "the same from Thursday before Easter to Tuesday",
        "06432010", Truth(0), _two_read, _nothing,
    ),
    Scene(
        "broker-restart", "the broker was killed with -9 and is back; all is read",
        "06432011", Truth(0), _two_read, _restarted,
    ),
)  # fmt: skip
"""In the order in which they happen; the last stops everybody for a moment."""
