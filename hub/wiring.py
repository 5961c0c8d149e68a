"""The composition root: from settings to the running middle; `hub.doors` does the connectors."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hub import processors
from hub.alive import Sign
from hub.domain import explain as explaining
from hub.domain.decision import Limits
from hub.domain.explanation import Explanation
from hub.domain.parties import Parties
from hub.party_file import load_parties
from hub.settings import Kafka, Settings
from hub.users.roles import User, users
from schemas.topics import LEDGER, Topic, delivery_topic, every_topic

if TYPE_CHECKING:
    from hub.stores.vault.keys import SqlKeys
    from hub.streaming.lanes import LaneSettings
    from hub.streaming.rules import Rules
    from hub.streaming.encrypts import Encrypts
    from hub.vault.keyring import Keyring

DAY_S: Final = 24 * 60 * 60


def parties(settings: Settings) -> Parties:
    """The registry of parties; raises PartiesError."""
    return load_parties(settings.parties)


def declared_topics(settings: Settings) -> tuple[Topic, ...]:
    """Every topic this hub needs, without the prefix."""
    return tuple(every_topic(parties(settings).by_id))


def declared_users(settings: Settings) -> tuple[User, ...]:
    """Every user of the broker that this hub's processes come as."""
    return users(settings.topic_prefix, group(settings))


def group(settings: Settings) -> str:
    """The workers' consumer group; hubs with different prefixes never share one."""
    return settings.topic_prefix + settings.worker.group


def readers(settings: Settings) -> dict[str, dict[str, tuple[str, ...]]]:
    """The sinks that these settings ask for: their consumer groups, each with what it reads.

    Names of groups and topics are whole. The ledger's is always among them.
    """
    workers, prefix, desk = group(settings), settings.topic_prefix, settings.web.party
    asked: dict[str, dict[str, tuple[str, ...]]] = {
        "backoffice": {"backoffice": settings.backoffice.parties},
        "webhook": {f"webhook.{party}": (party,) for party in settings.webhook.receivers},
        "mailbox": {"mailbox": settings.mailbox.parties},
        "offers": {"offers": settings.hsds.parties},
        "web": {f"web.{desk}{what}": (desk,) for what in ("", ".offers")} if desk else {},
    }
    found = {
        sink: {
            f"{workers}.{name}": tuple(prefix + delivery_topic(party).name for party in parties)
            for name, parties in groups.items()
            if parties
        }
        for sink, groups in asked.items()
    }
    found["ledger"] = {f"{workers}.ledger": (prefix + LEDGER.name,)}
    return {sink: groups for sink, groups in found.items() if groups}


def limits(settings: Settings) -> Limits:
    """How old an event may be."""
    return Limits(max_age=timedelta(days=settings.worker.max_age_days))


def explain(settings: Settings, event: bytes, *, today: bool) -> Explanation:
    """What the hub would do with this structured CloudEvent, today or at its own time."""
    now = datetime.now(UTC) if today else None
    return explaining.explain(event, now, parties(settings), limits(settings), processors.ALL)


def work(settings: Settings) -> None:
    """Run a worker's lanes until SIGTERM or SIGINT."""
    from hub.streaming.app import AppSettings
    from hub.streaming.worker import run_worker

    worker, aiokafka = settings.worker, settings.kafka.aiokafka()
    app = AppSettings(
        group=group(settings),
        instance=worker.instance,
        bootstrap=settings.kafka.bootstrap,
        session_timeout_s=worker.session_timeout_s,
        heartbeat_s=worker.heartbeat_s,
        rebalance_timeout_s=worker.transaction_timeout_s,
        poll_events=worker.batch_events,
        credentials=_credentials(settings.kafka, aiokafka.get("ssl_context")),
        ssl_context=aiokafka.get("ssl_context"),
    )
    sign = Sign(settings.alive_file)
    run_worker(rules(settings), app, lanes(settings), worker.watchdog_s, sign)


def rules(settings: Settings) -> "Rules":
    """What lanes do with records and timers; raises PartiesError."""
    from hub.streaming.rules import Rules

    return Rules(processors.ALL, parties(settings), limits(settings), settings.topic_prefix)


def replaying_rules(settings: Settings) -> "Rules":
    """The same for records that are played again as they lie on their topics."""
    keys = keyring(settings)
    if keys is None:
        return rules(settings)
    from hub.vault.opening_rules import OpeningRules

    known = parties(settings)
    return OpeningRules(processors.ALL, known, limits(settings), settings.topic_prefix, keys)


def lanes(settings: Settings) -> "LaneSettings":
    """What every lane shares."""
    from hub.state.memory import Keep
    from hub.streaming.lane import LaneLimits
    from hub.streaming.lanes import LaneSettings

    worker = settings.worker
    return LaneSettings(
        aiokafka=settings.kafka.aiokafka(),
        kafka_python=settings.kafka.kafka_python(),
        group=group(settings),
        prefix=settings.topic_prefix,
        transaction_timeout_s=worker.transaction_timeout_s,
        open_timeout_s=worker.transaction_timeout_s,
        lane=LaneLimits(worker.batch_events, worker.step_timeout_s),
        standby=worker.standby,
        encrypts=_encrypts(settings),
        keeps=(
            Keep(b"seen/", worker.seen_days * DAY_S, worker.remembered),
            Keep(b"case/", worker.case_days * DAY_S, worker.remembered),
            Keep(b"ended/", worker.case_days * DAY_S, worker.remembered),
            Keep(b"offer/", worker.case_days * DAY_S, worker.remembered),
            Keep(b"offer-copy/", worker.case_days * DAY_S, worker.remembered),
            Keep(b"offer-kind/", worker.case_days * DAY_S, worker.remembered),
        ),
    )


def vault(settings: Settings) -> "SqlKeys | None":
    """Where the keys of subjects are; None where nothing is encrypted. Raises ConfigError."""
    url = settings.vault.database.get_secret_value()
    if not url:
        return None
    from hub.stores.vault.keys import SqlKeys
    from hub.vault import master

    return SqlKeys(url, master.load(settings.vault.master_key_file), lambda: datetime.now(UTC))


def keyring(settings: Settings) -> "Keyring | None":
    """The keys of subjects; None where nothing is encrypted. Raises ConfigError."""
    kept = vault(settings)
    if kept is None:
        return None
    from hub.vault.keyring import Keyring

    return Keyring(kept, time.monotonic)


def _encrypts(settings: Settings) -> "Encrypts":
    from hub.streaming.encrypts import Decrypted

    keys = keyring(settings)
    if keys is None:
        return Decrypted()
    from hub.vault.lane_seals import LaneSeals

    return LaneSeals(keys)


def _credentials(kafka: Kafka, ssl_context: object) -> Any:  # noqa: ANN401 - Faust has no types
    if kafka.password is None or not kafka.security_protocol.startswith("SASL"):
        return None
    import faust

    return faust.SASLCredentials(
        username=kafka.username,
        password=kafka.password.get_secret_value(),
        mechanism=kafka.sasl_mechanism,
        ssl_context=ssl_context,
    )
