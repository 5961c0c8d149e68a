"""What is known is read in every form alike: metrics, JSON, and the values of a page."""

import asyncio
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.types import ASGIApp

from hub.errors import BrokerUnavailable
from hub.monitor.by_http import routes
from hub.monitor.gauges import GAUGES
from hub.monitor.look import Ends, Group, Look, Place, Unread
from hub.monitor.options import Options
from hub.monitor.overview import overview
from hub.monitor.poller import Poller
from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.monitor.silence import Silence
from hub.monitor.state_file import StateFile
from hub.monitor.states import Severity, State
from hub.monitor.watch import Watch
from hub.monitor.wording import Names
from hub.party_file import load_parties
from tests.support.looks import AT, waits
from tests.support.parts import missing

ROOM = Path("hub/monitor")
README = (ROOM / "README.md").read_text(encoding="utf-8")
RULES = ROOM / "prometheus-rules.yml"
WORKERS, SINK = "hub", "hub.backoffice"
INPUT, DELIVERY, DEAD = Place("referrals", 0), Place("to.06432005", 0), Place("referrals.dead", 0)
EPPERTSHAUSEN = "06432005"
GAP = timedelta(hours=30)


class Broker:
    """A hub in the middle of the morning: the inbox sink has stopped an hour ago."""

    def __init__(self) -> None:
        """It answers."""
        self.now = AT
        self.away = False

    def look(self) -> Look:
        """One poll."""
        if self.away:
            raise BrokerUnavailable(where="127.0.0.1:1")
        groups = {
            WORKERS: Group("Stable", 2, {INPUT: 8}, frozenset({INPUT})),
            SINK: Group("Empty", 0, {DELIVERY: 3}),
        }
        ends = {INPUT: Ends(0, 9, 9), DELIVERY: Ends(0, 9, 9), DEAD: Ends(0, 4, 4)}
        unread = {
            (INPUT, 8): Unread(0, 9, None, None),
            (DELIVERY, 3): waits(3, 9, AT - timedelta(hours=1), records=4),
            (DEAD, 0): waits(0, 4, AT - timedelta(days=2), records=2),
        }
        return Look(self.now, 0.25, groups, ends, frozenset(), unread, {})


@pytest.fixture
def broker() -> Broker:
    """What is looked at."""
    return Broker()


@pytest.fixture
def poller(broker: Broker, tmp_path: Path) -> Poller:
    """Nothing was polled yet."""
    silence = Silence(EPPERTSHAUSEN, AT - GAP, GAP, timedelta(hours=4), AT, is_strange=True)
    watch = Watch(own={WORKERS}, joining={WORKERS}, dead=("referrals.dead",))
    kept = StateFile(tmp_path / "monitor.json")
    took = {Stage.DOOR: timedelta(seconds=1), Stage.LANE: timedelta(seconds=2)}
    probe = Probed("http_api", "kfb", AT, took, Stage.INBOX, SINK)
    return Poller(
        broker.look,
        lambda *_: (silence,),
        watch,
        kept,
        lambda: broker.now,
        probed=lambda: (probe,),
    )


