"""Keeps what is said of an offer, so that its rows say how it stands now."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from connectors.sql.database import insert_or_ignore
from hub.domain.offers import Offer, after, lowered
from hub.hsds import ids
from hub.hsds.directory import Listed
from hub.stores.offers import rows
from hub.stores.offers.tables import areas, languages, offers
from schemas.data import Data
from schemas.envelope import Event, party_of
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import Classification


def apply(connection: Connection, feed: str, event: Event[Data], now: datetime) -> None:
    """Keep what this delivery to the party `feed` says; said again, it changes nothing.

    An offer follows the deliveries of the party that was sent it first: another party's may be
    behind, and would bring back what was said before. What is not public is not kept, and an
    offer that is no longer public is forgotten.
    """
    context = event.context
    if isinstance(event.data, SupportOfferCapacityLowered):
        _lower(connection, feed, context.subject, event.data, now)
        return
    publisher = party_of(context.sender or context.source)
    listed_id = ids.service_id(publisher, context.subject)
    row = connection.execute(select(offers).where(offers.c.id == listed_id)).one_or_none()
    if row is not None and row.feed != feed:
        return
    if context.dataclassification is not Classification.PUBLIC:
        connection.execute(delete(offers).where(offers.c.id == listed_id))
        return
    before = None if row is None else rows.read(row)
    kept = None if before is None else before.offer
    offer = after(kept, context.subject, publisher, event.data, context.time)
    said = event.data if isinstance(event.data, SupportOfferPublished) else None
    if said is None and before is not None:
        said = before.said
    if offer is not None and said is not None:
        _write(connection, before, offer, said, feed, now)


def _lower(
    connection: Connection,
    feed: str,
    offer_id: str,
    said: SupportOfferCapacityLowered,
    now: datetime,
) -> None:
    """Show no places since then: a referral to this offer was turned away for lack of them."""
    listed_id = ids.service_id(said.publisher, offer_id)
    row = connection.execute(select(offers).where(offers.c.id == listed_id)).one_or_none()
    if row is not None and row.feed == feed:
        before = rows.read(row)
        _write(connection, before, lowered(before.offer, said.since), before.said, feed, now)


def _write(
    connection: Connection,
    before: Listed | None,
    offer: Offer,
    said: SupportOfferPublished,
    feed: str,
    now: datetime,
) -> None:
    values = rows.of(offer, said, feed, now)
    if before is not None:
        if (before.offer, before.said) == (offer, said):
            return
        values["changed_at"] = max(values["changed_at"], before.changed_at)
        connection.execute(update(offers).where(offers.c.id == before.id).values(values))
    else:
        new = insert_or_ignore(connection, offers).values(values).returning(offers.c.id)
        if connection.execute(new).one_or_none() is None:
            return  # another feed brought it in this moment
    _write_found_by(connection, values["id"], said)


def _write_found_by(connection: Connection, listed_id: str, said: SupportOfferPublished) -> None:
    several = ((areas, "area", said.service_area), (languages, "language", said.languages))
    for table, column, values in several:
        connection.execute(delete(table).where(table.c.id == listed_id))
        new = [{"id": listed_id, column: value} for value in dict.fromkeys(values)]
        if new:
            connection.execute(insert(table), new)
