"""What is taken from an inbox, when, and by whom: real files, real processes."""

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.support.drop_folder import PARTY, DropFolder, handed_out, ids, json_lines, offer
from tests.support.parts import missing

OTHER = "06432002"
TWO_OFFERS = json_lines([offer(1), offer(2)])
SLOW_WRITER = """
import sys, time
with open(sys.argv[1], "wb") as file:
    for line in sys.stdin.buffer.read().splitlines(keepends=True):
        file.write(line[:200]); file.flush(); time.sleep(0.05)
        file.write(line[200:]); file.flush(); time.sleep(0.05)
"""


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    """An empty folder of one party."""
    return DropFolder(tmp_path / "root")


@pytest.fixture
def leases(tmp_path: Path) -> None:
    """A system that can say whether somebody has a file open for writing."""
    if not hasattr(fcntl, "F_SETLEASE"):
        missing("file leases", "run this on Linux")
    probe = tmp_path / "probe"
    probe.touch()
    with probe.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError:
            missing("file leases", "put the temporary folder on a file system that has them")


def test_a_file_is_taken_once_and_kept_as_it_was(folder: DropFolder) -> None:
    """A file's events are handed out, and its bytes lie in `done`."""
    folder.drop("angebote.jsonl", TWO_OFFERS)
    assert ids(folder.take()) == ["a-000001", "a-000002"]
    assert folder.names("in") == folder.names("refused") == folder.in_work() == []
    assert folder.done("angebote.jsonl") == TWO_OFFERS
    assert folder.take() == []


def test_a_file_that_is_written_slowly_is_taken_when_it_is_whole(folder: DropFolder) -> None:
    """While a process goes on writing, the file stays; then all of it is taken at once."""
    content = json_lines([offer(number) for number in range(12)])
    slowly = folder.inbox / "slowly.jsonl"
    command = [sys.executable, "-c", SLOW_WRITER, str(slowly)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(content)
        writer.stdin.close()
        looks = 0
        with closing(folder.source(settle_ms=400, poll_ms=20)) as source:
            while (batch := source.read()) is None:
                looks += 1
            assert writer.wait() == 0
            assert len(batch.events) == 12
            batch.acknowledge()
    assert looks > 10
    assert folder.done("slowly.jsonl") == content


@pytest.mark.usefixtures("leases")
def test_a_file_is_left_alone_while_its_writer_has_it_open(folder: DropFolder) -> None:
    """However long a writer pauses, a file it has open for writing is not taken."""
    with (folder.inbox / "paused.jsonl").open("wb") as file:
        file.write(TWO_OFFERS[:300])
        file.flush()
        assert folder.take() == []
        assert folder.names("in") == ["paused.jsonl"]
        file.write(TWO_OFFERS[300:])
    assert len(folder.take()) == 2


def test_a_file_comes_to_rest_before_it_is_taken(folder: DropFolder) -> None:
    """A file must look the same for as long as told; every change begins the time anew."""
    now = 100.0
    options = folder.source(settle_ms=500)._options
    source = type(folder.source())(options, monotonic=lambda: now, sleep=lambda _: None)
    with closing(source):
        dropped = folder.drop("angebote.jsonl", json_lines([offer(1)]))
        assert source.read() is None
        now += 0.45
        assert source.read() is None
        dropped.write_bytes(TWO_OFFERS)
        now += 0.1
        assert source.read() is None
        now += 0.45
        assert source.read() is None
        now += 0.1
        batch = source.read()
        assert batch is not None
        assert len(batch.events) == 2


@pytest.mark.parametrize("name", [".a.jsonl", "a.jsonl.tmp", "a.jsonl.part", "~$a.jsonl"])
def test_unfinished_names_stay(folder: DropFolder, name: str) -> None:
    """What is named as unfinished stays; renamed into place it is taken."""
    (folder.inbox / name).write_bytes(TWO_OFFERS)
    assert folder.take() == []
    (folder.inbox / name).rename(folder.inbox / "a.jsonl")
    assert len(folder.take()) == 2


def test_only_files_are_taken(folder: DropFolder, tmp_path: Path) -> None:
    """Links, folders, pipes and sockets stay where they are; nothing behind them is read."""
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(TWO_OFFERS)
    (folder.inbox / "link.jsonl").symlink_to(secret)
    (folder.inbox / "nowhere.jsonl").symlink_to(tmp_path / "nothing")
    (folder.inbox / "folder.jsonl").mkdir()
    (folder.inbox / "folder.jsonl" / "inside.jsonl").write_bytes(TWO_OFFERS)
    os.mkfifo(folder.inbox / "pipe.jsonl")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(folder.inbox / "socket.jsonl"))
    before = folder.names("in")
    assert folder.take() == []
    assert folder.names("in") == before
    assert secret.read_bytes() == TWO_OFFERS


