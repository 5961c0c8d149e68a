"""What the tests of pages share: a desk, and somebody at its pages."""

import pytest
from starlette.applications import Starlette

from tests.support.memory_desk import MemoryDesk
from tests.support.office import AUDITOR, LEAD, MURAT, fill, memory_desk, office
from tests.support.page import Visitor


@pytest.fixture
def desk() -> MemoryDesk:
    """The jobcenter's desk on a morning."""
    desk = memory_desk()
    fill(desk)
    return desk


@pytest.fixture
def app(desk: MemoryDesk) -> Starlette:
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
