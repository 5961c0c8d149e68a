"""What `hub offsets reset` understands, and whose offsets it does not touch."""

from datetime import UTC, datetime

import pytest

from hub.commands.offsets import target
from hub.errors import UsageError
from hub.streaming.offsets import EARLIEST, LATEST


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("earliest", EARLIEST),
        ("latest", LATEST),
        ("0", 0),
        ("20261102", 20261102),
        ("2026-11-02", datetime(2026, 11, 1, 23, tzinfo=UTC)),
        ("2026-07-02T08:00", datetime(2026, 7, 2, 6, tzinfo=UTC)),
        ("2026-11-02T08:00Z", datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_where(word: str, meant: datetime | int) -> None:
    """Both ends, an offset, or a time, which is Berlin's unless it says otherwise."""
    assert target(word) == meant


@pytest.mark.parametrize("word", ["", "-1", "yesterday", "2026-13-01", "\u0661"])
def test_nowhere(word: str) -> None:
    """Anything else is refused with what would do."""
    with pytest.raises(UsageError, match="does not say where"):
        target(word)
