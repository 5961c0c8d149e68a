"""The sources that need a database keep what every source promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import subject_mailbox
from tests.contract.source_suite import SourceSuite, Subject
from tests.contract.subject_outbox import Outbox, disposed
from tests.support.postgres import Postgres


@pytest.fixture(params=["mark", "delete"])
def after(request: pytest.FixtureRequest) -> str:
    """Both things that may become of a published row."""
    return str(request.param)


class TestOutboxOnSqlite(SourceSuite):
    """An outbox in a SQLite file."""

    @pytest.fixture
    def subject(self, tmp_path: Path, after: str) -> Iterator[Subject]:
        """An empty outbox."""
        with disposed(Outbox.on_sqlite(tmp_path, after=after)) as outbox:
            yield outbox


@pytest.mark.postgres
class TestOutboxOnPostgres(SourceSuite):
    """An outbox in PostgreSQL."""

    @pytest.fixture
    def subject(self, postgres: Postgres, after: str) -> Iterator[Subject]:
        """An empty outbox."""
        with disposed(Outbox.on_postgres(postgres, after=after)) as outbox:
            yield outbox


class TestNotices(SourceSuite):
    """Items of a mailbox that nobody has acknowledged."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        """Empty mailboxes."""
        made = subject_mailbox.OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
        yield made
        made.engine.dispose()
