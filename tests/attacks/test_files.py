"""Files that are no files, and names that lead elsewhere, in a party's folder."""

import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.attacks.hostile import MARKER
from tests.support.drop_folder import DropFolder, handed_out, ids, json_lines, offer

SECRET = "elsewhere"
OTHER = "06432004"


def _fifo(place: Path, _outside: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path, _outside: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        here = Path.cwd()
        os.chdir(place.parent)  # a socket's path is short
        try:
            listening.bind(place.name)
        finally:
            os.chdir(here)


def _device(place: Path, _outside: Path) -> None:
    place.symlink_to("/dev/zero")


def _link(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "secret.jsonl")


def _folder_link(place: Path, outside: Path) -> None:
    place.symlink_to(outside, target_is_directory=True)


def _dangling(place: Path, _outside: Path) -> None:
    place.symlink_to(place.parent / "nowhere")


def _loop(place: Path, _outside: Path) -> None:
    place.symlink_to(place)


@pytest.mark.parametrize("make", [_fifo, _socket, _device, _link, _folder_link, _dangling, _loop])
def test_what_is_no_file(make: Callable[[Path, Path], None], tmp_path: Path) -> None:
    """Pipes, sockets, devices and links are left alone; what is beside them goes."""
    outside = tmp_path / SECRET
    outside.mkdir()
    (outside / "secret.jsonl").write_bytes(json_lines([offer(9)]))
    folder = DropFolder(tmp_path / "root")
    make(folder.inbox / "a.jsonl", outside)
    folder.drop("b.jsonl", json_lines([offer(1)]))

    taken = folder.take()

    assert [event.context.id for event in taken] == ["a-000001"]
    assert folder.names("done") == ["b.jsonl"]
    assert folder.names("refused") == []
    assert [path.name for path in outside.iterdir()] == ["secret.jsonl"]


NAMES = (
    f"{MARKER}\nforged.jsonl",
    f"\x1b[2J{MARKER}.jsonl",
    "\u202elnosj.jsonl",
    "-rf *.jsonl",
    "$(reboot).jsonl",
    "a\\..\\..\\b.jsonl",
    "%2e%2e%2fa.jsonl",
    "a;b|c&d.jsonl",
    "content.jsonl",
    "journal.json.jsonl",
    "a.report.jsonl",
    "a.rejected.jsonl",
    "CON.jsonl",
    "x" * 249 + ".jsonl",
    "ü" * 124 + ".jsonl",
    os.fsdecode(b"\xff\xfe\x80.jsonl"),
)


@pytest.mark.parametrize("name", NAMES, ids=[f"{n}" for n in range(len(NAMES))])
def test_names(name: str, tmp_path: Path) -> None:
    """A file of any name is put away within its party's rooms, and no log line has the name."""
    root = tmp_path / "root"
    folder = DropFolder(root)
    bad = json_lines([offer(2)]).replace(b"a-000002", MARKER.encode())
    folder.drop(name, json_lines([offer(1)]) + bad)
    before = {path for path in tmp_path.rglob("*") if root not in path.parents}

    with capture_logs() as lines:
        taken = folder.take()

    assert [event.context.id for event in taken] == ["a-000001"]
    assert len(folder.names("done")) == 1
    assert len(folder.names("refused")) == 2  # the bad line, and why
    assert {path for path in tmp_path.rglob("*") if root not in path.parents} == before
    assert {path.name for path in (root / folder.party).iterdir()} == {
        *("in", "done", "refused", ".work")
    }
    assert MARKER not in str(lines)
    assert "\\u202e" not in str(lines)


@pytest.mark.parametrize("room", ["done", "refused", ".work"])
def test_room_that_leads_elsewhere(room: str, tmp_path: Path) -> None:
    """A room that is a link out of the folder makes the folder unusable; others go on."""
    root, outside = tmp_path / "root", tmp_path / SECRET
    outside.mkdir()
    folder, other = DropFolder(root), DropFolder(root, OTHER)
    (root / folder.party / room).symlink_to(outside, target_is_directory=True)
    folder.drop("a.jsonl", json_lines([offer(1)]))
    other.drop("b.jsonl", json_lines([offer(2, party=OTHER)]))

    with capture_logs() as lines:
        taken = folder.take(parties=(folder.party, OTHER))

    assert [event.context.id for event in taken] == ["a-000002"]
    assert list(outside.iterdir()) == []
    assert folder.names("in") == ["a.jsonl"]
    assert "folder_unusable" in {line["event"] for line in lines}


def test_many_files(tmp_path: Path) -> None:
    """Two hundred files that are no events hold up nobody and each gets its answer."""
    folder = DropFolder(tmp_path / "root")
    for number in range(200):
        folder.drop(f"{number:04d}.jsonl", b"\x00" * (number % 3) + b"{}\n")
    folder.drop("last.jsonl", json_lines([offer(1)]))

    taken: list[str] = []
    with closing(folder.source()) as source:
        while folder.names("in"):  # each look takes some of them
            taken += ids(list(handed_out(source)))
        taken += ids(list(handed_out(source)))

    assert taken == ["a-000001"]
    assert len([name for name in folder.names("refused") if name.endswith(".report.jsonl")]) == 200