@pytest.mark.parametrize("room", ["in", "done", "refused", ".work"])
def test_a_room_that_is_a_link_is_not_entered(
    folder: DropFolder, tmp_path: Path, room: str
) -> None:
    """A party cannot lead the connector out of its folder by a link; others go on."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    own = folder.root / PARTY / room
    if room == "in":
        own.rmdir()
    own.symlink_to(elsewhere)
    (elsewhere if room == "in" else folder.inbox).joinpath("a.jsonl").write_bytes(TWO_OFFERS)
    other = DropFolder(folder.root, OTHER)
    other.drop("b.jsonl", json_lines([offer(3, party=OTHER)]))
    with capture_logs() as logs:
        assert ids(folder.take(parties=[PARTY, OTHER])) == ["a-000003"]
    assert "folder_unusable" in {line["event"] for line in logs}
    left = [path.name for path in elsewhere.iterdir()]
    assert left == (["a.jsonl"] if room == "in" else [])


@pytest.mark.parametrize(
    "name",
    [
        "a b.jsonl",
        "ä\nö.jsonl",
        "'; rm -rf ~.jsonl",
        "-rf.jsonl",
        "%00%2f..jsonl",
        "ß" * 120,
        os.fsdecode(b"\xff\xfe.jsonl"),
        "content.jsonl",
        "in.jsonl",
        "CON.JSONL",
    ],
)
def test_a_name_is_only_a_name(folder: DropFolder, name: str) -> None:
    """However odd a file's name is, the file is taken and put away."""
    name = name if name.lower().endswith(".jsonl") else f"{name}.jsonl"
    folder.drop(name, TWO_OFFERS)
    assert len(folder.take()) == 2
    (kept,) = folder.names("done")
    assert folder.done(kept) == TWO_OFFERS
    assert kept == name or len(os.fsencode(name)) > 200


def test_nothing_is_ever_overwritten(folder: DropFolder) -> None:
    """Files of the same name, dropped again and again, good and bad, all stay."""
    contents = [json_lines([offer(number)]) for number in range(3)]
    for content in contents:
        folder.drop("a.jsonl", content)
        folder.take()
    assert [folder.done(name) for name in ("a.jsonl", "a.2.jsonl", "a.3.jsonl")] == contents
    for bad in (b"1\n", b"2\n"):
        folder.drop("a.jsonl", bad)
        folder.take()
    assert [folder.refused(name) for name in ("a.4.jsonl", "a.5.jsonl")] == [b"1\n", b"2\n"]
    assert folder.report("a.4.jsonl")
    assert folder.report("a.5.jsonl")


def test_a_file_put_away_meanwhile_under_the_same_name_stays(folder: DropFolder) -> None:
    """What somebody else puts into `done` while a file is in work is not overwritten."""
    folder.drop("a.jsonl", TWO_OFFERS)
    with closing(folder.source()) as source:
        batch = source.read()
        assert batch is not None
        (folder.root / PARTY / "done" / "a.jsonl").write_text("mine")
        batch.acknowledge()
    assert folder.done("a.jsonl") == b"mine"
    assert folder.done("a.jsonl.2") == TWO_OFFERS


def test_the_oldest_file_goes_first(folder: DropFolder) -> None:
    """Files go in the order in which they were last written, whatever they are called."""
    for name, age in (("c", 30), ("a", 20), ("b", 40)):
        dropped = folder.drop(f"{name}.jsonl", json_lines([offer(age)]))
        os.utime(dropped, (1_700_000_000 - age,) * 2)
    assert ids(folder.take()) == ["a-000040", "a-000030", "a-000020"]


