"""From an event to its trail: worker, ledger and inbox as real processes on a real Kafka."""

import csv
import io
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from connectors.errors import Later
from connectors.runner.publisher import Publisher
from hub import origins, statements
from hub.settings import Settings
from hub.stores.ledger.reading import NoLedger
from hub.trail.local_time import day_of
from hub.trails import Trails
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import (
    DARMSTADT_AGS,
    EPPERTSHAUSEN,
    KFB,
    a_move,
    a_referral,
    a_step,
)
from tests.support.command import Said, hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]


class Site(NamedTuple):
    """A running hub of this test's own, and what was sent to it."""

    folder: Path
    env: dict[str, str]
    settings: Settings
    sent_at: datetime

    def hub(self, *words: str) -> Said:
        """Run a command here."""
        return hub(*words, folder=self.folder, env=self.env)

    def trace(self, wanted: str) -> list[dict[str, Any]]:
        """The trails of an id, none as long as nothing is known."""
        said = self.hub("trace", wanted, "-o", "json")
        trails: list[dict[str, Any]] = said.data["trails"] if said.out else []
        return trails


def events(at: datetime) -> list[Event[Data]]:
    """A referral with all that becomes of it, a move out of the district, and a refused step.

    A step may be said to happen a little after it is sent: clocks differ.
    """
    accepted, met, ended = (at + timedelta(seconds=n) for n in (30, 60, 90))
    agreed = {"place": "town_hall", "at": met}
    return [
        a_referral(id="e-request", on="case-1", at=at, sourcesequence="7"),
        a_step("accepted", id="e-accepted", on="case-1", at=accepted),
        a_step("appointment-made", id="e-agreed", on="case-1", at=accepted, appointment=agreed),
        a_step("completed", id="e-completed", on="case-1", at=ended, outcome="enrolled"),
        a_referral(id="e-open", on="case-2", at=at, sourcesequence="9"),
        a_step("accepted", id="e-strange", on="case-3", at=at),
        a_move(id="e-move", on="case-4", at=at, new_ags=DARMSTADT_AGS),
    ]