class Reader:
    """Whoever reads by HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        """Ask this application."""
        self._app = app

    def get(self, path: str) -> httpx.Response:
        """The answer."""
        return asyncio.run(self._ask("GET", path))

    def post(self, path: str) -> httpx.Response:
        """The answer to who wants to change something."""
        return asyncio.run(self._ask("POST", path))

    async def _ask(self, method: str, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
            return await client.request(method, path)


@pytest.fixture
def client(broker: Broker, poller: Poller) -> Reader:
    """Whoever reads by HTTP."""
    names = Names({EPPERTSHAUSEN: "Eppertshausen"}, WORKERS)
    answered = routes(poller, names, "this hub", Options(), lambda: broker.now)
    return Reader(Starlette(routes=answered))


def polled(broker: Broker, poller: Poller, times: int = 5) -> None:
    """So many polls, ten seconds apart."""
    for _ in range(times):
        poller.poll()
        broker.now += timedelta(seconds=10)


def test_health_and_readiness(broker: Broker, poller: Poller, client: Reader) -> None:
    """Alive from the start; ready from the first sight of the broker until it is away."""
    early = client.get("/readyz")
    polled(broker, poller)
    ready, alive, version = (client.get(path) for path in ("/readyz", "/healthz", "/version"))
    broker.away = True
    polled(broker, poller, 1)

    assert (early.status_code, early.json()["because"]) == (503, "no poll yet")
    assert (ready.status_code, alive.status_code) == (200, 200)
    assert version.json()["hub"]
    assert client.get("/readyz").json()["because"] == "127.0.0.1:1: Kafka does not answer."
    assert client.get("/healthz").status_code == 200
    assert client.post("/snapshot").status_code == 405


def test_the_snapshot_says_all(broker: Broker, poller: Poller, client: Reader) -> None:
    """Readers, senders, dead letters and incidents, with their texts."""
    assert client.get("/snapshot").status_code == 503
    polled(broker, poller)
    found = client.get("/snapshot").json()

    assert (found["hub"], found["fine"]) == ("this hub", False)
    worker, sink = found["readers"]
    assert (worker["state"], worker["lag"]) == ("IDLE", 0)
    assert (sink["state"], sink["lag"], sink["next"]) == ("STOP", 4, 3)
    assert sink["oldest_s"] == pytest.approx(3650)
    (sender,) = found["senders"]
    assert (sender["name"], sender["silent_s"], sender["strange"]) == (
        "Eppertshausen",
        108_000,
        True,
    )
    assert found["dead_letters"] == [
        {
            "topic": "referrals.dead",
            "number": 2,
            "exact": True,
            "oldest_at": "2026-02-28T09:00:00+00:00",
        }
    ]
    assert {one["state"] for one in found["incidents"]} == {"STOP", "SILENT", "STUCK"}
    (probe,) = found["probes"]
    assert (probe["through"], probe["stuck"], probe["at"]) == (False, "inbox", SINK)
    assert probe["took_s"] == {"door": 1.0, "lane": 2.0}
    assert all(one["text"]["de"]["what"] != one["text"]["en"]["what"] for one in found["incidents"])


def test_metrics_are_what_dashboards_know(broker: Broker, poller: Poller, client: Reader) -> None:
    """The figures of the snapshot under the family's names; nothing before the first poll."""
    assert client.get("/metrics").text.strip() == ""
    polled(broker, poller)
    found = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }

    def value(name: str, **labels: str) -> float:
        return found[name, tuple(sorted({"cluster_name": "kurze-wege", **labels}.items()))]

    place = {"group": SINK, "topic": "to.06432005", "partition": "0"}
    assert value("kafka_consumergroup_group_lag", **place) == 4
    assert value("kafka_consumergroup_group_lag_seconds", **place) == pytest.approx(3650)
    assert value("kafka_consumergroup_group_offset", **place) == 3
    assert value("kafka_consumergroup_group_retention_margin", **place) == 3
    assert value("kafka_consumergroup_group_lag_retention_ratio", **place) == pytest.approx(400 / 9)
    assert value("kafka_consumergroup_group_sum_lag", group=WORKERS) == 0
    assert value("kafka_consumergroup_group_max_lag_seconds", group=SINK) == pytest.approx(3650)
    assert value("kafka_consumergroup_group_state", group=WORKERS) == 3
    assert value("kafka_consumergroup_poll_time_ms") == 250
    assert value("kafka_partition_latest_offset", topic="referrals", partition="0") == 9
    assert value("hub_reader_state", state="STOP", **place) == 1
    assert value("hub_incidents_open", state="STOP") == 1
    assert value("hub_incidents_open", state="STALL") == 0
    assert value("hub_dead_letters", topic="referrals.dead") == 2
    assert value("hub_sender_strange", party=EPPERTSHAUSEN) == 1
    assert value("hub_monitor_up") == 1


def test_every_metric_is_in_the_table() -> None:
    """The page has each metric with its labels and its meaning, and no other."""
    rows = re.findall(r"^\| `((?:hub|kafka)_\w+)` \| (.*?) \| (.*) \|$", README, re.MULTILINE)
    told = [
        (gauge.name, ", ".join(f"`{label}`" for label in gauge.labels), gauge.says)
        for gauge in GAUGES
    ]

    assert [(name, labels.strip(), says) for name, labels, says in rows] == told


