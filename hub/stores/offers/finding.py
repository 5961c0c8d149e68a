"""Turns a wish into conditions of SQL; all of them must hold."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Date, and_, exists, literal, or_

from hub.domain.freshness import Fading
from hub.hsds.directory import Wish
from hub.stores.offers.tables import areas, languages, offers

DISTRICT_DIGITS = 5


def where(wish: Wish, now: datetime, fading: Fading) -> tuple[ColumnElement[bool], ...]:
    """The conditions, as of `now`: with time an offer grows old, which changes it."""
    return tuple(_conditions(wish, now, fading))


def _conditions(wish: Wish, now: datetime, fading: Fading) -> Iterator[ColumnElement[bool]]:
    if wish.categories is not None:
        yield offers.c.category.in_(sorted(wish.categories))
    if wish.services is not None:
        yield offers.c.service.in_(sorted(wish.services))
    if wish.area is not None:
        yield serves(wish.area)
    for language in sorted(wish.languages):
        yield exists().where(languages.c.id == offers.c.id, languages.c.language == language)
    if wish.organization is not None:
        yield offers.c.organization_id == wish.organization
    for word in wish.words:
        yield offers.c.words.contains(word, autoescape=True)
    if wish.modified_after is not None:
        yield _modified_after(wish.modified_after, now, fading)


def serves(area: str) -> ColumnElement[bool]:
    """Whether an offer's area covers this municipality, or lies in this district."""
    found = exists().where(areas.c.id == offers.c.id)
    if len(area) == DISTRICT_DIGITS:
        return found.where(areas.c.area.startswith(area, autoescape=True))
    return found.where(areas.c.area.in_((area, area[:DISTRICT_DIGITS])))


def _modified_after(at: datetime, now: datetime, fading: Fading) -> ColumnElement[bool]:
    """By an event, or by having begun to fade or faded since: at midnight, UTC."""
    today = now.astimezone(UTC).date()
    first = at.astimezone(UTC)
    since = first.date() if first.timetz() == time(tzinfo=UTC) else _moved(first.date(), 1)
    grown_old = (
        offers.c.assured_on.between(
            literal(_moved(since, -age.days), Date), literal(_moved(today, -age.days), Date)
        )
        for age in (fading.fading_after, fading.faded_after)
    )
    return or_(offers.c.changed_at >= at, and_(offers.c.withdrawn.is_(False), or_(*grown_old)))


def _moved(day: date, days: int) -> date:
    """So many days later, as far as a calendar goes."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)
