"""A door lets a party in by just the tokens it should have, and others as before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.callers.credential_file import add_credential, read_credentials
from connectors.callers.credentials import Credential
from connectors.callers.tokens import digest
from connectors.callers.watched_file import WatchedFile
from hub.errors import ConfigError
from hub.membership import tokens
from hub.membership.issuing import issue
from hub.membership.membership import Kind

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TOWN, OFFICE = "06432005", "kfb"
ISSUED = issue(1, NOW, NOW + timedelta(days=365))
OURS = ISSUED.credentials.token(Kind.DOOR, TOWN)
BY_HAND = Credential(digest("by-hand"), TOWN)
OTHERS = Credential(digest("others"), OFFICE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a line of each of two parties, and a comment."""
    made = tmp_path / "http_tokens"
    made.write_text("# ours\n", "utf-8")
    for one in (BY_HAND, OTHERS):
        add_credential(made, one)
    return made


def test_each_token_is_for_one_thing() -> None:
    """Whoever has the mailbox's token cannot send, and the other way round."""
    mailbox = ISSUED.credentials.token(Kind.MAILBOX, TOWN)

    assert not OURS.scopes & mailbox.scopes
    assert OURS.key == digest(ISSUED.door_token)
    assert mailbox.key == digest(ISSUED.mailbox_token)


def test_others_stay_as_they_are(file: Path) -> None:
    """Their lines, and what people wrote between them."""
    assert tokens.make_so(file, TOWN, []) == 1

    assert read_credentials(file) == [OTHERS]
    assert file.read_text("utf-8").startswith("# ours\n")
    assert tokens.of(file, TOWN) == []


def test_what_is_right_is_not_touched(file: Path) -> None:
    """So that no door reads it for nothing."""
    tokens.make_so(file, TOWN, [BY_HAND, OURS])
    before = file.read_bytes()

    assert tokens.make_so(file, TOWN, [BY_HAND, OURS]) == 0
    assert file.read_bytes() == before


def test_another_end_never_shuts_a_party_out(file: Path) -> None:
    """At no moment is the token unknown: the line is as long as before, in the same place."""
    tokens.make_so(file, TOWN, [BY_HAND, OURS])
    before = file.read_text("utf-8")
    sooner = OURS._replace(until=NOW + timedelta(days=1))

    assert tokens.make_so(file, TOWN, [BY_HAND, sooner]) == 1

    assert tokens.of(file, TOWN) == [BY_HAND, sooner]
    assert len(file.read_text("utf-8")) == len(before)


def test_an_end_may_be_set_where_there_was_none(file: Path) -> None:
    """Then the line is written anew."""
    ending = BY_HAND._replace(until=NOW)

    assert tokens.make_so(file, TOWN, [ending]) == 1

    assert tokens.of(file, TOWN) == [ending]


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    """For the first party, and not for one that has nothing."""
    assert tokens.make_so(tmp_path / "new", TOWN, []) == 0
    assert not (tmp_path / "new").exists()

    assert tokens.make_so(tmp_path / "new", TOWN, [OURS]) == 1
    assert read_credentials(tmp_path / "new") == [OURS]


def test_an_open_door_hears_of_it(file: Path) -> None:
    """Who is put in is let in, who is taken out is not, without a restart."""
    door = WatchedFile({}, file, lambda: datetime.now(UTC))
    assert door.current().find(BY_HAND.key)

    tokens.make_so(file, TOWN, [OURS])

    assert door.current().find(BY_HAND.key) is None
    assert door.current().find(OURS.key)


def test_what_is_kept_while_suspended_comes_back_as_it_was() -> None:
    """With scopes, end and note."""
    kept = tokens.written([OURS, BY_HAND])

    assert tokens.read(kept) == [OURS, BY_HAND]


def test_a_broken_file_is_an_error(file: Path) -> None:
    """It is not written over."""
    file.write_text("secret kfb", "utf-8")

    with pytest.raises(ConfigError) as told:
        tokens.make_so(file, TOWN, [OURS])
    assert str(file) in str(told.value)
    assert file.read_text("utf-8") == "secret kfb"
