"""The machine fails at any moment: nothing is lost, and what is acknowledged stays so."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.errors import Later
from connectors.file_drop.source import FileDropSource
from tests.support.drop_folder import PARTY, DropFolder, handed_out, ids, json_lines, offer

STEPS = ("open", "rename", "unlink", "mkdir", "rmdir", "fsync", "ftruncate")
GOOD = [offer(number) for number in range(7)]
LINES = json_lines(GOOD).splitlines(keepends=True)
CONTENT = b"".join([*LINES[:3], b"bad\n", *LINES[3:], b"worse\n"])
MOST_STEPS = 500


class PowerCut(BaseException):
    """The process ends here, between two steps on the disk."""


@contextmanager
def power_cut_before(step: int) -> Iterator[None]:
    """Inside the block, the so-manieth step on the disk does not happen, nor any after it."""
    count = 0

    def fused(act: Callable[..., Any]) -> Callable[..., Any]:
        def maybe(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it is
            nonlocal count
            count += 1
            if count >= step:
                raise PowerCut
            return act(*args, **kwargs)

        return maybe

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, fused(getattr(os, name)))
        yield


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    """An empty folder of one party."""
    return DropFolder(tmp_path)


@dataclass
class Taken:
    """What a source handed out before the power cut."""

    handed: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    cut: bool = False


def take_until_the_power_cut(source: FileDropSource, step: int) -> Taken:
    """Everything, or as much as the power cut leaves."""
    taken = Taken()
    try:
        with power_cut_before(step):
            while (batch := source.read()) is not None:
                taken.handed += ids(batch.events)
                batch.acknowledge()
                taken.acknowledged += ids(batch.events)
    except PowerCut:
        taken.cut = True
    return taken


def test_a_power_cut_between_any_two_steps_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Cut off before each single step on the disk, the next process ends with all of it done.

    What was acknowledged does not come again, and only the batch that was being acknowledged
    may; each bad line is reported once.
    """
    for step in range(1, MOST_STEPS):
        folder = DropFolder(tmp_path_factory.mktemp("root"))
        folder.drop("a.jsonl", CONTENT)
        with closing(folder.source(batch_events=2)) as source:
            taken = take_until_the_power_cut(source, step)
        rest = ids(folder.take(batch_events=2))
        assert ids(GOOD) in (taken.acknowledged + rest, taken.handed + rest), step
        assert folder.done("a.jsonl") == CONTENT
        assert folder.names("done") == ["a.jsonl"]
        assert folder.names("refused") == ["a.jsonl.rejected", "a.jsonl.report.jsonl"]
        assert [entry["line"] for entry in folder.report("a.jsonl")] == [4, 9]
        assert folder.refused("a.jsonl.rejected") == b"bad\nworse\n"
        assert folder.in_work() == []
        if not taken.cut:
            break
    else:
        pytest.fail(f"more than {MOST_STEPS} steps for one file")
    assert step > 30


@contextmanager
def no_room_for(size: int) -> Iterator[None]:
    """Inside the block the system lets no file of this process grow beyond this size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_without_room_for_the_journal_nothing_goes(folder: DropFolder) -> None:
    """On a full disk no event goes, it is said loudly, and all go once there is room."""
    folder.drop("a.jsonl", json_lines(GOOD))
    with closing(folder.source()) as source:
        with capture_logs() as logs, no_room_for(10):
            assert [source.read() for _ in range(3)] == [None] * 3
        assert {line["log_level"] for line in logs} == {"error"}
        assert {line["party"] for line in logs} == {PARTY}
        assert ids(list(handed_out(source))) == ids(GOOD)
    assert folder.names("done") == ["a.jsonl"]
    assert folder.names("refused") == []


def test_a_disk_that_fills_up_in_the_middle_loses_nothing(folder: DropFolder) -> None:
    """What cannot be noted as acknowledged comes again, with the same ids, and nothing else."""
    folder.drop("a.jsonl", CONTENT)
    with closing(folder.source(batch_events=3)) as source:
        first = source.read()
        assert first is not None
        with capture_logs() as logs, no_room_for(10):
            first.acknowledge()
        assert [line["event"] for line in logs] == ["folder_unusable"]
        again = ids(list(handed_out(source)))
    assert again == ids(GOOD)
    assert folder.done("a.jsonl") == CONTENT
    assert [entry["line"] for entry in folder.report("a.jsonl")] == [4, 9]


def test_a_journal_that_cannot_be_read_begins_anew(folder: DropFolder) -> None:
    """A damaged journal costs repetition, with the same ids, and never an event."""
    folder.drop("a.jsonl", CONTENT)
    with closing(folder.source(batch_events=3)) as source:
        batch = source.read()
        assert batch is not None
        batch.acknowledge()
    (folder.root / PARTY / ".work" / "a.jsonl" / "journal.json").write_bytes(b'{"size": 1')
    assert ids(folder.take()) == ids(GOOD)


def test_a_file_changed_after_it_was_taken_is_named(folder: DropFolder) -> None:
    """Somebody goes on writing to a file in work: its events go, and the report says so."""
    folder.drop("a.jsonl", CONTENT)
    with closing(folder.source()) as source:
        batch = source.read()
        assert batch is not None
        with (folder.root / PARTY / ".work" / "a.jsonl" / "content").open("ab") as late:
            late.write(LINES[0][:50])
        batch.acknowledge()
    assert folder.names("refused") == ["a.jsonl", "a.jsonl.report.jsonl"]
    assert "wrote to the file" in folder.report("a.jsonl")[-1]["detail"]
    assert "7 events" in folder.report("a.jsonl")[-1]["detail"]


def test_a_root_that_is_away_is_waited_for(folder: DropFolder) -> None:
    """While the root folder is not there, the source asks to be tried again."""
    folder.drop("a.jsonl", CONTENT)
    away = folder.root.with_name("away")
    with closing(folder.source(parties=[])) as source:
        folder.root.rename(away)
        with pytest.raises(Later):
            source.read()
        away.rename(folder.root)
        assert ids(list(handed_out(source))) == ids(GOOD)


def test_what_is_left_of_a_claim_is_swept_up(folder: DropFolder) -> None:
    """An empty claim, as a crash can leave it, is removed and holds nothing up."""
    folder.take()
    left = folder.root / PARTY / ".work" / "b.jsonl"
    left.mkdir()
    (left / "journal.json").write_bytes(b"{}")
    folder.drop("a.jsonl", CONTENT)
    assert ids(folder.take()) == ids(GOOD)
    assert not left.exists()
