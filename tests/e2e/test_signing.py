"""`hub signing` and `hub verify` as they are called."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json

from schemas.codec import encode, taken_apart
from tests.support.builders import EPPERTSHAUSEN, a_referral
from tests.support.command import Said, hub
from tests.support.signing import Desk, today_s

pytestmark = pytest.mark.e2e


def _called(folder: Path, *words: str) -> Said:
    named = ("signatures.keys_file=keys.toml", "signatures.private_keys=keys")
    return hub(*words, *(word for one in named for word in ("--set", one)), folder=folder)


def _key(folder: Path, *words: str) -> dict[str, Any]:
    said = _called(folder, "signing", *words, "-o", "json")
    assert said.code == 0, said.err
    found: dict[str, Any] = said.data[0]
    return found


def test_a_key_from_its_issue_to_its_end(tmp_path: Path) -> None:
    """Issued, used, rotated with overlap and revoked; what it signed is shown in plain words."""
    first = _key(tmp_path, "issue", EPPERTSHAUSEN)
    record = Desk(tmp_path).keyring().signed(encode(a_referral()), today_s())
    attributes, value = taken_apart(record)
    file = tmp_path / "event.json"
    file.write_bytes(to_json({**attributes, "data": json.loads(value)}))

    proven = _called(tmp_path, "verify", str(file), "--language", "en")
    assert proven.code == 0
    assert f"Eppertshausen ({EPPERTSHAUSEN}) signed" in proven.out
    assert first["kid"] in proven.out

    second = _key(tmp_path, "rotate", EPPERTSHAUSEN, "--overlap", "3")
    _key(tmp_path, "revoke", second["kid"])
    listed = _called(tmp_path, "signing", "list", "-o", "json").data
    assert [(one["kid"], one["state"]) for one in listed] == [
        (first["kid"], "valid"),
        (second["kid"], "revoked"),
    ]

    file.write_bytes(file.read_bytes().replace(b"Beispiel", b"Anders"))
    forged = _called(tmp_path, "verify", str(file), "--language", "de")
    assert forged.code == 1
    assert "gehört nicht zu diesem Inhalt" in forged.out


def test_without_a_registry_it_is_said_what_to_name(tmp_path: Path) -> None:
    """Who calls it wrongly is told how to call it right."""
    said = hub("signing", "list", folder=tmp_path)
    assert said.code == 2
    assert "signatures.keys_file=keys.toml" in said.err
