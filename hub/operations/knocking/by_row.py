"""Hands probes in by a party's outbox."""

from contextlib import suppress

from sqlalchemy.exc import ArgumentError

from connectors.errors import DoorError
from connectors.sql_outbox.handing_in import OutboxWriter
from hub.errors import ConfigError
from hub.settings import Settings
from schemas.data import Data
from schemas.envelope import Event


class OutboxKnock:
    """Writes a row into the party's outbox, and deletes it again."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is written yet; raises ConfigError where there is no such outbox."""
        try:
            self._writer = OutboxWriter(settings.sql_outbox)
        except (ArgumentError, ImportError, ValueError) as error:
            remedy = "Write it as SQLAlchemy names it, and install the driver it needs."
            where = "sql_outbox.database"
            raise ConfigError("It cannot be opened.", where=where, remedy=remedy) from error

    def hand_in(self, event: Event[Data]) -> str:
        """The row is there, or what stands against it."""
        try:
            self._writer.write(event)
        except DoorError as error:
            return str(error)
        return ""

    def objection(self, event: Event[Data]) -> str:
        """The row says so."""
        with suppress(DoorError):
            return self._writer.refused(event)
        return ""

    def tidy(self, event: Event[Data]) -> None:
        """The row; a database that is away keeps it."""
        with suppress(DoorError):
            self._writer.delete(event)

    def close(self) -> None:
        """Let go of the database."""
        self._writer.close()