@pytest.fixture(scope="module")
def site(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hub that has read everything."""
    folder = tmp_path_factory.mktemp("trace")
    prefix = f"trace{folder.name[-1]}{int(datetime.now(UTC).timestamp())}."
    env = {
        "HUB_KAFKA__BOOTSTRAP": kafka,
        "HUB_TOPIC_PREFIX": prefix,
        "HUB_BACKOFFICE__PARTIES": KFB,
        "HUB_LEDGER__SIGNING_KEY": "key.pem",
    }
    words = "openssl genpkey -algorithm ed25519 -out key.pem"
    subprocess.run(words.split(), cwd=folder, check=True, capture_output=True)
    assert hub("topics", "apply", folder=folder, env=env).code == 0
    settings = origins.load(
        {
            "kafka.bootstrap": kafka,
            "topic_prefix": prefix,
            "ledger.database": f"sqlite:///{folder}/.kurze-wege/ledger.sqlite",
            "backoffice.database": f"sqlite:///{folder}/.kurze-wege/backoffice.sqlite",
            "backoffice.parties": KFB,
            "ledger.signing_key": folder / "key.pem",
        }
    )
    here = Site(folder, env, settings, datetime.now(UTC))
    with ExitStack() as stack:
        for words in ("worker", "connect ledger", "connect backoffice"):
            stack.enter_context(running_hub(*words.split(), folder=folder, env=env))
        publish = Publisher(settings.kafka.kafka_python(), prefix)
        with closing(publish):
            publish(events(here.sent_at))
        until(lambda: "stored" in _steps(settings, "e-move"))
        until(lambda: "stored" in _steps(settings, "e-open"))
        until(lambda: "refused" in _steps(settings, "case-3"))
        until(lambda: "outcome" in _steps(settings, "case-1"))
        yield here


def _steps(settings: Settings, wanted: str) -> set[str]:
    try:
        with Trails(settings) as trails:
            found = trails.trace(wanted, datetime.now(UTC))
    except (NoLedger, Later):
        return set()
    return {timed.step.name for trail in found for timed in trail.steps}


def test_one_line_from_sent_to_outcome(site: Site) -> None:
    """Each step stands there with its party, time and working time; by any id it is the same."""
    (trail,) = site.trace("case-1")
    steps = [step["step"] for step in trail["steps"]]
    assert [name for name in steps if name not in ("filed", "appointment-made")] == [
        "sent",
        "received",
        "routed",
        "delivered",
        "stored",
        "accepted",
        "appointment",
        "outcome",
    ]
    parties = {step["step"]: step["party"] for step in trail["steps"]}
    assert (parties["sent"], parties["delivered"], parties["outcome"]) == (EPPERTSHAUSEN, KFB, KFB)
    assert (trail["status"], trail["waits_for"]) == ("completed", None)
    delivery = next(s["event_id"] for s in trail["steps"] if s["step"] == "delivered")
    for wanted in ("e-request", delivery):
        assert site.trace(wanted)[0]["line"] == trail["line"]


def test_table(site: Site) -> None:
    """For people: the line, the steps as a table, and nothing else on stdout."""
    said = site.hub("trace", "case-2")
    assert said.code == 0
    assert said.out.startswith("case-2: ")
    assert "waits for kfb, due " in said.out
    assert "referral-by-service-and-residence" in said.out


def test_open_handover(site: Site) -> None:
    """A move out of the district says who pays until another continues."""
    (trail,) = site.trace("case-4")
    assert trail["open_handover"] == KFB


def test_refused(site: Site) -> None:
    """A refused event has a trail, too: why it went nowhere."""
    (trail,) = site.trace("e-strange")
    assert [step["step"] for step in trail["steps"]] == ["refused"]
    assert trail["steps"][0]["how"] == "case-unknown"


def test_nothing_known(site: Site) -> None:
    """An id nobody knows exits 1 and says what to do."""
    said = site.hub("trace", "case-of-nobody")
    assert said.code == 1
    assert "The ledger knows no case, event or delivery of this id." in said.err


def test_report(site: Site) -> None:
    """Figures as JSON, CSV and table agree; charts lie where they were asked for."""
    said = site.hub("report", "-o", "json", "--charts", "charts", "--png")
    whole = said.data["figures"][-1]
    rows = list(csv.DictReader(io.StringIO(site.hub("report", "-o", "csv").out)))
    assert (whole["referrals"], whole["accepted"], whole["appointments"]) == (2, 1, 1)
    assert whole["offers_used"] == {"benefit_advice": 1}
    assert whole["refused"] == {"case-unknown": 1}
    assert whole["open_handovers"] == 1
    assert [int(row["referrals"]) for row in rows] == [
        one["referrals"] for one in said.data["figures"]
    ]
    assert "Eppertshausen" in site.hub("report").out
    drawn = sorted(path.suffix for path in (site.folder / "charts").iterdir())
    assert drawn == [".png"] * 5 + [".svg"] * 5
    assert site.hub("report", "--from", "2026-02", "--to", "2026-01").code == 2


def test_both_ends_have_the_same_statement(site: Site) -> None:
    """What the ledger says was written is what lies on the party's topic."""
    day = day_of(site.sent_at)
    for party, count in ((KFB, 8), (EPPERTSHAUSEN, 6)):
        ours = statements.work_out(site.settings, party, day, received=False)
        theirs = statements.work_out(site.settings, party, day, received=True)
        assert ours.agrees(theirs)
        assert ours.count == count
    (numbers,) = ours.sources
    assert numbers.missing == ((8, 8),)


def test_signed_statement(site: Site) -> None:
    """A signed statement is checked and compared; another day's does not agree."""
    yesterday = day_of(site.sent_at) - timedelta(days=1)
    day, before = yesterday.isoformat(), (yesterday - timedelta(days=1)).isoformat()
    signed = site.hub("statement", KFB, day, "--sign", "kfb.jws", "-o", "json")
    same = site.hub("statement", KFB, day, "--received", "--verify", "kfb.jws")
    other = site.hub("statement", KFB, before, "--verify", "kfb.jws")

    assert (signed.code, signed.data["count"]) == (0, 0)
    assert same.code == 0, same.err
    assert (other.code, "do not agree" in other.err) == (1, True)
    assert site.hub("statement", KFB, day_of(datetime.now(UTC)).isoformat()).code == 2


def test_no_ledger_yet(tmp_path: Path) -> None:
    """Before anything was read, the command says how to begin."""
    said = hub("trace", "case-1", folder=tmp_path)
    assert said.code == 1
    assert "hub connect ledger" in said.err
