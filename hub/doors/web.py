"""A party's back office: its deliveries, its outbox and its pages, beside each other."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from hub.doors.asked import known
from hub.doors.carrying import carry, deliver, delivery_topics, is_upgraded, publisher, together
from hub.doors.pages import show
from hub.errors import ConfigError
from hub.settings import Settings
from hub.wiring import parties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from connectors.backoffice.sink import Fresh
    from hub.casework.progress import Here
    from hub.stores.casework.sql_desk import SqlDesk

log = structlog.get_logger()
ERASE_EVERY_S = 600.0
"""How often it is looked for what may be kept no longer, in seconds."""
POLL_MS = 100
"""How long to wait between two looks into the desk's outbox, in milliseconds."""


def web(settings: Settings, stop: threading.Event) -> None:
    """Run one party's back office until `stop` is set; raises HubError where it cannot be.

    The pages never wait for Kafka: what a clerk says lies in the outbox, from where it is sent.
    """
    from hub import auditing

    here = _here(settings)
    auditing.check(settings)
    with _desk(settings, here, stop) as desk:
        if desk is not None:
            jobs = [
                partial(_deliveries, settings, here, stop),
                partial(_offers, settings, here, stop),
                partial(_outbox, settings, here, stop),
                partial(show, settings, desk, here, stop),
                partial(_erasing, settings, here, stop),
            ]
            together(jobs, stop)


def _here(settings: Settings) -> "Here":
    from hub.casework.progress import Here

    party = settings.web.party
    if party is None:
        remedy = "Name it: hub web --party kfb"
        raise ConfigError(
            "It is not said whose back office it is.", where="web.party", remedy=remedy
        )
    known(settings, (party,), "web.party")
    return Here(party, parties(settings))


@contextmanager
def _desk(settings: Settings, here: "Here", stop: threading.Event) -> "Iterator[SqlDesk | None]":
    """The desk, its tables up to date; None when it is time to stop. Raises AnothersDesk."""
    from connectors.backoffice.upgrade import upgrade as upgrade_inbox
    from hub import auditing
    from hub.place_file import load_places
    from hub.stores.accounts.upgrade import upgrade as upgrade_accounts
    from hub.stores.casework.beginning import begin
    from hub.stores.casework.sql_desk import SqlDesk
    from hub.stores.casework.upgrade import upgrade
    from hub.stores.offers.ranking import OfferRanking
    from hub.stores.offers.reading import open_for_reading
    from hub.stores.offers.upgrade import upgrade as upgrade_offers

    url = settings.web.database.get_secret_value()
    began = partial(begin, here=here, now=datetime.now(UTC))
    own = (upgrade_inbox, upgrade_offers, upgrade, upgrade_accounts, began)
    for step, where in (*((step, url) for step in own), *auditing.steps(settings)):
        if not is_upgraded(step, where, stop):
            yield None
            return
    with (
        closing(OfferRanking(open_for_reading(url), load_places())) as ranking,
        closing(SqlDesk(url, here, ranking.ranked)) as desk,
    ):
        yield desk


def _deliveries(settings: Settings, here: "Here", stop: threading.Event) -> None:
    """Keep what is delivered to the party, and take it into its case files."""
    from connectors.backoffice.sink import BackOffice
    from connectors.sql.database import open_database
    from hub.stores.casework.taking import take

    def now() -> datetime:
        return datetime.now(UTC)

    def beside(connection: "Connection", fresh: "Sequence[Fresh]") -> None:
        take(connection, fresh, here, now())

    sink = BackOffice(open_database(settings.web.database.get_secret_value()), now, beside)
    deliver(settings, sink, (here.party,), f"web.{here.party}", stop)


def _offers(settings: Settings, here: "Here", stop: threading.Event) -> None:
    """Keep the support offers among the deliveries, to be shown beside referrals."""
    from connectors.sql.database import open_database
    from hub.stores.offers.feed import OfferFeed

    engine = open_database(settings.web.database.get_secret_value())
    feed = OfferFeed(engine, lambda: datetime.now(UTC))
    topics = delivery_topics(settings, (here.party,))
    carry(settings, feed, topics, f"web.{here.party}.offers", stop)


def _outbox(settings: Settings, here: "Here", stop: threading.Event) -> None:
    """Send what was said at the desk."""
    from connectors.runner.source_loop import run_source
    from connectors.sql_outbox.options import Options
    from connectors.sql_outbox.source import SqlOutboxSource
    from hub.casework.speaking import SYSTEM

    options = Options(
        database=settings.web.database, party=here.party, system=SYSTEM, poll_ms=POLL_MS
    )
    source = SqlOutboxSource(options, lambda: datetime.now(UTC))
    with publisher(settings, "web", [here.party]) as publish:
        run_source(source, publish, stop)


def _erasing(settings: Settings, here: "Here", stop: threading.Event) -> None:
    """Erase what says something about a person from cases that have been over for long."""
    from connectors.runner.patience import regularly
    from hub.stores.casework.erasing import Eraser

    url, days = settings.web.database.get_secret_value(), settings.web.erase_after_days

    def step() -> None:
        if count := eraser.step(datetime.now(UTC)):
            log.info("cases_erased", cases=count, over_for_days=days)

    with closing(Eraser(url, here, timedelta(days=days))) as eraser:
        regularly(step, stop, "erase what is over for long", ERASE_EVERY_S)
