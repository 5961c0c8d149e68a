"""Says what the board speaks of in one language: spans of time, states, runbooks."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from hub.domain.working_year import ZONE
from hub.language import Language
from hub.monitor import phrases, runbook
from hub.monitor.states import State
from hub.pages import wording
from hub.pages.marking import N_

ROOM: Final = "hub.board"
"""Where its catalogues, templates and files lie."""
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
TWO_DAYS: Final = timedelta(days=2)
WORKING_DAY: Final = timedelta(hours=phrases.DAY_HOURS)


class Wording(wording.Wording):
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Read the language's catalogue."""
        super().__init__(ROOM, language)

    def span(self, taken: timedelta) -> str:
        """How long, short enough for a table: `45 s`, `12 min`, `3 h 05 min`, `5 days`."""
        if taken < MINUTE:
            return self.text(N_("%(num)s s"), num=int(taken.total_seconds()))
        if taken < HOUR:
            return self.text(N_("%(num)s min"), num=taken // MINUTE)
        if taken < TWO_DAYS:
            minutes = f"{taken % HOUR // MINUTE:02d}"
            return self.text(
                N_("%(hours)s h %(minutes)s min"), hours=taken // HOUR, minutes=minutes
            )
        return self.count("%(num)s day", "%(num)s days", taken.days)

    def worked(self, taken: timedelta) -> str:
        """The same of working time, from a working day on in days of eight hours."""
        return (
            self.span(taken) if taken < WORKING_DAY else phrases.working_time(taken, self.language)
        )

    def at(self, at: datetime, now: datetime) -> str:
        """The time, with the day where it is not today's."""
        same = at.astimezone(ZONE).date() == now.astimezone(ZONE).date()
        return self.clock(at) if same else self.moment(at, short=True)

    def second(self, at: datetime, now: datetime) -> str:
        """The same to the second, where it is today."""
        if at.astimezone(ZONE).date() != now.astimezone(ZONE).date():
            return self.at(at, now)
        return at.astimezone(ZONE).strftime("%H:%M:%S")

    def state(self, state: State) -> str:
        """The name of a state."""
        return runbook.text_of(state, self.language).name


@cache
def wording_of(language: Language) -> Wording:
    """The words of a language; its catalogue is read once."""
    return Wording(language)
