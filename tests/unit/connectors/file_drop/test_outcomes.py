"""What becomes of a file: every line an event or in the report, the file in one place."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from connectors.file_drop.options import Mode
from schemas.problems import ProblemCode
from tests.support.drop_folder import PARTY, DropFolder, handed_out, ids, json_lines, offer
from tests.support.patience import FEW

EXAMPLES = Path("connectors/file_drop/examples")
GOOD = json_lines([offer(1)])
BAD = b'{"specversion": "1.0"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    """An empty folder of one party."""
    return DropFolder(tmp_path)


@FEW
@given(
    lines=st.lists(st.sampled_from(["good", "bad", "blank"]), min_size=1, max_size=20),
    batch=st.integers(1, 7),
    mode=st.sampled_from(Mode),
)
def test_every_line_is_an_event_or_reported(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], batch: int, mode: Mode
) -> None:
    """Events and reported lines are together exactly the lines, whichever way they are taken."""
    folder = DropFolder(tmp_path_factory.mktemp("root"))
    text = {"bad": BAD, "blank": b"\n"}
    folder.drop(
        "a.jsonl",
        b"".join(text.get(what) or json_lines([offer(n)]) for n, what in enumerate(lines)),
    )
    good = [offer(number) for number, what in enumerate(lines) if what == "good"]
    bad = [number for number, what in enumerate(lines, start=1) if what == "bad"]
    taken = folder.take(batch_events=batch, mode=mode)
    if mode is Mode.LINES or not bad:
        assert taken == good
    else:
        assert taken == []
    assert folder.in_work() == folder.names("in") == []
    reported = folder.report("a.jsonl") if bad or not good else []
    assert sorted({entry["line"] for entry in reported}) == (bad or ([] if good else [1]))
    stayed = "done" if taken else "refused"
    assert "a.jsonl" in folder.names(stayed)
    if taken and bad:
        assert folder.refused("a.jsonl.rejected") == BAD * len(bad)
    else:
        assert "a.jsonl.rejected" not in folder.names("refused")


def test_good_lines_go_and_bad_ones_come_back(folder: DropFolder) -> None:
    """Line by line: the file is done, the bad lines lie in `refused` with their report."""
    folder.drop("a.jsonl", GOOD + BAD + json_lines([offer(2)]))
    assert ids(folder.take()) == ["a-000001", "a-000002"]
    assert folder.names("done") == ["a.jsonl"]
    assert folder.names("refused") == ["a.jsonl.rejected", "a.jsonl.report.jsonl"]
    codes = {entry["field"]: entry["code"] for entry in folder.report("a.jsonl")}
    assert codes["legalbasis"] == ProblemCode.LEGAL_BASIS_MISSING
    assert codes["type"] == ProblemCode.ATTRIBUTE_MISSING
    assert {entry["line"] for entry in folder.report("a.jsonl")} == {2}


def test_whole_files_go_or_stay(folder: DropFolder) -> None:
    """As a whole: one bad line, and nothing of the file goes; the report names every bad line."""
    content = BAD + GOOD * 3 + BAD
    folder.drop("a.jsonl", content)
    assert folder.take(mode="whole", batch_events=1) == []
    assert folder.names("refused") == ["a.jsonl", "a.jsonl.report.jsonl"]
    assert folder.refused("a.jsonl") == content
    assert {entry["line"] for entry in folder.report("a.jsonl")} == {1, 5}


@pytest.mark.parametrize(
    ("example", "fault", "correct"),
    [
        ("events.jsonl", b"sgb10-69", b"sgb10-96"),
        ("ueberweisungen.csv", b"17.08.1990", b"17.13.1990"),
        ("umzuege.csv", b"23.02.1961", b"30.02.1961"),
        ("umzuege.xml", b"<hausnummer>21<", b"<hausnummer>einundzwanzig<"),
    ],
)
def test_what_comes_back_can_be_corrected_and_dropped(
    folder: DropFolder, example: str, fault: bytes, correct: bytes
) -> None:
    """Bad lines come back as a file of their format: corrected and renamed, it is taken."""
    whole = (EXAMPLES / example).read_bytes()
    folder.drop(example, whole)
    expected = folder.take()
    folder.drop(example, whole.replace(fault, correct, 1))
    went = folder.take()
    (name,) = (name for name in folder.names("refused") if name.endswith(".rejected"))
    back = folder.refused(name)
    folder.drop(f"nochmal-{example}", back.replace(correct, fault))
    went += folder.take()
    assert sorted(event.data.model_dump_json() for event in went) == sorted(
        event.data.model_dump_json() for event in expected
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.csv", b"", "empty"),
        ("a.xml", b"", "empty"),
        ("a.jsonl", b"\n \n\r\n", "blank lines"),
        ("a.jsonl", b"\xff\xfe{\0}\0", "UTF-16"),
        ("a.txt", GOOD, "must end in"),
        ("a.xlsx", b"PK\x03\x04", "CSV UTF-8"),
        ("a", GOOD, "must end in"),
        ("a.csv", b"Haustier;Farbe\nHund;braun\n", "fits no mapping"),
        ("a.xml", b"<umzuege><umzug></umzuege>", "not well-formed"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><umzuege/>', "DTD"),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_a_file_that_is_none_is_refused(
    folder: DropFolder, name: str, content: bytes, words: str, mode: Mode
) -> None:
    """A file that cannot be read lies in `refused` as it was, with one reason in the report."""
    folder.drop(name, content)
    assert folder.take(mode=mode) == []
    assert folder.names("refused") == sorted([name, f"{name}.report.jsonl"])
    assert folder.refused(name) == content
    (entry,) = folder.report(name)
    assert entry["code"] == ProblemCode.VALUE_UNREADABLE
    assert words in entry["detail"]
    assert entry["line"] >= 1


def test_lists_without_entries_are_done(folder: DropFolder) -> None:
    """A table with nothing but its header and a list without moves: a day without any."""
    header = (EXAMPLES / "umzuege.csv").read_bytes().splitlines()[0]
    folder.drop("umzuege.csv", header)
    folder.drop("umzuege.xml", b"<umzuege/>")
    assert folder.take() == []
    assert folder.names("done") == ["umzuege.csv", "umzuege.xml"]
    assert folder.names("refused") == []


def test_nothing_of_a_broken_list_goes(folder: DropFolder) -> None:
    """An XML list that breaks off hands out none of the moves before the break."""
    whole = (EXAMPLES / "umzuege.xml").read_bytes()
    folder.drop("umzuege.xml", whole[:-200])
    assert folder.take() == []
    assert folder.names("refused") == ["umzuege.xml", "umzuege.xml.report.jsonl"]


def test_another_partys_event_is_refused(folder: DropFolder) -> None:
    """Who drops a file is who its folder belongs to, whatever the event says."""
    folder.drop("a.jsonl", json_lines([offer(1, party="kfb")]))
    assert folder.take() == []
    (entry,) = folder.report("a.jsonl")
    assert (entry["code"], entry["field"]) == (ProblemCode.SOURCE_MISMATCH, "source")


def test_a_partys_own_mapping_is_read_anew_for_each_table(folder: DropFolder) -> None:
    """A mapping in the party's folder is used at once, and a broken one refuses the table."""
    mappings = folder.root / PARTY / "mappings"
    mappings.mkdir()
    example = (EXAMPLES / "umzuege.csv").read_text("utf-8-sig").replace("Vorgang", "Az")
    default = Path("connectors/file_drop/mappings/umzuege.toml").read_text("utf-8")
    with closing(folder.source()) as source:
        folder.drop("umzuege.csv", example.encode())
        assert list(handed_out(source)) == []
        (mappings / "umzuege.toml").write_text(default.replace('"Vorgang"', '"Az"'), "utf-8")
        folder.drop("umzuege.csv", example.encode())
        assert len(list(handed_out(source))) == 2
        (mappings / "umzuege.toml").write_text('type = "gossip.heard.v1"\n[columns]', "utf-8")
        folder.drop("umzuege.csv", example.encode())
        assert list(handed_out(source)) == []
    assert "Column A" in folder.report("umzuege.csv")[0]["detail"]
    assert "mapping umzuege: type: no such" in folder.report("umzuege.3.csv")[0]["detail"]


