"""What the tests of pages share: a desk, in memory and in a database, and people at its pages."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

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
from tests.support.sql_stage import SqlStage, copy, prepare


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The database of a party's desk: the jobcenter's filled, others' empty; made once."""
    folder, made = tmp_path_factory.mktemp("desks"), dict[str, Path]()

    def file_of(party: str) -> Path:
        if party not in made:
            made[party] = folder / f"{party}.sqlite"
            url = prepare(made[party], party, PARTIES, NOW)
            if party == KFB:
                with closing(SqlStage(url, party, PARTIES)) as stage:
                    fill(stage)
        return made[party]

    return file_of


@pytest.fixture
def party() -> str:
    """Whose desk it is."""
    return KFB


@pytest.fixture(params=["memory", "sqlite"])
def desk(
    request: pytest.FixtureRequest,
    party: str,
    prepared: Callable[[str], Path],
    tmp_path: Path,
) -> Iterator[Stage]:
    """A desk: the jobcenter's on a morning, or another party's empty one."""
    if request.param == "sqlite":
        url = copy(prepared(party), tmp_path / "desk.sqlite")
        with closing(SqlStage(url, party, PARTIES)) as stage:
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
