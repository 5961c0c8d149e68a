"""What the contract suites share: one PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres, started


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL that these tests share; take a `new_database()` of it."""
    with started() as server:
        yield server
