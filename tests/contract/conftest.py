"""What the contract suites share: databases of each kind, and desks on them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.support.desk_tables import DeskOf, DeskTables
from tests.support.desks_in_memory import Hub

EACH_KIND: Final = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=EACH_KIND)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind; SQLite's in a folder that is not there yet."""
    if request.param == "postgres":
        new: str = request.getfixturevalue("postgres").new_database()
        return new
    return f"sqlite:///{tmp_path / 'not' / 'there' / 'new.sqlite'}"


@pytest.fixture(params=EACH_KIND)
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
