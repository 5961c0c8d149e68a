"""A hub in which events die: its registry has forgotten a sender, and gets it back."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, Final

from connectors.runner.publisher import Publisher
from hub.letters.replay import plan
from hub.letters.sending import Result
from hub.operations import dead_letters
from hub.operations.replaying import Replay
from hub.settings import Kafka, Settings
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_TOPICS, dead_topic
from tests.support import topics
from tests.support.builders import KFB, a_referral, a_step
from tests.support.command import Said, hub, running_hub

EPPERTSHAUSEN: Final = "06432005"


class Site:
    """A hub whose registry has forgotten Eppertshausen, and gets it back."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        """Make the topics."""
        self.bootstrap, self.prefix, self.folder = bootstrap, prefix, folder
        self.audit = f"sqlite:///{folder / 'audit.sqlite'}"
        self.env = {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": prefix,
            "HUB_AUDIT__DATABASE": self.audit,
        }
        self.settings = Settings(kafka=Kafka(bootstrap=bootstrap), topic_prefix=prefix)
        shipped = (resources.files("hub") / "parties.toml").read_text(encoding="utf-8")
        self.poorer = folder / "poorer.toml"
        self.poorer.write_text(
            shipped.replace(f'id = "{EPPERTSHAUSEN}"', 'id = "06432999"'), "utf-8"
        )
        assert hub("topics", "apply", folder=folder, env=self.env).code == 0

    @contextmanager
    def worker(self, **env: str) -> Iterator[None]:
        """A worker, ended well."""
        with running_hub("worker", folder=self.folder, env=self.env | env) as process:
            yield
            process.terminate()
            assert process.wait(60) == 0

    def publish(self, events: list[Event[Data]]) -> None:
        """Hand events in."""
        with closing(Publisher({"bootstrap_servers": self.bootstrap}, self.prefix)) as publish:
            publish(events)

    def dead(self) -> int:
        """How many dead letters lie there."""
        names = [self.prefix + dead_topic(topic).name for topic in LANE_TOPICS]
        return sum(len(topics.read(self.bootstrap, name)) for name in names)

    def delivered(self) -> list[tuple[str, str]]:
        """Case and event of every copy for the jobcenter, in the order of its topic."""
        found = topics.read(self.bootstrap, f"{self.prefix}to.{KFB}")
        said = [dict(record.headers) for _, _, record in found]
        return [
            (one["ce_subject"].decode(), one["ce_causationid"].decode())
            for one in said
            if not one["ce_type"].startswith((b"receipt.", b"reminder."))
        ]

    def desk(self, *words: str) -> Said:
        """`hub dead …`."""
        return hub("dead", *words, folder=self.folder, env=self.env)

    def replay(self, stop_after: int | None = None) -> list[Result]:
        """Send again all that is open, or stop after so many results."""
        kept = dead_letters.letters(self.settings)
        steps = plan(kept, {one.letter.id for one in kept}, dead_letters.check(self.settings))
        stop = threading.Event()
        ready = [step.letter for step in steps if step.fate == "send"]
        run = Replay(self.settings, ready, "o@here", "back again", 1000, stop).run()
        first = list(islice(run, stop_after))
        stop.set()
        return [*first, *run]

    def journal(self) -> list[dict[str, Any]]:
        """What was written down at the desk, in order."""
        found = topics.read(self.bootstrap, f"{self.prefix}dead.journal")
        return [json.loads(record.value or b"") for _, _, record in found]


def a_case(number: int) -> list[Event[Data]]:
    """Eppertshausen asks the jobcenter, and takes it back."""
    now, case = datetime.now(UTC), f"case-{number:04}"
    asked = a_referral(at=now, id=f"{case}-1", on=case, service="benefit_advice")
    over = a_step(
        "cancelled", by=EPPERTSHAUSEN, at=now, id=f"{case}-3", on=case, reason="no_longer_needed"
    )
    return [asked, over]
