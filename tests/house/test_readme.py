"""The README says what is true today."""

import re
from pathlib import Path

import pytest

from hub.processors import ALL
from schemas.topics import (
    DAY_MS,
    INPUTS,
    JOURNAL,
    LANE_TOPICS,
    LEDGER,
    STATE,
    Topic,
    dead_topic,
    delivery_topic,
)

README = Path("README.md").read_text(encoding="utf-8")
GIVEN = {"README.md", "pyproject.toml", "docker-compose.yml", "hub", "schemas", "connectors"}
DEMANDED = {"uv.lock", "Makefile", ".ci", ".gitignore", "tests"}


def row(topic: Topic, name: str, says: str) -> str:
    """A topic as its row in the README's table."""
    kept = "compacted" if topic.compacted else f"{topic.retention_ms // DAY_MS} days"
    return f"| `{name}` | {topic.partitions} | {kept} | {says} |"


@pytest.mark.parametrize(
    "topic", [*LANE_TOPICS, LEDGER, STATE, JOURNAL], ids=lambda topic: topic.name
)
def test_the_table_has_every_topic(topic: Topic) -> None:
    """Name, partitions, retention and meaning of each topic stand in the README."""
    assert row(topic, topic.name, topic.says) in README


def test_the_table_has_every_derived_topic() -> None:
    """Dead letters and deliveries stand there as well."""
    assert row(dead_topic(INPUTS[0]), "<topic>.dead", "Refused records, bytes untouched.") in README
    party = delivery_topic("party")
    assert row(party, "to.<party>", "Deliveries and receipts for one party.") in README


def test_every_path_in_the_readme_exists() -> None:
    """A link or a room that is named is there."""
    links = re.findall(r"\]\(([^)]+)\)", README)
    rooms = re.findall(r"`((?:schemas|connectors|hub|tests)/[a-z_/.]*)`", README)

    assert [path for path in links + rooms if not Path(path).exists()] == []


def test_every_processor_is_named() -> None:
    """Who looks for a processor finds it in the README."""
    assert [p.NAME for p in ALL if p.NAME not in README] == []


def test_the_root_has_only_what_belongs_there() -> None:
    """Nothing stands in the root that is not given or demanded by a tool."""
    here = {path.name for path in Path().iterdir()}
    local = {".git", ".venv", ".kurze-wege", ".hypothesis"}
    local |= {name for name in here if name.endswith("_cache")}

    assert here - GIVEN - DEMANDED - local == set()
