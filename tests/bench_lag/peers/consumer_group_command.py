"""Kafka's own `kafka-consumer-groups.sh --describe`, from its jars."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.broker import jars, java
from tests.bench.contender import NotThere
from tests.bench_lag.place import FOLDER
from tests.bench_lag.stage import tell
from tests.bench_lag.word import NOBODY, Word

TOOLS: Final = jars.Jar("", "org.apache.kafka", "kafka-tools", jars.KAFKA_VERSION)
"""Beside the broker's own jars, which bring everything else it needs."""
MAIN: Final = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
ENDS_WITHIN_S: Final = 180
COLUMNS: Final = 6
NONE: Final = "has no active members"


class ConsumerGroupCommand:
    """Asked for all groups at once."""

    name = "ConsumerGroupCommand"
    version = jars.KAFKA_VERSION

    def __init__(self, bootstrap: str) -> None:
        """Ask at this address."""
        self._bootstrap = bootstrap

    def ask(self, groups: Sequence[str]) -> Mapping[str, Word]:
        """The column LAG, and what it says of groups without members."""
        libraries = java.installed(java.CACHE, tell)
        class_path = os.pathsep.join([libraries.class_path, str(_fetched())])
        argv = [str(libraries.binary), "-Xmx256m", "-cp", class_path, MAIN]
        words = ["--bootstrap-server", self._bootstrap, "--describe", "--all-groups"]
        done = subprocess.run(
            [*argv, *words, "--timeout", "60000"],
            capture_output=True, text=True, check=False, timeout=ENDS_WITHIN_S,
        )  # fmt: skip
        if done.returncode:
            raise NotThere(done.stderr.strip()[-500:])
        return {group: word for group in groups if (word := _word(group, done.stdout))}


def _word(group: str, said: str) -> Word | None:
    rows = [line.split() for line in said.splitlines()]
    mine = [row for row in rows if len(row) > COLUMNS and row[0] == group]
    if not mine:
        return None
    lags = [int(row[5]) for row in mine if row[5].lstrip("-").isdigit()]
    without = any(f"'{group}' {NONE}" in line for line in said.splitlines())
    signs = frozenset({NOBODY} if without or mine[0][6] == "-" else ())
    return Word(sum(lags) if lags else None, signs, " ".join(mine[0][3:7]))


def _fetched() -> Path:
    path = FOLDER / "jars" / TOOLS.name
    if not path.is_file():
        tell("Fetching Kafka's tools, once")
        path.parent.mkdir(parents=True, exist_ok=True)
        maven = jars.part("jgo.maven").MavenContext(repo_cache=FOLDER / "maven", timeout=60)
        component = maven.project(TOOLS.group, TOOLS.artifact).at_version(TOOLS.version)
        shutil.copyfile(component.artifact().resolve(), path)
    return path