def test_the_same_content_has_the_same_ids(folder: DropFolder) -> None:
    """A table dropped twice, even under another name, gives the same events both times."""
    table = Path("connectors/file_drop/examples/umzuege.csv").read_bytes()
    folder.drop("umzuege.csv", table)
    first = folder.take()
    folder.drop("umzuege-nochmal.csv", table)
    assert folder.take() == first
    folder.drop("umzuege.csv", table.replace(b"Lindenstra", b"Weidenstra"))
    corrected = folder.take()
    assert not set(ids(corrected)) & set(ids(first))


@contextmanager
def without_privileges(tree: Path) -> Iterator[None]:
    """Inside the block this process is nobody special, who owns the tree."""
    if os.geteuid():
        yield
        return
    nobody = 65534
    for path in (tree, *tree.rglob("*")):
        os.chown(path, nobody, nobody)
    above = [(path, path.stat().st_mode) for path in tree.parents if path != Path("/")]
    for path, mode in above:
        path.chmod(mode | 0o011)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)
        for path, mode in above:
            path.chmod(mode)


def test_a_file_that_may_not_be_read_is_refused(folder: DropFolder) -> None:
    """It goes to `refused`, and the report says that a right is missing."""
    folder.drop("a.jsonl", TWO_OFFERS).chmod(0)
    with without_privileges(folder.root):
        assert folder.take() == []
    assert folder.names("refused") == ["a.jsonl", "a.jsonl.report.jsonl"]
    (entry,) = folder.report("a.jsonl")
    assert "right" in entry["detail"]


def test_a_folder_without_rights_holds_up_nobody_else(folder: DropFolder) -> None:
    """A party whose inbox cannot be emptied is reported and tried again; the others go on."""
    other = DropFolder(folder.root, OTHER)
    folder.drop("a.jsonl", TWO_OFFERS)
    other.drop("b.jsonl", json_lines([offer(3, party=OTHER)]))
    with without_privileges(folder.root), closing(folder.source()) as source:
        folder.inbox.chmod(0o500)
        with capture_logs() as logs:
            assert ids(list(handed_out(source))) == ["a-000003"]
        folder.inbox.chmod(0o700)
        assert ids(list(handed_out(source))) == ["a-000001", "a-000002"]
    told = [line for line in logs if line["event"] == "folder_unusable"]
    assert {line["party"] for line in told} == {PARTY}


def test_folders_are_parties_or_nothing(folder: DropFolder, tmp_path: Path) -> None:
    """With no parties named, every folder named like one and with an inbox is served."""
    for name in ("KFB", "..x", "lost+found", "kfb", "no-inbox"):
        (folder.root / name / ("out" if name == "no-inbox" else "in")).mkdir(parents=True)
    (folder.root / "notes.txt").touch()
    (tmp_path / "outside" / "in").mkdir(parents=True)
    (folder.root / "outside").symlink_to(tmp_path / "outside")
    for inbox in folder.root.glob("*/in"):
        (inbox / "a.jsonl").write_bytes(json_lines([offer(1, party="kfb")]))
    (folder.inbox / "a.jsonl").write_bytes(json_lines([offer(1)]))
    with capture_logs() as logs:
        parties = {event.context.party for event in folder.take()}
    assert {line["event"] for line in logs} == {"file_done"}
    assert parties == {"kfb", PARTY}
    assert [path.name for path in (folder.root / "KFB").iterdir()] == ["in"]


def test_named_parties_get_their_folders(tmp_path: Path) -> None:
    """The folders of named parties are made, and no other one is served."""
    folder = DropFolder(tmp_path / "root", OTHER)
    folder.drop("a.jsonl", json_lines([offer(1, party=OTHER)]))
    assert folder.take(parties=[PARTY]) == []
    assert sorted(path.name for path in (folder.root / PARTY).iterdir()) == [
        ".work",
        "done",
        "in",
        "refused",
    ]


def test_a_folder_made_later_is_found(folder: DropFolder) -> None:
    """A new party's folder is served without a restart."""
    with closing(folder.source()) as source:
        assert source.read() is None
        DropFolder(folder.root, "kfb").drop("a.jsonl", json_lines([offer(1, party="kfb")]))
        assert ids(list(handed_out(source))) == ["a-000001"]
