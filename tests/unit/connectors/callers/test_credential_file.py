"""The file of tokens: read, read again when it changes, and written in place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.callers.credential_file import (
    TokensUnreadable,
    add_credential,
    add_token,
    read_credentials,
    revoke,
)
from connectors.callers.credentials import Credential
from connectors.callers.scopes import ALL, Scope
from connectors.callers.tokens import digest
from connectors.callers.watched_file import WatchedFile

A, B = digest("a"), digest("b")
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where it lies."""
    return tmp_path / "tokens"


def later() -> datetime:
    """So late that no change was made just now."""
    return datetime.now(UTC) + timedelta(hours=1)


def test_file_is_read_line_by_line(file: Path) -> None:
    """Comments and blank lines are read over; a line that stands twice is one."""
    file.write_text(f"# invented\n\n{A}  kfb  # the jobcenter\r\n{B} *06432005\n{A} kfb\n")

    assert [(one.key, one.party) for one in read_credentials(file)] == [
        (A, "kfb"),
        (B, "06432005"),
    ]


@pytest.mark.parametrize("line", ["my-token kfb", A, f"{A.upper()} kfb", f"{A} Kfb!"])
def test_error_names_file_and_line_not_the_content(file: Path, line: str) -> None:
    """A wrong line is named by its number; a token that stands there is not repeated."""
    file.write_text(f"{B} kfb\n{line}\n")

    with pytest.raises(TokensUnreadable, match=r"tokens, line 2: write the token's SHA-256") as bad:
        read_credentials(file)

    assert "my-token" not in str(bad.value)


@pytest.mark.parametrize("other", [f"{A} 06432005", f"{A} kfb scopes=trace"])
def test_one_token_has_one_party_and_one_set_of_rights(file: Path, other: str) -> None:
    """What two lines say differently of one token is refused: neither is guessed."""
    file.write_text(f"{A} kfb\n{other}\n")

    with pytest.raises(TokensUnreadable, match=r"line 2.*another party"):
        read_credentials(file)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_file_that_cannot_be_read_is_named(file: Path, content: bytes | None) -> None:
    """A missing or a binary file is named by its path."""
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(TokensUnreadable, match="tokens: cannot be read"):
        read_credentials(file)


def test_a_token_is_added_as_its_hash(file: Path) -> None:
    """The file gets hash, party, scopes and end; the token is only handed out."""
    scopes = frozenset({Scope.SEND_REFERRALS, Scope.TRACE})
    token = add_token(file, "06432005", scopes, UNTIL, "Sozialamt, Gemeinde Ä")

    assert read_credentials(file) == [
        Credential(digest(token), "06432005", scopes, UNTIL, "Sozialamt, Gemeinde Ä")
    ]
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_without_its_end_is_not_grown(file: Path) -> None:
    """Behind a last line without a line end the next one begins on its own."""
    file.write_text(f"{A} kfb")
    add_token(file, "06432005", ALL, None)

    assert [one.party for one in read_credentials(file)] == ["kfb", "06432005"]


@pytest.mark.parametrize("note", ["two\nlines", f"x\n{B} kfb", "a\x1b[2Jb", "a\u2028b"])
def test_a_note_adds_no_line(file: Path, note: str) -> None:
    """What people write beside a token cannot let somebody else in."""
    with pytest.raises(TokensUnreadable, match="cannot be written on a line"):
        add_token(file, "kfb", ALL, None, note)

    assert not file.exists()


def test_what_stands_there_is_not_added_again(file: Path) -> None:
    """A client or certificate that is known already would be two lines of one key."""
    add_credential(file, Credential("client:epp", "06432005"))

    with pytest.raises(TokensUnreadable, match="client:epp stands there already"):
        add_credential(file, Credential("client:epp", "kfb"))


def test_a_revoked_line_is_a_comment(file: Path) -> None:
    """One byte changes; the file stays the same file, and every other line what it was."""
    file.write_text(f"# ours\n  {A} kfb  # leaves\n{B} kfb\nclient:epp 06432005\n")
    before, inode = file.read_bytes(), file.stat().st_ino
    gone = revoke(file, A[:8])

    assert [one.key for one in gone] == [A]
    assert [one.key for one in read_credentials(file)] == [B, "client:epp"]
    assert file.stat().st_ino == inode
    assert sum(a != b for a, b in zip(before, file.read_bytes(), strict=True)) == 1
    assert revoke(file, "unknown") == []


def test_a_change_counts_at_once(file: Path) -> None:
    """A token that was added, and one that was revoked, without anybody being told."""
    file.write_text(f"{A} kfb\n")
    kept = WatchedFile({B: "06432005"}, file, later)
    token = add_token(file, "06432005", ALL, None)

    assert {one.party for one in kept.current()} == {"kfb", "06432005"}
    assert kept.current().find(digest(token)) is not None

    revoke(file, A[:8])
    assert kept.current().find(A) is None
    assert kept.current().find(B) is not None


def test_two_changes_in_one_tick_are_both_seen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the file's times could not tell a second change from the first, it is read again."""
    file.write_text(f"{A} kfb\n")
    moment = datetime(2026, 11, 27, 12, tzinfo=UTC)
    monkeypatch.setattr(WatchedFile, "_look", lambda _: (int(moment.timestamp() * 1e9), 0, 0, 0))
    clock = [moment + timedelta(seconds=1)]
    kept = WatchedFile({}, file, lambda: clock[0])
    file.write_text(f"{B} 06432005\n")
    assert [one.party for one in kept.current()] == ["06432005"]

    clock[0] += timedelta(seconds=1)
    file.write_text("# nobody\n")
    assert [one.party for one in kept.current()] == ["06432005"]


def test_a_broken_file_leaves_what_was(file: Path) -> None:
    """A slip of the pen shuts nobody out and lets nobody in; mended, it counts again."""
    file.write_text(f"{A} kfb\n")
    kept = WatchedFile({}, file, later)
    with capture_logs() as logs:
        file.write_text(f"{A} kfb\n{B} 0643 2005\n")
        assert [one.party for one in kept.current()] == ["kfb"]
        file.unlink()
        assert [one.party for one in kept.current()] == ["kfb"]
        file.write_text(f"{B} 06432005\n")

        assert [one.party for one in kept.current()] == ["06432005"]
    assert [line["event"] for line in logs].count("tokens_file_unreadable") == 2


def test_settings_and_file_agree(file: Path) -> None:
    """A token of both has one party; what the file says of scopes and end counts."""
    file.write_text(f"{A} kfb scopes=trace\n")
    kept = WatchedFile({A: "kfb"}, file, later).current().find(A)
    assert kept is not None
    assert kept.scopes == {Scope.TRACE}

    with pytest.raises(TokensUnreadable, match="another party"):
        WatchedFile({A: "06432005"}, file, later)
