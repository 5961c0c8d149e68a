"""Days and months as the offices count them."""

from datetime import UTC, date, datetime, time, timedelta

from hub.domain.working_year import ZONE


def begin(day: date) -> datetime:
    """When the day begins where the offices are, in UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def end(day: date) -> datetime:
    """When the next day begins."""
    return begin(day + timedelta(days=1))


def day_of(at: datetime) -> date:
    """The day of a moment."""
    return at.astimezone(ZONE).date()


def month_of(at: datetime) -> str:
    """The month of a moment: `2026-11`."""
    return at.astimezone(ZONE).strftime("%Y-%m")


def shown(at: datetime) -> str:
    """A moment for people: `2026-11-02 09:12`."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def hours(taken: timedelta) -> str:
    """A span of working time for people, in hours and minutes: `17:05`."""
    minutes = max(0, round(taken.total_seconds() / 60))
    return f"{minutes // 60}:{minutes % 60:02}"
