"""What the contract suites share: desks on each database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.desk_tables import DeskOf, DeskTables
from tests.support.desks_in_memory import Hub


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskOf]:
    """Desks on each kind of database, each party's its own, on one hub."""
    hub = Hub()
    with ExitStack() as stack:

        def made(party: str) -> DeskTables:
            url = f"sqlite:///{tmp_path / f'{party}.sqlite'}"
            if request.param == "postgres":
                url = request.getfixturevalue("postgres").new_database()
            return stack.enter_context(DeskTables(url, party, hub))

        yield made