def test_every_state_is_in_the_table() -> None:
    """The page has each state with what it asks for, and no other."""
    asks = {
        Severity.FINE: "nothing", Severity.WARNING: "a look today", Severity.ALARM: "action now",
    }  # fmt: skip
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .* \|$", README, re.MULTILINE)

    assert rows == [(state.value, asks[state.severity]) for state in State]


def test_rules_use_metrics_that_exist() -> None:
    """No alert waits for a metric that nobody exports."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    rules = [rule for one in groups for rule in one["rules"]]
    used = {name for rule in rules for name in re.findall(r"(?:hub|kafka)_\w+", rule["expr"])}

    assert used <= {gauge.name for gauge in GAUGES}
    assert all(rule["annotations"]["description"] for rule in rules)


@pytest.mark.promtool
def test_promtool_accepts_rules_and_metrics(
    broker: Broker, poller: Poller, client: Reader, tmp_path: Path
) -> None:
    """Prometheus' own tool reads both, and the rules fire when they should."""
    promtool = shutil.which("promtool") or missing("promtool", "apt-get install prometheus")
    polled(broker, poller)
    scraped = client.get("/metrics").text
    rules_test = tmp_path / "test.yml"
    rules_test.write_text(RULES_TEST.format(rules=RULES.absolute()), encoding="utf-8")
    for words, given in (
        (["check", "rules", str(RULES)], None),
        (["check", "metrics"], scraped),
        (["test", "rules", str(rules_test)], None),
    ):
        done = subprocess.run(
            [promtool, *words], input=given, capture_output=True, text=True, check=False
        )
        # 3: only opinions on names that kafka-lag-exporter chose
        assert done.returncode in ((0, 3) if given else (0,)), done.stdout + done.stderr


RULES_TEST = """
rule_files: ["{rules}"]
evaluation_interval: 10s
tests:
  - interval: 10s
    input_series:
      - series: 'hub_incidents_open{{cluster_name="c", state="STALL"}}'
        values: "0x6 1x20"
      - series: 'hub_incidents_open{{cluster_name="c", state="SILENT"}}'
        values: "0x60"
      - series: 'hub_monitor_up{{cluster_name="c"}}'
        values: "1x60"
      - series: 'hub_monitor_last_sight_timestamp_seconds{{cluster_name="c"}}'
        values: "0+10x60"
    alert_rule_test:
      - eval_time: 50s
        alertname: HubIncident
      - eval_time: 90s
        alertname: HubIncident
        exp_alerts:
          - exp_labels: {{severity: critical, cluster_name: c, state: STALL}}
            exp_annotations:
              summary: "STALL: 1 incident(s) open"
              description: "See `hub lag --only-bad`; what to do says `hub explain-state STALL`."
      - eval_time: 90s
        alertname: HubWarning
      - eval_time: 90s
        alertname: HubMonitorGone
"""


def test_the_overview_speaks_of_parties_and_lanes(broker: Broker, poller: Poller) -> None:
    """Each party with what waits for it in its own working time; lanes, dead letters, the worst."""
    polled(broker, poller)
    snapshot = poller.snapshot
    assert snapshot is not None
    found = overview(snapshot, load_parties(), WORKERS, "", AT)
    (office,) = (one for one in found.offices if one.party == EPPERTSHAUSEN)
    kfb = next(one for one in found.offices if one.party == "kfb")

    assert (office.state, office.waiting) == (State.STOP, 4)
    assert office.waited == timedelta(hours=1)  # from 9 to 10 in Berlin, a Monday
    assert (office.silent, office.is_strange) == (GAP, True)
    assert (kfb.state, kfb.waiting, kfb.silent) == (State.IDLE, 0, None)
    assert [(lane.number, lane.state, lane.waiting) for lane in found.lanes] == [(0, State.IDLE, 0)]
    assert found.dead[0][0] == "referrals.dead"
    assert (found.worst, found.is_current) == (Severity.ALARM, True)
