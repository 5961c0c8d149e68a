"""What a party has agreed to: when it works, and within how many working days it answers."""

import re
from functools import cached_property
from typing import Annotated, Final

from pydantic import Field, field_validator

from hub.domain.opening_hours import read_week
from hub.domain.public_holidays import LANDS
from hub.domain.working_time import Calendar, WorkingTime, working_time
from schemas.model import Frozen, PartyId

WorkingDays = Annotated[int, Field(strict=True, ge=1, le=250)]
"""A number of working days, up to a year of them."""
_CLOSED: Final = re.compile(r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)


class AgreedTimes(Frozen):
    """The working time of a party and the time it has for each step that others wait for."""

    calendar: str = "DE-HE"
    """The public holidays its working days follow (ISO 3166-2)."""
    working_hours: tuple[str, ...] = ("Mo-Fr 08:00-16:00",)
    """When it works, in Berlin's time: `Mo-Fr 08:00-16:00`, `Tu,Th 08:00-12:00,13:00-18:00`."""
    closed_days: tuple[str, ...] = ("12-24", "12-31")
    """Days it is closed: `12-24` each year, `2026-05-15` once. Those two by custom."""
    answer_within_working_days: WorkingDays = 5
    """Until when it accepts or rejects a referral; again as long, and its lead hears of it."""
    finish_within_working_days: WorkingDays = 60
    """Until when an accepted referral has come to its end; what it lay on hold does not count."""
    expire_after_working_days: WorkingDays = 10
    """How long after that second time a referral nobody answered expires."""
    collect_within_working_days: WorkingDays = 3
    """Until when it fetches what lies in its mailbox."""
    continue_within_working_days: WorkingDays = 20
    """How long, as old carrier, it bears a hand-over nobody continues before that is overdue."""
    escalates_to: PartyId | None = None
    """Who hears of it when it is late for the second time; else the jobcenter's lead."""

    @field_validator("calendar")
    @classmethod
    def _is_a_land(cls, calendar: str) -> str:
        if calendar not in LANDS:
            raise ValueError(f"use one of {', '.join(LANDS)}")
        return calendar

    @field_validator("working_hours")
    @classmethod
    def _is_a_week(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        read_week(lines)
        return lines

    @field_validator("closed_days")
    @classmethod
    def _are_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if not _CLOSED.fullmatch(day):
                raise ValueError(f"{day!r} is no day; write '12-24' or '2026-05-15'")
        return days

    @cached_property
    def working_time(self) -> WorkingTime:
        """Its working time; parties with the same hours share one."""
        return working_time(Calendar(self.calendar, self.working_hours, self.closed_days))
