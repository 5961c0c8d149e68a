"""A process that turns touches its file; one that hangs does not."""

import os
from pathlib import Path

import pytest

from hub.alive import ShowingEvent, Sign
from tests.support.programs import line, running

LOOKS = """
import sys
from pathlib import Path
from hub.stopping import stop_on_signals
stop = stop_on_signals(Path(sys.argv[1]))
assert not stop.is_set()
print("looked", flush=True)
stop.wait()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that is touched."""
    return tmp_path / "alive"


def _aged(file: Path) -> None:
    os.utime(file, (0, 0))


@pytest.mark.parametrize(
    "look", [lambda e: e.is_set(), lambda e: e.wait(0)], ids=["asked", "waited"]
)
def test_who_looks_whether_to_stop_shows_a_sign(file: Path, look: object) -> None:
    """Each loop looks at the event that ends it, and by that says that it turns."""
    event = ShowingEvent(Sign(file))
    assert not file.exists()

    assert callable(look)
    assert look(event) is False
    assert file.stat().st_mtime > 0
    event.set()
    assert look(event) is True


def test_a_sign_is_shown_once_a_second(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked for, the disk is touched each second at most."""
    now = [10.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    sign = Sign(file)
    sign.show()
    _aged(file)

    now[0] += 0.9
    sign.show()
    assert file.stat().st_mtime == 0
    now[0] += 0.1
    sign.show()
    assert file.stat().st_mtime > 0


def test_a_disk_that_fails_ends_nobody(tmp_path: Path) -> None:
    """Where the file cannot be made there is no sign, and the process goes on."""
    Sign(tmp_path / "not" / "there").show()
    Sign(None).show()

    assert list(tmp_path.iterdir()) == []


def test_the_event_of_signals_shows_it(file: Path) -> None:
    """The event that every command waits for is such a one."""
    with running(LOOKS, str(file)) as process:
        assert line(process) == "looked"
        assert file.exists()
