"""What every chart has around it: title, description, legend, and its text."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

WIDTH: Final = 900
COLORS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Okabe and Ito's: told apart by everyone, and when printed grey."""
FONT: Final = "font-family='DejaVu Sans, Liberation Sans, Noto Sans, Arial, sans-serif'"


class Series(NamedTuple):
    """One value for each label; None where there is none."""

    name: str
    values: Sequence[float | None]


class Words(NamedTuple):
    """What stands around a chart."""

    title: str
    says: str
    """What is shown, in a sentence."""
    unit: str


def legend(series: Sequence[Series]) -> Iterator[str]:
    """The color and the name of each series."""
    x = 24.0
    for nth, one in enumerate(series):
        color = COLORS[nth % len(COLORS)]
        yield f"<rect x='{x:.0f}' y='52' width='12' height='12' fill='{color}'/>"
        yield text(x + 18, 62, one.name)
        x += 40 + 7.5 * len(one.name)


def page(words: Words, height: int, body: Sequence[str]) -> str:
    """The whole picture with this in it."""
    title, says = escape(words.title), escape(f"{words.says} ({words.unit})")
    size = f"viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}'"
    return "\n".join(
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' {FONT} font-size='12'>",
            f"<title>{title}</title>",
            f"<desc>{says}</desc>",
            f"<rect width='{WIDTH}' height='{height}' fill='#fff'/>",
            f"<text x='24' y='26' font-size='17' font-weight='bold'>{title}</text>",
            f"<text x='24' y='44' fill='#555'>{says}</text>",
            *body,
            "</svg>\n",
        )
    )


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Words at a place; `anchor` is start, middle or end."""
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}'>{escape(words)}</text>"
