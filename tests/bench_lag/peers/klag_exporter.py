"""klag-exporter of crates.io, `cargo install`; exact time lag by reading messages, every 5 s."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from hub import processes
from hub.broker.ports import free
from tests.bench.contender import NotThere
from tests.bench_lag.place import FOLDER
from tests.bench_lag.stage import tell
from tests.bench_lag.word import LOST, NOBODY, Word

CRATE: Final = "klag-exporter"
VERSION: Final = "0.1.29"
WITHOUT_MEMBERS: Final = (4, 5)
"""Dead and Empty, of its metric `_group_state`."""
FAMILY: Final = "kafka_consumergroup_group_"
GRACE_S: Final = 10
CONFIG: Final = """
[exporter]
poll_interval = "5s"
http_port = {port}
http_host = "127.0.0.1"
granularity = "partition"

[exporter.timestamp_sampling]
enabled = true
mode = "message"
cache_ttl = "60s"

[[clusters]]
name = "bench"
bootstrap_servers = "{bootstrap}"
"""


class KlagExporter:
    """Its metrics, scraped."""

    name = CRATE
    version = VERSION

    def __init__(self, port: int) -> None:
        """Scrape this port; None: it is not there, because."""
        self._port = port

    def ask(self, groups: Sequence[str]) -> Mapping[str, Word]:
        """Lag, state, lost messages."""
        try:
            text = httpx.get(f"http://127.0.0.1:{self._port}/metrics").text
        except httpx.HTTPError as error:
            raise NotThere(type(error).__name__) from error
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
        return {group: word for group in groups if (word := _word(group, samples))}


def _word(group: str, samples: Sequence[Sample]) -> Word | None:
    mine = [one for one in samples if one.labels.get("group") == group]

    def value(name: str) -> float | None:
        found = [one.value for one in mine if one.name == FAMILY + name]
        return max(found) if found else None

    lag, lost, state = value("lag"), value("messages_lost"), value("state")
    if lag is None:
        return None
    signs = {LOST} if lost else set()
    signs |= {NOBODY} if state in WITHOUT_MEMBERS else set()
    seconds = value("lag_seconds")
    return Word(int(lag), frozenset(signs), f"lag {lag:g}, {seconds} s, state {state}, lost {lost}")


@contextmanager
def running(bootstrap: str, folder: Path) -> Iterator[KlagExporter]:
    """The exporter as a process; raises NotThere."""
    program = _installed()
    (port,) = free(1)
    config = folder / "klag.toml"
    config.write_text(CONFIG.format(port=port, bootstrap=bootstrap), "utf-8")
    with (folder / "klag.log").open("ab") as log:
        process = processes.spawn(
            [str(program), "--config", str(config)], output=log, folder=folder
        )
    try:
        yield KlagExporter(port)
    finally:
        processes.end(process, GRACE_S)


def _installed() -> Path:
    root = FOLDER / "cargo"
    program = root / "bin" / CRATE
    if not program.is_file():
        cargo = shutil.which("cargo")
        if cargo is None:
            raise NotThere("no Rust: cargo is not on the path")
        tell(f"Building {CRATE} {VERSION}, once; that takes minutes")
        argv = [cargo, "install", CRATE, "--version", VERSION, "--locked", "--root", str(root)]
        done = subprocess.run(
            argv, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise NotThere(done.stderr.strip()[-500:])
    return program
