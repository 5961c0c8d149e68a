"""200 MB: read once, in little memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.drop_folder import DropFolder, json_lines, offer

SIZE = 200_000_000
MOST_MIB = 120
"""What the process may need; the interpreter with the contract's models takes half of it."""


def write_events(path: Path) -> int:
    """As many long events as fit; how many."""
    line = json_lines([offer(0, text="Beratung und Begegnung. " * 80)])
    long = line.replace(b'"description"', b'"eligibility":"' + b"x" * 2000 + b'","description"')
    long = long.replace(b'"description"', b'"costs":"' + b"y" * 2000 + b'","description"')
    long = long.replace(b'"description"', b'"accessibility":"' + b"z" * 2000 + b'","description"')
    count = SIZE // len(long) + 1
    with path.open("wb") as file:
        for number in range(count):
            file.write(long.replace(b"-000000", b"-%06d" % number))
    return count


def write_one_line(path: Path) -> int:
    """A line without end; no event."""
    with path.open("wb") as file:
        for _ in range(SIZE // 1_000_000):
            file.write(b"x" * 1_000_000)
    return 0


def write_open_quotes(path: Path) -> int:
    """A table in which every row opens a quote that nobody closes; no event."""
    with path.open("wb") as file:
        file.write(Path("connectors/file_drop/examples/umzuege.csv").read_bytes().split(b"\r")[0])
        for _ in range(SIZE // 1_000_000):
            file.write(b'\r\n"' + b"x" * 1_000_000)
    return 0


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.jsonl", write_events), ("b.jsonl", write_one_line), ("umzuege.csv", write_open_quotes)],
)
def test_a_file_of_200_mb_needs_little_memory(
    tmp_path: Path, name: str, write: Callable[[Path], int]
) -> None:
    """Every event of a huge file comes once and in order, whatever its lines, in flat memory."""
    folder = DropFolder(tmp_path)
    count = write(folder.inbox / name)
    command = [sys.executable, "-m", "tests.support.drop_taker", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120)
    said: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    taken = [one for line in said for one in line.get("acknowledged", [])]
    assert taken == [f"a-{number:06d}" for number in range(count)]
    assert said[-1]["peak_mib"] < MOST_MIB
    assert folder.names("in") == folder.in_work() == []
    for path in tmp_path.rglob(name):
        path.unlink()  # 200 MB need not stay until the third run after this one
