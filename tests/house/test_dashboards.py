"""Dashboards and Prometheus' settings show what the monitor tells, all of it and nothing else."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from hub.monitor.gauges import GAUGES
from tests.support.compose import compose
from tests.support.parts import missing

ROOM: Final = Path("hub/deployment")
RULES: Final = Path("hub/monitor/prometheus-rules.yml")
FILES: Final = sorted((ROOM / "grafana" / "dashboards").glob("*.json"))
BOARDS: Final[dict[str, Any]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES
}
METRIC: Final = re.compile(r"\b(?:hub|kafka)_[a-z_]+")
LABELS: Final = {gauge.name: {"cluster_name", *gauge.labels} for gauge in GAUGES}
SCRAPED: Final = {"instance", "job"}
"""What Prometheus adds to each."""


def panels(board: Any) -> list[Any]:  # noqa: ANN401 - a tree of JSON
    """What a board shows, without the headings."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def targets() -> list[tuple[str, str, str]]:
    """Every question that is asked: its board and panel, the expression, the legend."""
    return [
        (f"{name}: {panel['title']}", target["expr"], target.get("legendFormat", ""))
        for name, board in BOARDS.items()
        for panel in panels(board)
        for target in panel["targets"]
    ]


def test_every_metric_is_on_a_dashboard() -> None:
    """What the monitor exports can be seen somewhere, and nothing is asked for that it has not."""
    shown = {name for _, expression, _ in targets() for name in METRIC.findall(expression)}

    assert shown == {gauge.name for gauge in GAUGES}


@pytest.mark.parametrize(("where", "expression", "legend"), targets())
def test_each_question_uses_labels_that_exist(where: str, expression: str, legend: str) -> None:
    """Labels that are chosen, grouped by, or shown are labels of the metric."""
    has = set.intersection(*(LABELS[name] for name in METRIC.findall(expression)))
    chosen = re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"", expression)
    grouped = [
        label for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(", ")
    ]
    told = re.findall(r"{{(\w+)}}", legend)

    assert {*chosen, *grouped, *told} <= has | SCRAPED, where


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_can_be_read(name: str) -> None:
    """Each panel says what it shows, lies on the grid beside the others, and has its own number."""
    board = BOARDS[name]
    ids = [panel["id"] for panel in board["panels"]]
    fields: set[tuple[int, int]] = set()

    assert len(set(ids)) == len(ids)
    assert all(panel["title"] and panel["description"] for panel in panels(board))
    for panel in board["panels"]:
        at = panel["gridPos"]
        own = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not own & fields
        fields |= own


def test_boards_ask_the_source_that_is_there() -> None:
    """Names are unique, and every panel asks the provisioned Prometheus."""
    source = yaml.safe_load((ROOM / "grafana" / "datasource.yml").read_text(encoding="utf-8"))
    (only,) = source["datasources"]
    asked = {
        each["datasource"]["uid"]
        for board in BOARDS.values()
        for panel in panels(board)
        for each in (panel, *panel["targets"])
    }

    assert asked == {only["uid"]}
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)
    assert not any(board["editable"] for board in BOARDS.values())


def test_prometheus_and_grafana_find_what_they_are_given() -> None:
    """Addresses, folders and ports in their files are those of docker-compose.yml."""
    services = compose().services
    prometheus = yaml.safe_load((ROOM / "prometheus.yml").read_text(encoding="utf-8"))
    source = yaml.safe_load((ROOM / "grafana" / "datasource.yml").read_text(encoding="utf-8"))
    provider = yaml.safe_load((ROOM / "grafana" / "provider.yml").read_text(encoding="utf-8"))
    mounted = {
        volume.split(":")[1]: volume.split(":")[0]
        for name in ("prometheus", "grafana")
        for volume in services[name].volumes
    }

    scraped = prometheus["scrape_configs"][0]["static_configs"][0]["targets"]
    assert scraped == ["monitor:8094"]
    assert services["monitor"].ports[0].endswith(":8094")
    assert mounted[f"/etc/prometheus/{prometheus['rule_files'][0]}"] == f"./{RULES}"
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    folder = provider["providers"][0]["options"]["path"]
    assert mounted[folder] == f"./{ROOM}/grafana/dashboards"
    home = services["grafana"].environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert Path(home).name in {file.name for file in FILES}
    assert str(Path(home).parent) == folder


@pytest.mark.promtool
def test_promtool_accepts_settings_and_questions(tmp_path: Path) -> None:
    """Prometheus' own tool reads its settings, and every expression of the dashboards."""
    promtool = shutil.which("promtool") or missing("promtool", "apt-get install prometheus")
    for file in (ROOM / "prometheus.yml", RULES):
        shutil.copy(file, tmp_path)
    asked = [
        {"record": f"asked:{number}", "expr": re.sub(r"\$\w+", "any", expression)}
        for number, (_, expression, _) in enumerate(targets())
    ]
    questions = tmp_path / "questions.yml"
    questions.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": asked}]}), "utf-8")

    for words in (("config", tmp_path / "prometheus.yml"), ("rules", questions)):
        done = subprocess.run(
            [promtool, "check", *map(str, words)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
