"""What the tests of pages share: a desk, in memory and in a database, and people at its pages."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from starlette.applications import Starlette

from tests.support.district import KFB
from tests.support.office import (
    AUDITOR,
    LEAD,
    MURAT,
    NOW,
    PARTIES,
    Stage,
    fill,
    memory_desk,
    office,
)
from tests.support.page import Visitor
from tests.support.sql_stage import Prepared, SqlStage, prepare

EVERYWHERE: Final = "every_database"
ON_POSTGRES: Final = pytest.param("postgres", marks=pytest.mark.postgres)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test has a desk in memory and one on SQLite; those that say so PostgreSQL as well."""
    if "desk" in metafunc.fixturenames:
        is_everywhere = metafunc.definition.get_closest_marker(EVERYWHERE)
        kinds = ["memory", "sqlite", *([ON_POSTGRES] if is_everywhere else [])]
        metafunc.parametrize("desk", kinds, indirect=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Prepared:
    """The databases of parties' desks: the jobcenter's filled, others' empty."""

    def make(url: str, party: str) -> None:
        prepare(url, party, PARTIES, NOW)
        if party == KFB:
            with closing(SqlStage(url, party, PARTIES)) as stage:
                fill(stage)

    folder = tmp_path_factory.mktemp("desks")
    return Prepared(folder, make, lambda: request.getfixturevalue("postgres"))


@pytest.fixture
def party() -> str:
    """Whose desk it is."""
    return KFB


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, party: str, prepared: Prepared, tmp_path: Path
) -> Iterator[Stage]:
    """A desk: the jobcenter's on a morning, or another party's empty one."""
    if request.param != "memory":
        with (
            prepared.copy(request.param, party, tmp_path) as url,
            closing(SqlStage(url, party, PARTIES)) as stage,
        ):
            yield stage
        return
    made = memory_desk(party)
    if party == KFB:
        fill(made)
    yield made


@pytest.fixture
def app(desk: Stage) -> Starlette:
    """Its pages."""
    return office(desk)


@pytest.fixture
def petra(app: Starlette) -> Visitor:
    """A clerk."""
    return Visitor(app)


@pytest.fixture
def murat(app: Starlette) -> Visitor:
    """Another clerk."""
    return Visitor(app, MURAT.id)


@pytest.fixture
def lead(app: Starlette) -> Visitor:
    """Who leads them."""
    return Visitor(app, LEAD.id)


@pytest.fixture
def auditor(app: Starlette) -> Visitor:
    """Who looks at what they did."""
    return Visitor(app, AUDITOR.id)


@pytest.fixture
def english(app: Starlette) -> Visitor:
    """A clerk whose browser asks for English."""
    return Visitor(app, language="en-GB,en;q=0.9")
