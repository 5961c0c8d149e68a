"""A way out: a thousand dead letters sent again through real workers, with a bad one among them."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from connectors.runner.publisher import Publisher
from hub import auditing
from hub.audit.chain import verify
from hub.letters.journal import Act
from hub.letters.replay import plan
from hub.letters.sending import Result
from hub.letters.shelf import Status
from hub.operations import dead_letters
from hub.operations.replaying import Replay
from hub.settings import Kafka, Settings
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_TOPICS, dead_topic
from tests.support import topics
from tests.support.builders import KFB, a_referral, a_step
from tests.support.command import Said, hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

CASES: Final = 499
BAD: Final = "case-0007"
EPPERTSHAUSEN: Final = "06432005"
REASON: Final = ("--reason", "the party was entered again")


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
        run = Replay(self.settings, ready, "back again", 1000, stop).run()
        first = list(islice(run, stop_after))
        stop.set()
        return [*first, *run]


@pytest.fixture
def site(kafka: str, topic_prefix: str, tmp_path: Path) -> Site:
    """Topics, and nothing on them."""
    return Site(kafka, topic_prefix, tmp_path)


def a_case(number: int) -> list[Event[Data]]:
    """Eppertshausen asks the jobcenter, and takes it back."""
    now, case = datetime.now(UTC), f"case-{number:04}"
    asked = a_referral(at=now, id=f"{case}-1", on=case, service="benefit_advice")
    over = a_step(
        "cancelled", by=EPPERTSHAUSEN, at=now, id=f"{case}-3", on=case, reason="no_longer_needed"
    )
    return [asked, over]


def a_bad_one() -> Event[Data]:
    """A step that is the owner's, from the sender: refused whenever it comes."""
    return a_step(
        "completed",
        by=EPPERTSHAUSEN,
        at=datetime.now(UTC),
        id=f"{BAD}-2",
        on=BAD,
        outcome="service_received",
    )


def test_a_thousand_letters_are_sent_again(site: Site) -> None:
    """Order per case kept, the bad one parked again and what follows it held, nothing repeated."""
    events = [event for number in range(CASES) for event in a_case(number)]
    at = next(n for n, event in enumerate(events) if event.context.id == f"{BAD}-3")
    events.insert(at, a_bad_one())
    with site.worker(HUB_PARTIES=str(site.poorer)):
        site.publish(events)
        until(lambda: site.dead() == len(events))
    dry = site.desk("replay", "--code", "sender-unknown", "-o", "json")
    assert site.delivered() == []

    with site.worker():
        first = site.replay(stop_after=300)
        second = site.replay()
        third = site.replay()
        listed = site.desk("ls", "-o", "json").data["causes"]
        left = [one for one in dead_letters.letters(site.settings) if one.status is Status.OPEN]
        copies = site.delivered()

    sent = [one for one in first + second if one.outcome]
    assert {one["what"] for one in dry.data["letters"]} == {"send"}
    assert len(dry.data["letters"]) == len(events)
    assert len(
        {one.letter.id for one in sent if one.outcome and one.outcome.act is Act.REPLAYED}
    ) == (len(events) - 2)
    refused = [one for one in sent if one.outcome and one.outcome.act is Act.REFUSED]
    assert {one.letter.attributes["id"] for one in refused} == {f"{BAD}-2"}
    assert {one.letter.attributes["id"] for one in left} == {f"{BAD}-2", f"{BAD}-3"}
    assert [one.outcome.act if one.outcome else None for one in third] == [Act.REFUSED, None]
    assert [(one["open"], one["replayed"]) for one in listed if one["sender"] == EPPERTSHAUSEN]
    assert len(copies) == len(set(copies)) == len(events) - 2
    for number in range(CASES):
        case = f"case-{number:04}"
        mine = [event for subject, event in copies if subject == case]
        assert mine == ([f"{case}-1"] if case == BAD else [f"{case}-1", f"{case}-3"])
    assert site.dead() == len(events)


def test_the_desk_by_command(site: Site) -> None:
    """List, look under cover, uncover with a reason, put aside, send again: each written down."""
    with site.worker(HUB_PARTIES=str(site.poorer)):
        site.publish([event for number in range(2) for event in a_case(number)])
        until(lambda: site.dead() == 4)
    listed = site.desk("ls", "--each", "-o", "json").data
    letters = {one["case"] + one["type"][:15]: one["id"] for one in listed["letters"]}
    asked, over = (letters[f"case-0000referral.{word}"] for word in ("reques", "status"))

    covered = site.desk("show", asked)
    secretly = site.desk("show", asked, "--reveal")
    uncovered = site.desk("show", asked, "--reveal", "--reason", "the sender asks why")
    waiting = site.desk("replay", over, "-o", "json")
    nobody = site.desk("replay")
    unsaid = site.desk("replay", "--all", "--apply")
    aside = site.desk("discard", letters["case-0001referral.reques"], "--apply", *REASON)
    with site.worker():
        done = site.desk("replay", "--all", "--apply", *REASON, "-o", "json")
    after = site.desk("ls", "--each", "-o", "json").data["letters"]

    assert {(one["codes"], one["open"]) for one in listed["causes"]} == {("sender-unknown", 2)}
    name = json.loads(uncovered.out)["content"]["client"]["family_name"]
    assert (covered.code, uncovered.code) == (0, 0)
    assert name not in covered.out
    assert "•••" in covered.out
    assert secretly.code == 2
    assert name not in secretly.out + secretly.err
    assert waiting.data["letters"][0] | {"case": ""} == {
        "letter": over, "case": "", "what": "waits", "because": asked,
    }  # fmt: skip
    assert waiting.code == 3
    assert (nobody.code, unsaid.code) == (2, 2)
    assert aside.code == 0
    assert done.code == 3
    assert {one["letter"]: one["what"] for one in done.data["letters"]} == {
        asked: "replayed", over: "replayed", letters["case-0001referral.status"]: "refused",
    }  # fmt: skip
    assert sorted(one["status"] for one in after) == ["discarded", "open", "replayed", "replayed"]
    acts = _journal(site)
    assert [one["act"] for one in acts[:2]] == ["revealed", "discarded"]
    assert sorted(one["act"] for one in acts[2:]) == ["refused", "replayed", "replayed"]
    assert acts[0]["reason"] == "the sender asks why"
    assert all("@" in one["by"] and one["at"] for one in acts)
    assert name not in json.dumps(acts)
    audited = _audit(site)
    assert [did for did, _ in audited if did == "topics-applied"]
    assert [act for act in audited if act[0].startswith("letter-")] == [
        ("letter-revealed", asked),
        ("letter-discarded", letters["case-0001referral.reques"]),
        *(("letter-replayed", one) for one in (asked, over, letters["case-0001referral.status"])),
    ]


def _audit(site: Site) -> list[tuple[str, str]]:
    """What stands in the audit, and about what; the chain holds."""
    with closing(auditing.opened(site.audit)) as audit, audit.all() as rows:
        kept = list(rows)
    assert verify(kept).broken is None
    return [(row.did, row.about) for row in kept]


def _journal(site: Site) -> list[dict[str, Any]]:
    found = topics.read(site.bootstrap, f"{site.prefix}dead.journal")
    return [json.loads(record.value or b"") for _, _, record in found]
