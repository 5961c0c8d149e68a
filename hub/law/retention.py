"""What the hub keeps where and for how long: the facts of a plan of erasure (GDPR Art. 5(1)(e))."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from hub.access.pauses import PER_NAME
from hub.access.sessions import REMEMBERED
from hub.settings import Settings
from hub.stores.accounts.tidy import RECORD_KEPT
from hub.stores.casework.erasing import RECORD_KEPT as ACTS_KEPT
from schemas.topics import (
    DAY_MS,
    FROM_OUTSIDE,
    JOURNAL,
    LANE_OFFERS,
    LEDGER,
    MAILBOXES,
    PROBE_ANSWERS,
    PROBES,
    REFERRALS,
    STATE,
    Topic,
    dead_topic,
    delivery_topic,
)

CONTENT: Final = "Inhalt"
PSEUDONYMS: Final = "nur Aktenzeichen, Kennzahlen und Zeiten"
CLERKS: Final = "Kennungen von Beschäftigten"


class Kept(NamedTuple):
    """One place where something is kept."""

    where: str
    says: str
    """What stands there of a person."""
    days: int | None
    """How long; None: until whoever owns the place erases it."""
    then: str
    """What ends it."""


def plan(settings: Settings) -> Iterator[Kept]:
    """Every place, with the settings of this hub."""
    yield from _topics()
    yield from _memory(settings)
    yield from _stores(settings)
    yield from _keys(settings)
    yield from _owned()


def _topics() -> Iterator[Kept]:
    by_kafka = "Kafka löscht von selbst"
    for topic in FROM_OUTSIDE:
        yield Kept(f"Topic {topic.name}", CONTENT, _days(topic), by_kafka)
    yield Kept("Topics to.<Partei>", CONTENT, _days(delivery_topic("x")), by_kafka)
    yield Kept("Topics <topic>.dead", CONTENT, _days(dead_topic(REFERRALS)), by_kafka)
    yield Kept(f"Topic {JOURNAL.name}", CLERKS, _days(JOURNAL), by_kafka)
    for topic in (MAILBOXES, LANE_OFFERS, PROBES, PROBE_ANSWERS, LEDGER):
        yield Kept(f"Topic {topic.name}", PSEUDONYMS, _days(topic), by_kafka)


def _memory(settings: Settings) -> Iterator[Kept]:
    worker = settings.worker
    by_rule = "der Worker vergisst, Kafka verdichtet"
    yield Kept(f"Topic {STATE.name}: gesehene Ereignisse", PSEUDONYMS, worker.seen_days, by_rule)
    yield Kept(f"Topic {STATE.name}: Fälle", PSEUDONYMS, worker.case_days, by_rule)


def _stores(settings: Settings) -> Iterator[Kept]:
    tidied = "der Dienst löscht von selbst"
    mailbox, web, webhook = settings.mailbox, settings.web, settings.webhook
    yield Kept("Postfach: nicht abgeholt", CONTENT, mailbox.expire_days, tidied)
    yield Kept("Postfach: Vermerk nach Abholung", PSEUDONYMS, mailbox.keep_days, tidied)
    yield Kept("Webhook: Vermerk nach Zustellung", PSEUDONYMS, webhook.keep_days, tidied)
    over = "der Dienst löscht; Fristbeginn: Fall abgeschlossen"
    yield Kept("Back Office: Fälle", CONTENT, web.erase_after_days, over)
    yield Kept("Back Office: Handlungen am Fall", CLERKS, ACTS_KEPT.days, tidied)
    yield from _accounts("Back Office", tidied)
    if settings.monitor.accounts.database is not None:
        yield from _accounts("Betriebsseite", tidied)


def _accounts(place: str, tidied: str) -> Iterator[Kept]:
    yield Kept(f"{place}: Protokoll der Anmeldungen", CLERKS, RECORD_KEPT.days, tidied)
    yield Kept(f"{place}: Sitzungen", CLERKS, REMEMBERED.days, tidied)
    yield Kept(f"{place}: Fehlversuche", CLERKS, PER_NAME.forgotten_after.days, tidied)


def _keys(settings: Settings) -> Iterator[Kept]:
    if settings.vault.database.get_secret_value():
        by = "`hub erase` vernichtet ihn, und mit ihm den Inhalt auf allen Topics"
        yield Kept("Tresor: Schlüssel der Vorgänge", PSEUDONYMS, None, by)


def _owned() -> Iterator[Kept]:
    archived = "wer den Hub betreibt, archiviert sie als Ganzes und beginnt eine neue"
    yield Kept("Kette der Zugriffe und Änderungen (audit)", CLERKS, None, archived)
    theirs = "die Stelle, der die Datenbank oder der Ordner gehört, löscht nach ihren Fristen"
    yield Kept("Tabellen des Verzeichnisses der Zustellungen", PSEUDONYMS, None, theirs)
    yield Kept("Tabellen inbox, receipts, faulty ohne Back Office", CONTENT, None, theirs)
    yield Kept("Ordner done und refused der Dateischnittstelle", CONTENT, None, theirs)
    yield Kept("Outbox-Tabellen der Fachverfahren", CONTENT, None, theirs)


def _days(topic: Topic) -> int:
    return topic.retention_ms // DAY_MS
