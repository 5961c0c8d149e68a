"""The sign-ins that are under way at the OpenID provider."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert

from connectors.sql.database import answering
from hub.access.keeping import Flow
from hub.stores.accounts.tables import flows

PATIENT: Final = timedelta(minutes=10)
"""How long signing in at the provider may take."""


class SqlFlows:
    """`hub.access.keeping.Flows` in a database."""

    def __init__(self, engine: Engine) -> None:
        """Keep them through `engine`."""
        self._engine = engine

    def start(self, state: str, flow: Flow) -> None:
        """Keep it under the digest of its state."""
        with answering(), self._engine.begin() as connection:
            connection.execute(insert(flows), flow._asdict() | {"state": state})

    def take(self, state: str, now: datetime) -> Flow | None:
        """The flow of this state, once; None if there is none or it took too long."""
        columns = [flows.c[name] for name in Flow._fields]
        taking = delete(flows).where(flows.c.state == state).returning(*columns)
        with answering(), self._engine.begin() as connection:
            row = connection.execute(taking).one_or_none()
        if row is None or now - row.started_at >= PATIENT:
            return None
        return Flow._make(row)
