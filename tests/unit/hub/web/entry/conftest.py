"""An office with real accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.front_door import FrontDoor, front_door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """An office of the jobcenter, on this machine."""
    with front_door(tmp_path) as made:
        yield made
