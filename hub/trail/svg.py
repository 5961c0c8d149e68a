"""Two kinds of chart as SVG text: stacked bars, one row each, and lines over time.

Text stays text, each bar and point has a title, and nothing is fetched from elsewhere.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, log10
from typing import Final

from hub.trail.svg_page import COLORS, WIDTH, Series, Words, legend, page, text

LEFT: Final = 230
RIGHT: Final = 70
TOP: Final = 84
ROW: Final = 26
BAR: Final = 16
BOTTOM: Final = 46
HEIGHT: Final = 420
"""Of a chart of lines."""
TICKS: Final = 5
"""How many steps a scale has at most."""
NEARLY: Final = 0.999999
MOST_LABELS: Final = 13


def bars(words: Words, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Stacked bars, one row for each label, the sum at the end."""
    sums = [sum(one.values[row] or 0 for one in series) for row in range(len(labels))]
    height = TOP + ROW * max(1, len(labels)) + BOTTOM
    return page(words, height, [*legend(series), *_bar_body(labels, series, sums)])


def lines(words: Words, labels: Sequence[str], series: Sequence[Series]) -> str:
    """A line for each series, with a point where there is a value."""
    return page(words, HEIGHT, [*legend(series), *_line_body(labels, series)])


def scale(largest: float) -> list[float]:
    """The ticks of a scale that holds the largest: from 0 on, a round number apart."""
    if largest <= 0:
        return [0.0, 1.0]
    least = largest / TICKS
    power = 10.0 ** ceil(log10(least) - 1)
    step = next(n * power for n in (1, 2, 2.5, 5, 10) if n * power >= least * NEARLY)
    return [step * number for number in range(ceil(largest / step * NEARLY) + 1)]


def _bar_body(
    labels: Sequence[str], series: Sequence[Series], sums: Sequence[float]
) -> Iterator[str]:
    bottom = TOP + ROW * max(1, len(labels))
    ticks = scale(max(sums, default=0))
    per_unit = (WIDTH - LEFT - RIGHT) / ticks[-1]
    for tick in ticks:
        x = LEFT + tick * per_unit
        yield f"<line x1='{x:.1f}' y1='{TOP - 6}' x2='{x:.1f}' y2='{bottom}' stroke='#ddd'/>"
        yield text(x, bottom + 18, f"{tick:g}", anchor="middle")
    for row, label in enumerate(labels):
        y = TOP + ROW * row
        yield text(LEFT - 10, y + BAR - 3, label, anchor="end")
        x = float(LEFT)
        for nth, one in enumerate(series):
            value = one.values[row] or 0
            width = value * per_unit
            said = escape(f"{label}, {one.name}: {value:g}")
            yield (
                f"<rect x='{x:.1f}' y='{y}' width='{width:.1f}' height='{BAR}' "
                f"fill='{COLORS[nth % len(COLORS)]}'><title>{said}</title></rect>"
            )
            x += width
        yield text(x + 6, y + BAR - 3, f"{round(sums[row], 1):g}")


def _line_body(labels: Sequence[str], series: Sequence[Series]) -> Iterator[str]:
    bottom, left = HEIGHT - BOTTOM, 70
    step = (WIDTH - left - RIGHT) / max(1, len(labels) - 1)
    ticks = scale(max((v for one in series for v in one.values if v is not None), default=0))
    per_unit = (bottom - TOP) / ticks[-1]
    for tick in ticks:
        y = bottom - tick * per_unit
        yield f"<line x1='{left}' y1='{y:.1f}' x2='{WIDTH - RIGHT}' y2='{y:.1f}' stroke='#ddd'/>"
        yield text(left - 8, y + 4, f"{tick:g}", anchor="end")
    every = ceil(len(labels) / MOST_LABELS) or 1
    for column in range(0, len(labels), every):
        yield text(left + step * column, bottom + 18, labels[column], anchor="middle")
    for nth, one in enumerate(series):
        color = COLORS[nth % len(COLORS)]
        points = [
            (left + step * column, bottom - value * per_unit, labels[column], value)
            for column, value in enumerate(one.values)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
        yield f"<polyline points='{path}' fill='none' stroke='{color}' stroke-width='2'/>"
        for x, y, label, value in points:
            said = escape(f"{label}, {one.name}: {value:g}")
            yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{color}'><title>{said}</title>"
            yield "</circle>"
