"""Cells as people and Excel write them, and as the contract wants them."""

from contextlib import suppress
from datetime import UTC, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.file_drop.cells import CellUnreadable, value_of
from tests.support.patience import PATIENT


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("02.03.2026", "date", "2026-03-02"),
        ("2.3.2026", "date", "2026-03-02"),
        ("2026-03-02", "date", "2026-03-02"),
        ("02.03.2026 09:15", "moment", "2026-03-02T09:15:00+01:00"),
        ("02.07.2026 9:15:30", "moment", "2026-07-02T09:15:30+02:00"),
        ("02.03.2026", "moment", "2026-03-02T00:00:00+01:00"),
        ("2026-03-02T09:15:00Z", "moment", "2026-03-02T09:15:00+00:00"),
        ("2026-03-02 09:15", "moment", "2026-03-02T09:15:00+01:00"),
        ("9:30", "time-of-day", "09:30"),
        ("09:30:00", "time-of-day", "09:30"),
        ("12", "number", 12),
        ("Ja", "yes-no", True),
        ("x", "yes-no", True),
        ("WAHR", "yes-no", True),
        ("nein", "yes-no", False),
        ("FALSCH", "yes-no", False),
        ("tr, de", "list", ["tr", "de"]),
        ("tr;de", "list", ["tr", "de"]),
        ("  Weiß\xa0", "text", "Weiß"),
        ("=SUMME(A1:A9)", "text", "=SUMME(A1:A9)"),
        ("+49 6071 55512", "text", "+49 6071 55512"),
    ],
)
def test_reads_what_people_write(cell: str, kind: str, value: object) -> None:
    """Every kind is read in the ways in which people and Excel write it."""
    assert value_of(cell, kind) == value


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("31.02.1980", "date"),
        ("02.03.26", "date"),
        ("2. März", "date"),
        ("46083", "date"),
        ("02.03.2026 25:00", "moment"),
        ("02.03.2026 um neun", "moment"),
        ("bald", "moment"),
        ("9.30", "time-of-day"),
        ("1.000", "number"),
        ("-1", "number"),
        ("²", "number"),
        ("vielleicht", "yes-no"),
    ],
)
def test_guesses_nothing(cell: str, kind: str) -> None:
    """What can be meant in two ways or in none is refused, without being repeated."""
    with pytest.raises(CellUnreadable) as refused:
        value_of(cell, kind)
    assert cell not in str(refused.value)


@pytest.mark.parametrize("kind", ["text", "date", "moment", "time-of-day", "number", "yes-no"])
def test_an_empty_cell_is_nothing(kind: str) -> None:
    """An empty cell says nothing, of whatever kind it is."""
    assert value_of(" \t", kind) is None


@pytest.mark.parametrize(
    ("cell", "width", "value"),
    [
        ("6432005", (8,), "06432005"),
        ("06432005", (8,), "06432005"),
        ("6432", (5, 8), "06432"),
        ("06432", (5, 8), "06432"),
        ("1067", (5,), "01067"),
        ("67", (5,), "67"),
        ("Haus 7", (8,), "Haus 7"),
    ],
)
def test_puts_back_the_zero_that_excel_took(cell: str, width: tuple[int, ...], value: str) -> None:
    """A key that is one digit short gets its leading zero back; nothing else is changed."""
    assert value_of(cell, "text", width=width) == value


def test_translates_declared_words_only() -> None:
    """A declared word becomes its code; any other goes on to the contract as it is."""
    words = {"Rathaus": "town_hall"}
    assert value_of("Rathaus", "text", words=words) == "town_hall"
    assert value_of("phone", "text", words=words) == "phone"


@PATIENT
@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_with_its_zone_stays_the_same(moment: datetime) -> None:
    """A time written with its zone is the same instant afterwards."""
    value: Any = value_of(moment.isoformat(), "moment")
    assert datetime.fromisoformat(value) == moment


@PATIENT
@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_german_moment_keeps_what_the_clock_showed(moment: datetime) -> None:
    """A time written without zone keeps its clock, and gets Germany's offset of that day."""
    value: Any = value_of(f"{moment:%d.%m.%Y %H:%M:%S}", "moment")
    read = datetime.fromisoformat(value)
    assert read.replace(tzinfo=None) == moment.replace(microsecond=0)
    assert isinstance(read.tzinfo, timezone)


@PATIENT
@given(st.text(), st.sampled_from(["date", "moment", "time-of-day", "number", "yes-no", "list"]))
def test_no_cell_breaks_it(cell: str, kind: str) -> None:
    """Whatever stands in a cell, there is a value or a refusal."""
    with suppress(CellUnreadable):
        value_of(cell, kind)
