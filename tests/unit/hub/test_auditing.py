"""What the operator does is written down before it is done, or it is not done."""

from pathlib import Path

import pytest

from hub import auditing
from hub.audit.act import Did
from hub.audit.keeping import CODE, NotAudited, Wanted
from hub.errors import ConfigError, UsageError
from hub.settings import Settings


def settings(database: str = "", **more: str) -> Settings:
    """With an audit in this database, which may be none."""
    return Settings.model_validate({"audit": {"database": database, **more}})


def in_file(folder: Path) -> Settings:
    """With an audit in a file of its own, kept by somebody in a container."""
    return settings(f"sqlite:///{folder / 'audit.sqlite'}", operator="o.beispiel")


def written(of: Settings) -> list[tuple[str, ...]]:
    """What stands in the audit, oldest first: what, about what, of which party, why."""
    with auditing.kept(of) as audit:
        assert audit
        rows = audit.latest(Wanted(), most=100)
    assert {row.who.partition("@")[0] for row in rows} <= {"o.beispiel"}
    assert {row.role for row in rows} <= {"operator"}
    return [(row.did, row.about, row.party, row.reason) for row in reversed(rows)]


def test_it_stands_there_before_it_is_done(tmp_path: Path) -> None:
    """Inside, each row can be read already, by whoever looks."""
    of = in_file(tmp_path)
    with auditing.audited(of, Did.PARTY_ADDED, "06432005", party="06432005", reason="Pilot"):
        assert written(of) == [("party-added", "06432005", "06432005", "Pilot")]

    assert len(written(of)) == 1


def test_each_thing_has_its_row(tmp_path: Path) -> None:
    """What is done to several things at once is one row for each."""
    of = in_file(tmp_path)
    with auditing.audited(of, Did.LETTER_DISCARDED, "referrals.dead/0/1", "referrals.dead/0/2"):
        pass

    assert [about for _, about, *_ in written(of)] == ["referrals.dead/0/1", "referrals.dead/0/2"]


def test_what_breaks_off_is_written_down_as_well(tmp_path: Path) -> None:
    """An error stands there by its kind, without its text, and goes on to the caller."""
    of = in_file(tmp_path)
    with pytest.raises(OSError, match="disk"), auditing.audited(of, Did.TOPICS_APPLIED, "topics"):
        raise OSError("disk of Erika Mustermann")

    assert written(of)[1:] == [("broken-off", "topics", "", "topics-applied: OSError")]


def test_nothing_is_done_that_cannot_be_written_down(tmp_path: Path) -> None:
    """Where the audit cannot be written the act is refused, with a code."""
    (tmp_path / "audit.sqlite").mkdir()
    done = []
    refused = pytest.raises(NotAudited, match=CODE)
    with refused, auditing.audited(in_file(tmp_path), Did.TOPICS_APPLIED, "topics"):
        done.append("applied")

    assert done == []


def test_without_a_database_everything_goes_on() -> None:
    """Nothing is written down where no audit is kept, and nothing is refused."""
    done = []
    with auditing.audited(settings(), Did.TOPICS_APPLIED, "topics"):
        done.append("applied")
    auditing.check(settings())

    assert done == ["applied"]
    assert list(auditing.steps(settings())) == []
    assert auditing.accounts(None, "kfb") is None


@pytest.mark.parametrize(
    ("accounts", "name"),
    [
        ({"web": {"database": "sqlite:///own.sqlite"}}, "web.database"),
        (
            {"monitor": {"accounts": {"database": "sqlite:///own.sqlite"}}},
            "monitor.accounts.database",
        ),
    ],
)
def test_a_file_of_accounts_is_refused(accounts: dict[str, object], name: str) -> None:
    """It is locked while a sign-in is written down: the audit needs a file of its own."""
    of = Settings.model_validate({"audit": {"database": "sqlite:///own.sqlite"}} | accounts)
    with pytest.raises(ConfigError, match=f"the file of {name}"), auditing.kept(of):
        pass


@pytest.mark.parametrize("about", ["two\nlines", "x" * 251])
def test_what_cannot_stand_there_is_not_done(tmp_path: Path, about: str) -> None:
    """An id too long, or not to be printed, is told to whoever called; nothing is done."""
    done = []
    with (
        pytest.raises(UsageError, match="cannot be written down"),
        auditing.audited(in_file(tmp_path), Did.OFFSETS_RESET, about),
    ):
        done.append("reset")

    assert done == []
    assert written(in_file(tmp_path)) == []


def test_an_operator_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container the system's user may have no name: its number stands there."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr("getpass.getuser", nobody)

    assert auditing.operator(settings()).startswith("uid-")
    assert auditing.operator(settings(operator="o.beispiel")).startswith("o.beispiel@")


def test_a_database_of_another_kind_is_refused() -> None:
    """Only the two kinds are taken, and a word that is no address is told so."""
    with pytest.raises(ValueError, match="sqlite:///FILE or postgresql://"):
        settings("mysql://somewhere/audit")
