"""The district as the generator of test days knows it: its towns, and what they are good at.

Written down a second time on purpose: what is expected of the hub must not be read from the hub.
"""

from typing import Final, NamedTuple

from schemas.vocabulary import Service


class Town(NamedTuple):
    """One of the 23 towns and municipalities; the figures are rounded."""

    ags: str
    name: str
    postal_code: str
    inhabitants: int


KFB: Final = "kfb"
DISTRICT: Final = "06432"
EPPERTSHAUSEN: Final = "06432005"
WEITERSTADT: Final = "06432023"

TOWNS: Final = (
    Town("06432001", "Alsbach-Hähnlein", "64665", 9_200),
    Town("06432002", "Babenhausen", "64832", 17_000),
    Town("06432003", "Bickenbach", "64404", 6_000),
    Town("06432004", "Dieburg", "64807", 16_000),
    Town(EPPERTSHAUSEN, "Eppertshausen", "64859", 6_300),
    Town("06432006", "Erzhausen", "64390", 8_000),
    Town("06432007", "Fischbachtal", "64405", 2_700),
    Town("06432008", "Griesheim", "64347", 28_000),
    Town("06432009", "Groß-Bieberau", "64401", 4_700),
    Town("06432010", "Groß-Umstadt", "64823", 21_000),
    Town("06432011", "Groß-Zimmern", "64846", 14_600),
    Town("06432012", "Messel", "64409", 4_000),
    Town("06432013", "Modautal", "64397", 5_000),
    Town("06432014", "Mühltal", "64367", 14_000),
    Town("06432015", "Münster (Hessen)", "64839", 14_500),
    Town("06432016", "Ober-Ramstadt", "64372", 15_000),
    Town("06432017", "Otzberg", "64853", 6_300),
    Town("06432018", "Pfungstadt", "64319", 25_000),
    Town("06432019", "Reinheim", "64354", 16_500),
    Town("06432020", "Roßdorf", "64380", 12_700),
    Town("06432021", "Schaafheim", "64850", 9_300),
    Town("06432022", "Seeheim-Jugenheim", "64342", 16_500),
    Town(WEITERSTADT, "Weiterstadt", "64331", 26_000),
)
BY_AGS: Final = {town.ags: town for town in TOWNS}

OUTSIDE: Final = (
    Town("06411000", "Darmstadt", "64283", 162_000),
    Town("06412000", "Frankfurt am Main", "60311", 770_000),
    Town("06438013", "Rodgau", "63110", 46_000),
    Town("09676112", "Aschaffenburg", "63739", 72_000),
)
"""Where people move to and come from across the border of the district."""

JOBCENTER_SERVICES: Final = (
    Service.BENEFIT_ADVICE,
    Service.JOB_PLACEMENT,
    Service.CASE_MANAGEMENT_ON_SITE,
    Service.HOUSING_COSTS,
)
TOWN_SERVICES: Final = (
    Service.CHILDCARE_AND_CARE,
    Service.DEBT_COUNSELLING,
    Service.PSYCHOSOCIAL_SUPPORT,
    Service.ADDICTION_COUNSELLING,
)
PARTIES: Final = (KFB, *BY_AGS)
"""All 24."""
