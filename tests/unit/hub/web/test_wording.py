"""Dates, deadlines and numbers in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hub.domain.working_time import Calendar, working_time
from hub.language import Language
from hub.web.wording import Pressure, wording_of
from tests.support.office import NOW

GERMAN, ENGLISH = wording_of(Language.GERMAN), wording_of(Language.ENGLISH)
OFFICE = working_time(Calendar())


@pytest.mark.parametrize(
    ("due", "day", "left", "pressure"),
    [
        ("2026-11-27T15:00Z", "Fr., 27. November 2026", "in 2 Arbeitstagen", "later"),
        ("2026-11-26T15:00Z", "Do., 26. November 2026", "in 1 Arbeitstag", "later"),
        ("2026-11-30T15:00Z", "Mo., 30. November 2026", "in 3 Arbeitstagen", "later"),
        ("2026-11-25T15:00Z", "Mi., 25. November 2026", "heute bis 16:00 Uhr", "today"),
        ("2026-11-25T09:00Z", "Mi., 25. November 2026", "seit heute überfällig", "over"),
        ("2026-11-24T15:00Z", "Di., 24. November 2026", "seit 1 Arbeitstag überfällig", "over"),
        ("2026-11-20T15:00Z", "Fr., 20. November 2026", "seit 3 Arbeitstagen überfällig", "over"),
    ],
)
def test_a_deadline_in_words(due: str, day: str, left: str, pressure: str) -> None:
    """The day, and how many working days are left or have gone by; a weekend does not count."""
    told = GERMAN.deadline(datetime.fromisoformat(due), NOW, OFFICE)

    assert told == (day, left, Pressure(pressure))


def test_christmas_does_not_count() -> None:
    """The office's own calendar counts: from the 23rd to the 28th is one working day."""
    office = working_time(Calendar(closed=("12-24", "12-31")))
    now, due = datetime(2026, 12, 23, 9, tzinfo=UTC), datetime(2026, 12, 28, 15, tzinfo=UTC)

    assert GERMAN.deadline(due, now, office).left == "in 1 Arbeitstag"
    assert ENGLISH.deadline(due, now, office).left == "in 1 working day"


def test_moments_are_berlins() -> None:
    """In summer as in winter, and past midnight."""
    assert GERMAN.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "Do., 2. Juli 2026, 00:30 Uhr"
    assert ENGLISH.moment(datetime(2026, 12, 1, 8, 5, tzinfo=UTC)) == "Tue 1 December 2026, 09:05"
    assert GERMAN.day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "Fr., 1. Januar 2027"


def test_a_birthday_has_no_weekday() -> None:
    """As it stands in a passport, in words."""
    assert GERMAN.birthday(date(1980, 2, 29)) == "29. Februar 1980"
    assert ENGLISH.birthday(date(1980, 2, 29)) == "29 February 1980"


def test_numbers_and_languages() -> None:
    """Thousands as each language writes them; a language by its name, else its code."""
    assert (GERMAN.number(10_000), ENGLISH.number(10_000)) == ("10.000", "10,000")
    assert (GERMAN.speech("tr"), GERMAN.speech("qaa")) == ("Türkisch", "qaa")


def test_counting_has_two_forms() -> None:
    """One day, two days, and none is many."""
    told = [GERMAN.deadline(NOW + timedelta(days=days), NOW, OFFICE).left for days in (1, 2)]
    assert told == ["in 1 Arbeitstag", "in 2 Arbeitstagen"]
