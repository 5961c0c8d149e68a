"""Until when a mailbox is to be emptied, and what is late now."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.agreed_times import AgreedTimes
from hub.domain.collection import collect_until, late_before
from tests.support.patience import PATIENT

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = AgreedTimes()
MORNINGS = AgreedTimes(working_hours=("Tu,Th 08:00-12:00",), collect_within_working_days=1)
ALWAYS = AgreedTimes(working_hours=("Mo-Su 00:00-24:00",), collect_within_working_days=10)
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2028, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)


def local(text: str) -> datetime:
    """A moment on the office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2026-11-05T15:59", "2026-11-02T00:00"),  # Thursday: Monday's is due at closing time
        ("2026-11-05T16:00", "2026-11-03T00:00"),
        ("2026-11-07T12:00", "2026-11-04T00:00"),  # Saturday
        ("2026-11-09T15:59", "2026-11-04T00:00"),  # Monday: Wednesday's is due at closing time
        ("2026-11-09T16:00", "2026-11-05T00:00"),
        ("2026-04-09T15:59", "2026-04-02T00:00"),  # Maundy Thursday's, the Thursday after Easter
        ("2026-04-09T16:00", "2026-04-07T00:00"),  # and all that came on the days between
        ("2026-03-30T16:00", "2026-03-26T00:00"),  # summer time began on Sunday
    ],
)
def test_what_is_late_now(now: str, before: str) -> None:
    """Three working days; weekends and holidays do not count, nor does the day it came."""
    assert late_before(local(now), OFFICE) == local(before)


@PATIENT
@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=40)), st.sampled_from([0, 1, 2]))
def test_late_is_what_should_have_been_collected(now: datetime, age: timedelta, which: int) -> None:
    """Whatever its hours, an item is late exactly when the time to collect it is over."""
    agreed = (OFFICE, MORNINGS, ALWAYS)[which]
    came = now - age
    assert (came < late_before(now, agreed)) is (collect_until(came, agreed) <= now)
