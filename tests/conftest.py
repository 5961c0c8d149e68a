"""What every test relies on: none of our settings from outside, one seed, one shared Kafka."""

import os
import random
import uuid
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.support.postgres import Postgres

OURS: Final = "HUB_"


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests, for us and for every process we start."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance of this test's own; `--randomly-seed N` with the printed N repeats it."""
    seed = int(request.config.getoption("randomly_seed"))
    return random.Random(seed ^ zlib.crc32(request.node.nodeid.encode()))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of the Kafka all tests share; use it with `topic_prefix`."""
    from tests.support.kafka import shared_kafka  # noqa: PLC0415 - unit tests need no client

    with shared_kafka(tmp_path_factory.mktemp("kafka")) as bootstrap:
        yield bootstrap


@pytest.fixture(scope="session")
def postgres() -> "Iterator[Postgres]":
    """The PostgreSQL that all tests share; take a `new_database()` of it."""
    from tests.support.postgres import started  # noqa: PLC0415 - most tests need no driver

    with started() as server:
        yield server


@pytest.fixture
def topic_prefix() -> str:
    """What a test puts before its topics' and groups' names, so that tests do not meet."""
    return f"t{uuid.uuid4().hex[:10]}."
