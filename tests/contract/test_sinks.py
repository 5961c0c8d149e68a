"""Every sink keeps what every sink promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import subject_backoffice, subject_mailbox, subject_webhook
from tests.contract.sink_suite import SinkSuite, Subject
from tests.support.postgres import Postgres


class TestBackOfficeOnSqlite(SinkSuite):
    """The inbox tables in a SQLite file."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        """Empty tables."""
        made = subject_backoffice.OnSqlite(f"sqlite:///{tmp_path / 'backoffice.sqlite'}")
        yield made
        made.engine.dispose()


@pytest.mark.postgres
class TestBackOfficeOnPostgres(SinkSuite):
    """The inbox tables in PostgreSQL."""

    @pytest.fixture
    def subject(self, postgres: Postgres) -> Iterator[Subject]:
        """Empty tables."""
        made = subject_backoffice.OnPostgres(postgres)
        yield made
        made.engine.dispose()


class TestWebhook(SinkSuite):
    """Deliveries that wait for their receiver."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        """Nothing waits."""
        return subject_webhook.Waiting(tmp_path)


class TestMailboxOnSqlite(SinkSuite):
    """Mailboxes in a SQLite file."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        """Empty mailboxes."""
        made = subject_mailbox.OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
        yield made
        made.engine.dispose()


@pytest.mark.postgres
class TestMailboxOnPostgres(SinkSuite):
    """Mailboxes in PostgreSQL."""

    @pytest.fixture
    def subject(self, postgres: Postgres) -> Iterator[Subject]:
        """Empty mailboxes."""
        made = subject_mailbox.OnPostgres(postgres)
        yield made
        made.engine.dispose()
