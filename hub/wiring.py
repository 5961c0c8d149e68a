"""The composition root: from settings to the running middle; `hub.doors` does the connectors."""

import time
from collections.abc import Iterable
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hub import processors
from hub.alive import Sign
from hub.domain import explain as explaining
from hub.domain import probing
from hub.domain.decision import Limits
from hub.domain.explanation import Explanation
from hub.domain.parties import Parties
from hub.membership import register
from hub.membership.membership import Membership, State
from hub.party_file import load_parties
from hub.settings import Kafka, Settings
from hub.users.members import Member, member_user
from hub.users.quota import Quota
from hub.users.roles import User, users
from schemas.topics import LEDGER, Topic, delivery_topic, every_topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.signing.notary import LookAt, Notary
    from hub.signing.sealing import Sealer
    from hub.stores.vault.keys import SqlKeys
    from hub.streaming.lanes import LaneSettings
    from hub.streaming.rules import Rules
    from hub.tracing.span import Tracer
    from hub.vault.deciding import Encryption
    from hub.vault.keyring import Keyring

DAY_S: Final = 24 * 60 * 60
PROBES_REMEMBERED: Final = 5000
"""How many probes a lane remembers at most, those of two days."""


def parties(settings: Settings) -> Parties:
    """The registry of parties; raises PartiesError."""
    return load_parties(settings.parties)


def declared_topics(settings: Settings) -> tuple[Topic, ...]:
    """Every topic this hub needs, without the prefix."""
    return tuple(every_topic(parties(settings).by_id))


def process_users(settings: Settings) -> tuple[User, ...]:
    """Every user of the broker that this hub's processes come as."""
    has_desk = settings.monitor.accounts.database is not None
    return users(settings.topic_prefix, group(settings), has_desk=has_desk)


def member_users(
    settings: Settings, members: Iterable[Membership], now: datetime
) -> tuple[User, ...]:
    """Every user of the broker that these parties come as, or once came as."""
    told = settings.membership
    quota = Quota(told.write_bytes_s, told.read_bytes_s, told.request_percent)
    return tuple(
        member_user(
            settings.topic_prefix,
            Member(
                one.party,
                each.number,
                may_read=one.state is State.ACTIVE,
                is_over=one.state is State.REMOVED or not each.counts(now),
            ),
            quota,
        )
        for one in members
        for each in one.credentials
    )


def declared_users(settings: Settings) -> tuple[User, ...]:
    """Every user of the broker: the hub's processes, and the parties in the register.

    Raises ConfigError where there is a register that cannot be read.
    """
    members = register.read(settings.membership.folder).values()
    return process_users(settings) + member_users(settings, members, datetime.now(UTC))


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
    from hub.tracing.opening import tracer

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
    sealer(settings)  # raises where there should be one and is none
    with _ahead(settings) as look_at, tracer(settings.tracing, "worker") as spans:
        ruled = rules(settings, look_at)
        run_worker(ruled, app, lanes(settings, spans), worker.watchdog_s, sign)


@contextmanager
def _ahead(settings: Settings) -> "Iterator[LookAt | None]":
    """Who checks signatures before their events are decided; nobody where nothing is signed."""
    if settings.signatures.keys_file is None:
        yield None
        return
    from hub.signing.ahead import Ahead

    with closing(Ahead()) as ahead:
        yield ahead.look_at


def rules(settings: Settings, look_at: "LookAt | None" = None) -> "Rules":
    """What lanes do with records and timers; raises HubError.

    `look_at`: has signatures checked before their events are decided.
    """
    from hub.vault.deciding import Encryption

    keys = keyring(settings)
    return _rules(settings, look_at, None if keys is None else Encryption(keys))


def _notary(
    settings: Settings,
    registry: Parties,
    look_at: "LookAt | None",
    encryption: "Encryption | None",
) -> "Notary | None":
    """Who checks signatures, and seals if there is a key; None where nothing is signed."""
    from hub.signing.keyring import open_keyring, open_registry
    from hub.signing.keys import HUB, Use
    from hub.signing.notary import Notary

    keys = open_registry(settings.signatures)
    if keys is None:
        return None
    ring = open_keyring(settings.signatures) if settings.signatures.private_keys else None
    seals = partial(ring.signer, HUB, Use.SEAL) if ring else None
    encrypt = None if encryption is None else encryption.encrypted
    return Notary(keys, seals, registry, limits(settings), look_at, encrypt)


def sealer(settings: Settings) -> "Sealer | None":
    """Who seals what is sent; None where nothing is sealed.

    Raises HubError where it should be and there is no key to do it now.
    """
    from hub.signing.keyring import open_keyring
    from hub.signing.keys import HUB, Use

    ring = open_keyring(settings.signatures)
    if ring is None:
        return None
    ring.check([HUB], Use.SEAL, int(time.time()))
    return partial(ring.signer, HUB, Use.SEAL)


def replaying_rules(settings: Settings) -> "Rules":
    """The same for records that are played again as they lie on their topics; makes no keys."""
    from hub.vault.deciding import Reading

    keys = keyring(settings)
    return _rules(settings, None, None if keys is None else Reading(keys))


def _rules(
    settings: Settings, look_at: "LookAt | None", encryption: "Encryption | None"
) -> "Rules":
    from hub.streaming.rules import Rules

    registry = parties(settings)
    notary = _notary(settings, registry, look_at, encryption)
    prefix = settings.topic_prefix
    return Rules(processors.ALL, registry, limits(settings), prefix, notary, encryption)


def lanes(settings: Settings, tracer: "Tracer | None" = None) -> "LaneSettings":
    """What every lane shares; `tracer` makes its spans."""
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
        tracer=tracer,
        keeps=(
            Keep(b"seen/", worker.seen_days * DAY_S, worker.remembered),
            Keep(probing.FAMILY, 2 * DAY_S, PROBES_REMEMBERED),
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
