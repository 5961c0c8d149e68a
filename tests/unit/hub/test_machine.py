"""What `hub up` tells the processes it starts."""

import pytest

from hub import machine
from hub.origins import load
from hub.settings import Settings


def test_children_get_the_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings given to `up` reach its processes through the environment, whatever their type."""
    given = {
        "kafka.bootstrap": "127.0.0.1:1",
        "replication": 3,
        "topic_prefix": None,
        "http_api.tokens": {"a" * 64: "06432005"},
        "http_api.allow_public": True,
        "file_drop.parties": ["06432005", "kfb"],
        "backoffice.parties": "kfb,06432004",
    }
    expected: Settings = load(given)
    for name, value in machine.environment(given).items():
        monkeypatch.setenv(name, value)

    assert load() == expected
    assert expected.backoffice.parties == ("kfb", "06432004")
