"""The public holidays of a German Land, by year."""

from datetime import date
from functools import cache
from typing import Final

YEARS: Final = range(1991, 2101)
"""The years whose holidays are known: since there are sixteen Länder, and until 2100."""
LANDS: Final = (
    *("DE-BB", "DE-BE", "DE-BW", "DE-BY", "DE-HB", "DE-HE", "DE-HH", "DE-MV"),
    *("DE-NI", "DE-NW", "DE-RP", "DE-SH", "DE-SL", "DE-SN", "DE-ST", "DE-TH"),
)
"""The Länder (ISO 3166-2); Hessen is DE-HE (HFeiertagsG §1)."""


@cache
def public_holidays(land: str, year: int) -> frozenset[date]:
    """The holidays of everyone in the Land; those of some places only are `closed_days` there."""
    from holidays import country_holidays  # noqa: PLC0415 - heavy; most commands count no days

    country, _, subdivision = land.partition("-")
    return frozenset(country_holidays(country, subdiv=subdivision, years=year))
