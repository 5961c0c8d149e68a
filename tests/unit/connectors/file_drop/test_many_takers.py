"""Several processes at the same folder, and processes that end hard: nothing lost or doubled."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.drop_folder import PARTY, DropFolder, ids, json_lines, offer

FILES = 60
EVENTS = 23
BATCH = 5
BATCHES = 5


def taker(root: Path, *options: str) -> subprocess.Popen[str]:
    """A process that takes files."""
    command = [sys.executable, "-m", "tests.support.drop_taker", str(root), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(output: str, what: str) -> list[str]:
    """The ids in the lines of this kind."""
    lines: Iterator[dict[str, Any]] = map(json.loads, output.splitlines())
    return [one for line in lines for one in line.get(what, [])]


def test_two_processes_never_take_the_same_file(tmp_path: Path) -> None:
    """Two real processes at one folder hand out every event exactly once, in its file's order."""
    folder = DropFolder(tmp_path)
    takers = [taker(tmp_path), taker(tmp_path)]
    for number in range(FILES):
        pair = [offer(2 * number), offer(2 * number + 1)]
        folder.drop(f"angebote-{number:03d}.jsonl", json_lines(pair))
    outputs = [one.communicate(timeout=60)[0] for one in takers]
    handed = [said(output, "handed") for output in outputs]
    expected = ids([offer(number) for number in range(2 * FILES)])
    assert sorted(handed[0] + handed[1]) == expected
    assert all(sorted(one) == one for one in handed)
    assert len(folder.names("done")) == FILES
    assert folder.names("in") == folder.in_work() == folder.names("refused") == []


@pytest.mark.parametrize("killed_at", range(1, BATCHES + 1))
def test_killed_while_holding_a_batch_nothing_is_lost(tmp_path: Path, killed_at: int) -> None:
    """After kill -9 at any batch, exactly what was not acknowledged comes, with the same ids."""
    folder = DropFolder(tmp_path)
    lines = json_lines([offer(number) for number in range(EVENTS)]).splitlines(keepends=True)
    lines.insert(7, b"bad\n")
    folder.drop("angebote.jsonl", b"".join(lines))
    options = ("--batch-events", str(BATCH), "--kill-at", str(killed_at))
    first = taker(tmp_path, *options)
    output, _ = first.communicate(timeout=60)
    assert first.returncode == -9
    assert len(said(output, "handed")) == min(BATCH * killed_at, EVENTS)
    rest = ids(folder.take(batch_events=BATCH))
    assert said(output, "acknowledged") + rest == ids([offer(n) for n in range(EVENTS)])
    assert [entry["line"] for entry in folder.report("angebote.jsonl")] == [8]
    assert folder.refused("angebote.jsonl.rejected") == b"bad\n"
    assert folder.done("angebote.jsonl") == b"".join(lines)
    assert folder.in_work() == []


def test_a_file_in_work_belongs_to_its_process(tmp_path: Path) -> None:
    """While one source holds a file, no other takes it up, nor any other file of the party."""
    folder = DropFolder(tmp_path)
    folder.drop("a.jsonl", json_lines([offer(1)]))
    with closing(folder.source()) as first, closing(folder.source()) as second:
        batch = first.read()
        assert batch is not None
        folder.drop("b.jsonl", json_lines([offer(2)]))
        assert second.read() is None
        batch.acknowledge()
        taken_over = second.read()
        assert taken_over is not None
        assert ids(taken_over.events) == ["a-000002"]
    assert folder.in_work() == ["b.jsonl"]
    assert ids(folder.take()) == ["a-000002"]
    assert (tmp_path / PARTY / ".work").stat().st_mode & 0o077 == 0