def test_a_big_file_holds_up_nobody_else(folder: DropFolder) -> None:
    """While one party's long file is taken, another party's short one gets its turn."""
    folder.drop("long.jsonl", json_lines([offer(number) for number in range(40)]))
    other = DropFolder(folder.root, "kfb")
    other.drop("short.jsonl", json_lines([offer(7, party="kfb")]))
    with closing(folder.source(batch_events=2)) as source:
        parties = [event.context.party for event in handed_out(source)]
    assert parties.index("kfb") <= 2


def test_a_batch_stays_the_same_until_it_is_acknowledged(folder: DropFolder) -> None:
    """Reading again before the acknowledgement gives the same batch; nothing is passed over."""
    folder.drop("a.jsonl", json_lines([offer(number) for number in range(4)]))
    with closing(folder.source(batch_events=2)) as source:
        first = source.read()
        assert first is not None
        assert source.read() is first
        first.acknowledge()
        second = source.read()
        assert second is not None
        first.acknowledge()
        assert source.read() is second
        assert ids(second.events) == ["a-000002", "a-000003"]


def test_batches_are_bounded_in_bytes(folder: DropFolder) -> None:
    """However large the events, a batch holds no more bytes than told, and one event."""
    folder.drop("a.jsonl", json_lines([offer(n, text="x" * 1_900) for n in range(9)]))
    with closing(folder.source(batch_bytes=5_000)) as source:
        batch = source.read()
        assert batch is not None
        assert len(batch.events) == 3


def test_one_line_in_the_log_for_each_file(folder: DropFolder) -> None:
    """What became of a file stands in one line, with its counts and without its name."""
    folder.drop("Haddad, Anna.jsonl", GOOD + BAD)
    folder.drop("Weiß.csv", b"x")
    with capture_logs() as logs:
        folder.take()
    done, refused = logs
    assert done["event"] == "file_done"
    assert (done["lines"], done["events"], done["refused"]) == (2, 1, 1)
    assert refused["event"] == "file_refused"
    assert not any("Haddad" in str(line) or "Weiß" in str(line) for line in logs)


def test_the_report_can_be_read_by_whoever_could_read_the_file(folder: DropFolder) -> None:
    """Report and lines given back have the file's rights, and never more."""
    folder.drop("a.jsonl", GOOD + BAD).chmod(0o640)
    folder.take()
    for path in (folder.root / PARTY / "refused").iterdir():
        assert path.stat().st_mode & 0o777 == 0o640
