"""A board with accounts, before a desk of dead letters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.board import District
from tests.support.letters_desk import LATE_DAY, BoardDoor, board_door, held


@pytest.fixture
def door(tmp_path: Path) -> Iterator[BoardDoor]:
    """Five letters lie there; on its day the four that came too late would be taken."""
    district = District()
    district.polled()
    with board_door(tmp_path, district, LATE_DAY) as made:
        district.died = held(made.desk)
        yield made
