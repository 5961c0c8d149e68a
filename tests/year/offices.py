"""Who takes part in the year: offices with their hours and the times they have agreed to.

Written down here and nowhere else: the hub reads it as its registry, the oracle as it stands. The
23 municipalities and the jobcenter are the district's own; their hours and times are invented, and
so are the providers and the carriers on the other side of the border.
"""

from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Final, NamedTuple

from tests.support.district import KFB, TOWNS

Minutes = tuple[int, int]
"""Open from and until, in minutes since midnight."""
Hours = tuple[tuple[str, tuple[Minutes, ...]], ...]
"""For each group of weekdays its spans; whole half-hours."""
DARMSTADT: Final = "jobcenter-darmstadt"
OFFENBACH: Final = "pro-arbeit-offenbach"
PROVIDER: Final = "suchthilfe-dieburg"
UNCOMMITTED: Final = "verein-ohne-zusage"
"""A provider that has not committed itself to keep social data (SGB X §78)."""


def _at(*hours: float) -> tuple[Minutes, ...]:
    minutes = [round(60 * hour) for hour in hours]
    return tuple(zip(minutes[::2], minutes[1::2], strict=True))


ALL_DAY: Final[Hours] = (("Mo-Fr", _at(8, 16)),)
SHORT_FRIDAY: Final[Hours] = (("Mo-Th", _at(7.5, 12, 13, 15.5)), ("Fr", _at(7.5, 12)))
LONG_TUESDAY: Final[Hours] = (("Mo,We-Fr", _at(8, 12)), ("Tu", _at(8, 12, 14, 18)))
TWO_DAYS: Final[Hours] = (("Tu,Th", _at(8, 12, 13.5, 18)),)
CUSTOM: Final = ("12-24", "12-31")
CARNIVAL: Final = (*CUSTOM, "2026-02-16", "2026-02-17")


class Office(NamedTuple):
    """A party, as far as time and place matter; times are working days."""

    id: str
    name: str
    kind: str
    area: str
    hours: Hours = ALL_DAY
    closed: tuple[str, ...] = CUSTOM
    """Days without work: `12-24` each year, `2026-02-16` once."""
    answer: int = 5
    finish: int = 60
    expire: int = 10
    carry_on: int = 20
    lead: str = KFB
    """Who hears of it when it is late again."""
    commitment: str | None = None

    @property
    def is_carrier(self) -> bool:
        """Whether it pays benefits."""
        return self.kind in ("jobcenter", "carrier")

    def closes_on(self, day: date) -> bool:
        """Whether it is closed on that day, whatever the weekday."""
        iso = day.isoformat()
        return iso in self.closed or iso[5:] in self.closed


_WAYS: Final[tuple[Callable[[Office], Office], ...]] = (
    lambda town: town,
    lambda town: town._replace(hours=SHORT_FRIDAY, answer=3, finish=10, expire=3),
    lambda town: town._replace(hours=LONG_TUESDAY, closed=CARNIVAL, answer=4, finish=30, expire=5),
    lambda town: town._replace(hours=TWO_DAYS, answer=2, finish=8, expire=2),
    lambda town: town._replace(closed=CARNIVAL, answer=1, finish=5, expire=1),
)
"""How the municipalities differ, in turns."""
_SMALLEST: Final = "06432007"
_ITS_NEIGHBOUR: Final = "06432009"


def _town(nth: int) -> Office:
    town = TOWNS[nth]
    lead = _ITS_NEIGHBOUR if town.ags == _SMALLEST else KFB
    office = Office(town.ags, town.name, "municipality", town.ags, lead=lead)
    return _WAYS[nth % len(_WAYS)](office)


OFFICES: Final = (
    Office(KFB, "Kreisagentur für Beschäftigung", "jobcenter", "06432", carry_on=10),
    *(_town(nth) for nth in range(len(TOWNS))),
    Office(DARMSTADT, "Jobcenter Darmstadt", "carrier", "06411", carry_on=5),
    Office(OFFENBACH, "Pro Arbeit Kreis Offenbach", "carrier", "06438", SHORT_FRIDAY, carry_on=8),
    Office(
        PROVIDER, "Suchthilfe Dieburg", "provider", "06432004", answer=3, finish=15, expire=4,
        commitment="Akte 12/2025",
    ),
    Office(UNCOMMITTED, "Verein ohne Zusage", "provider", "06432004"),
)  # fmt: skip
BY_ID: Final = {office.id: office for office in OFFICES}


def registry() -> str:
    """The registry of parties as the hub reads it: the shipped kinds, these offices."""
    shipped = (resources.files("hub") / "parties.toml").read_text("utf-8")
    kinds = shipped[: shipped.index("[[party]]")]
    return kinds + "\n".join(_entry(office) for office in OFFICES)


def _entry(office: Office) -> str:
    hours = ", ".join(f'"{days} {_spans(spans)}"' for days, spans in office.hours)
    closed = ", ".join(f'"{day}"' for day in office.closed)
    lines = [
        "[[party]]",
        f'id = "{office.id}"',
        f'name = "{office.name}"',
        f'kind = "{office.kind}"',
        f'area = "{office.area}"',
        f"working_hours = [{hours}]",
        f"closed_days = [{closed}]",
        f"answer_within_working_days = {office.answer}",
        f"finish_within_working_days = {office.finish}",
        f"expire_after_working_days = {office.expire}",
        f"continue_within_working_days = {office.carry_on}",
    ]
    if office.lead != KFB:
        lines.append(f'escalates_to = "{office.lead}"')
    if office.commitment is not None:
        lines.append(f'commitment = "{office.commitment}"')
    return "\n".join(lines) + "\n"


def _spans(spans: tuple[Minutes, ...]) -> str:
    return ",".join("-".join(f"{at // 60:02}:{at % 60:02}" for at in span) for span in spans)
