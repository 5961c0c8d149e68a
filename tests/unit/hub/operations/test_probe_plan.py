"""Which ways are probed, and what is said of those that are not."""

from pathlib import Path
from typing import Final

import pytest

from connectors.callers.tokens import digest
from hub.doors.asked import known
from hub.errors import ConfigError, UsageError
from hub.monitor.look import Place
from hub.monitor.probes import Way
from hub.operations.probe_plan import inboxes, plan, source_of
from hub.settings import Settings
from schemas.vocabulary import Door
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB

TOKEN: Final = "an-invented-token"
HTTP: Final = {"tokens": {digest(TOKEN): "hub"}}


def settings(folder: Path, **sections: object) -> Settings:
    """A hub that reads for the jobcenter and, as a webhook, for Dieburg."""
    asked: dict[str, object] = {
        "file_drop": {"root": folder},
        "backoffice": {"parties": [KFB]},
        "webhook": {"receivers": {DIEBURG: "https://dieburg.example/events"}},
    }
    return Settings.model_validate(asked | sections)


def left_out(found: Settings) -> dict[str, str]:
    """The doors that are not probed, and why."""
    return {one.name: one.because for one in plan(found).left_out if one.name in list(Door)}


def test_recipients_are_those_that_a_sink_reads_for(tmp_path: Path) -> None:
    """Each party with its sinks, under the names that the broker knows."""
    both = settings(tmp_path, topic_prefix="x.", mailbox={"parties": [KFB]})
    assert inboxes(both) == {
        KFB: {
            "x.kurze-wege.backoffice": Place("x.to.kfb", 0),
            "x.kurze-wege.mailbox": Place("x.to.kfb", 0),
        },
        DIEBURG: {f"x.kurze-wege.webhook.{DIEBURG}": Place(f"x.to.{DIEBURG}", 0)},
    }


def test_every_door_goes_to_every_inbox(tmp_path: Path) -> None:
    """An outbox only to its own party; every door says who it is that speaks."""
    (tmp_path / "hub").mkdir()
    found = settings(
        tmp_path,
        http_api=HTTP,
        file_drop={"root": tmp_path, "parties": ["hub"]},
        sql_outbox={"database": "sqlite:///outbox.sqlite", "party": DIEBURG},
        monitor={"probe": {"token": TOKEN, "sql_outbox": True}},
    )
    ways = plan(found).ways
    assert {(way.door, way.recipient, source_of(way)) for way in ways} == {
        ("http_api", KFB, "//kurze-wege/hub/probe"),
        ("http_api", DIEBURG, "//kurze-wege/hub/probe"),
        ("file_drop", KFB, "//kurze-wege/hub/probe"),
        ("file_drop", DIEBURG, "//kurze-wege/hub/probe"),
        ("sql_outbox", DIEBURG, f"//kurze-wege/{DIEBURG}/probe"),
    }
    assert left_out(found) == {}
    (one,) = plan(found, ["http_api"], [KFB]).ways
    assert one == Way("http_api", KFB, {"kurze-wege.backoffice": Place("to.kfb", 0)})


def test_a_door_that_lacks_something_says_so(tmp_path: Path) -> None:
    """What is not configured is not probed; what is, only where the hub was let in."""
    nothing = settings(tmp_path / "none")
    assert left_out(nothing) == {
        "http_api": "http_api.tokens is not set",
        "file_drop": "file_drop.parties is not set",
        "sql_outbox": "sql_outbox.database is not set",
    }
    strangers = settings(
        tmp_path,
        http_api=HTTP,
        sql_outbox={"database": "sqlite:///outbox.sqlite", "party": DIEBURG},
    )
    assert left_out(strangers) == {
        "http_api": "monitor.probe.token is not set",
        "file_drop": "hub is not among file_drop.parties",
        "sql_outbox": "monitor.probe.sql_outbox is not set",
    }
    elsewhere = settings(
        tmp_path,
        file_drop={"root": tmp_path, "parties": ["hub"]},
        sql_outbox={"database": "sqlite:///outbox.sqlite", "party": EPPERTSHAUSEN},
        monitor={"probe": {"sql_outbox": True}},
    )
    assert left_out(elsewhere) == {
        "http_api": "http_api.tokens is not set",
        "file_drop": f"{tmp_path / 'hub'} is not there",
        "sql_outbox": "its party has no inbox here",
    }


def test_parties_without_an_inbox_are_named(tmp_path: Path) -> None:
    """All but the two that are read for."""
    without = [one for one in plan(settings(tmp_path)).left_out if one.name not in list(Door)]
    assert len(without) == 22
    assert {one.because for one in without} == {"no sink of these settings reads for it"}


@pytest.mark.parametrize(("doors", "parties"), [(["window"], []), ([], ["atlantis"])])
def test_a_name_that_does_not_exist(doors: list[str], parties: list[str], tmp_path: Path) -> None:
    """It is an error, not a way less."""
    with pytest.raises(UsageError, match="There is none of this name"):
        plan(settings(tmp_path), doors, parties)


def test_the_hub_is_let_in_by_doors_alone(tmp_path: Path) -> None:
    """At a door its own id may be named; nobody's deliveries are asked for in that name."""
    found = settings(tmp_path)
    known(found, ("hub", KFB), "file_drop.parties", may_probe=True)
    with pytest.raises(ConfigError, match="Not in the registry of parties: hub"):
        known(found, ("hub",), "backoffice.parties")
