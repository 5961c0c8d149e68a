"""The Faust app: life cycle, group membership and the consumer; the lanes do the rest."""

import ssl
from dataclasses import dataclass
from typing import Any, Final

import faust
from aiokafka import TopicPartition
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery
from yarl import URL

from hub.streaming.fail_stop import die
from hub.streaming.lanes import Lanes
from hub.streaming.transport import Transport
from hub.withhold import error_text

ENV_PREFIX: Final = "HUBFAUST_"
"""Faust lets the environment override arguments; under this prefix nobody sets any."""
FETCH_BYTES: Final = 1024 * 1024
"""How much is fetched of a partition at once; a larger batch comes alone and whole (KIP-74)."""


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What Faust has to know."""

    group: str
    instance: str | None
    """The worker's own name in the group, kept over restarts (KIP-345); None: a new one each."""
    bootstrap: str
    session_timeout_s: float
    heartbeat_s: float
    rebalance_timeout_s: float
    poll_events: int
    credentials: Any = None
    ssl_context: ssl.SSLContext | None = None


class HubRecovery(Recovery):
    """Faust's recovery without the time limit that ends it silently."""

    async def _wait(self, coro: Any, timeout: float | None = None) -> None:  # noqa: ASYNC109, ARG002
        await super()._wait(coro, timeout=None)


class HubTables(TableManager):
    """No tables; only the recovery that resumes the flow after a rebalance."""

    _recovery: Recovery | None

    @property
    def recovery(self) -> Recovery:
        """The recovery above."""
        if self._recovery is None:
            self._recovery = HubRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery


class HubApp(faust.App):
    """A Faust app that carries the lanes and never crashes half-way."""

    lanes: Lanes

    def _crash(self, reason: BaseException) -> None:
        die("faust crashed", error=error_text(reason))

    def _create_directories(self) -> None:
        """No tables, so no folders: a worker writes nothing to disk."""


def create_app(settings: AppSettings, lanes: Lanes) -> HubApp:
    """The app, subscribed to the lanes' topics, its settings proof against the environment."""
    app = HubApp(
        settings.group,
        broker=[URL(f"kafka://{server}") for server in settings.bootstrap.split(",")],
        broker_credentials=settings.credentials,
        ssl_context=settings.ssl_context,
        env_prefix=ENV_PREFIX,
        value_serializer="raw",
        key_serializer="raw",
        consumer_group_instance_id=settings.instance,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.heartbeat_s,
        broker_rebalance_timeout=settings.rebalance_timeout_s,
        broker_request_timeout=max(20.0, settings.session_timeout_s + 5),
        broker_max_poll_records=settings.poll_events,
        broker_max_poll_interval=1_000_000_000.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=FETCH_BYTES,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=False,
        web_enabled=False,
        debug=False,
        autodiscover=False,
        TableManager=HubTables,
    )
    app.lanes = lanes
    app.finalize()
    app.transport = app.producer_transport = Transport(app.conf.broker, app)
    for name in lanes.topics:
        app.topics.add(
            app.topic(name, value_type=bytes, key_type=bytes, acks=False, internal=False)
        )

    @app.on_partitions_revoked.connect  # type: ignore[untyped-decorator]
    async def _revoked(_app: Any, _revoked: Any, **_: Any) -> None:
        await lanes.revoked()

    @app.on_partitions_assigned.connect  # type: ignore[untyped-decorator]
    async def _assigned(_app: Any, assigned: Any, **_: Any) -> None:
        await lanes.assigned(
            {TopicPartition(tp.topic, tp.partition) for tp in assigned if tp.topic in lanes.topics}
        )

    return app
