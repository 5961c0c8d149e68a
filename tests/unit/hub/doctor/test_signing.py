"""Doctor tells before a key ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.doctor.check import Health
from hub.doctor.signing import of
from hub.settings import Settings
from hub.signing.issuing import revoke
from tests.support.builders import DIEBURG, KFB, NOW
from tests.support.signing import Desk


def _settings(desk: Desk) -> Settings:
    return Settings(signatures=desk.options)


def test_without_signing_there_is_nothing_to_look_at() -> None:
    """Off unless configured."""
    assert list(of(Settings(), datetime.now(UTC))) == []


def test_each_partys_newest_key_is_looked_at(tmp_path: Path) -> None:
    """Soon ending warns, ended fails, and an older key beside a good one does neither."""
    desk = Desk(tmp_path)
    desk.issue(KFB, valid=timedelta(days=3))
    desk.issue(KFB, at=NOW)
    soon = desk.issue(DIEBURG, valid=timedelta(days=20))
    seal = desk.seal(at=NOW - timedelta(days=400))
    found = {one.part: one for one in of(_settings(desk), NOW)}
    assert found["signatures"].health is Health.OK
    assert len(found) == 4
    assert found[f"key {soon.kid}"].health is Health.WARN
    assert found[f"key {seal.kid}"].health is Health.FAIL
    assert "hub signing rotate hub --seal" in found[f"key {seal.kid}"].remedy


def test_a_revoked_key_is_none(tmp_path: Path) -> None:
    """Nobody signs with it any more."""
    desk = Desk(tmp_path)
    key = desk.issue(KFB)
    revoke(desk.registry, key.kid, NOW)
    assert [one.part for one in of(_settings(desk), NOW)] == ["signatures"]


def test_a_broken_registry_is_told(tmp_path: Path) -> None:
    """With what to do."""
    desk = Desk(tmp_path)
    desk.issue(KFB)
    desk.registry.write_text("")
    (found,) = of(_settings(desk), NOW)
    assert found.health is Health.FAIL
    assert found.remedy
