"""The report's charts: how short the ways are, where and when, and what stood in the way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.trail.figures import Figures
from hub.trail.svg import bars, lines
from hub.trail.svg_page import Series, Words

LONGEST: Final = 20
"""How many reasons or offers a chart shows at most: the most frequent ones."""
HOURS: Final = "working hours, median"


def charts(figures: Sequence[Figures], names: Mapping[str, str]) -> dict[str, str]:
    """Each chart as SVG, by its name."""
    return dict(_charts(figures, names))


def _charts(figures: Sequence[Figures], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    places = [one for one in figures if one.municipality and not one.month]
    months = [one for one in figures if one.month and not one.municipality]
    whole = [one for one in figures if not one.month and not one.municipality]
    labels = [names.get(one.municipality, one.municipality) for one in places]
    yield (
        "ways-by-municipality",
        bars(
            Words(
                "How short the ways are", "From sent to accepted to the first appointment", HOURS
            ),
            labels,
            [
                Series("sent to accepted", [one.hours_to_acceptance for one in places]),
                Series("accepted to appointment", [one.hours_to_appointment for one in places]),
            ],
        ),
    )
    yield (
        "ways-by-month",
        lines(
            Words("How the ways change", "All municipalities, by the month of sending", HOURS),
            [one.month for one in months],
            [
                Series("sent to accepted", [one.hours_to_acceptance for one in months]),
                Series("accepted to appointment", [one.hours_to_appointment for one in months]),
                Series("sent to appointment", [one.hours_in_all for one in months]),
            ],
        ),
    )
    yield (
        "answered-in-time",
        bars(
            Words("Answered in time", "Share of the due answers that came in time", "percent"),
            labels,
            [Series("in time", [_percent(one.share_in_time) for one in places])],
        ),
    )
    yield (
        "refusals",
        _counted(
            Words("What stood in the way", "Rejected by owners, refused by the hub", "number"),
            [one.rejected for one in whole],
            [one.refused for one in whole],
        ),
    )
    yield (
        "offers-used",
        _counted(
            Words("Offers used", "What clients got, by offer or service", "number"),
            [one.offers_used for one in whole],
        ),
    )


def _counted(words: Words, *counted: Sequence[Mapping[str, int]]) -> str:
    total: Counter[str] = Counter()
    for counts in counted:
        for each in counts:
            total.update(each)
    most = total.most_common(LONGEST)
    values = [float(number) for _, number in most]
    return bars(words, [code for code, _ in most], [Series("how often", values)])


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
