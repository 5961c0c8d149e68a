"""The charts: well-formed, true to the figures, and drawn as PNG."""

import struct
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring

from hub.errors import MissingPart
from hub.party_file import load_parties
from hub.trail import local_time, png
from hub.trail.charts import charts
from hub.trail.offices import Offices
from hub.trail.report import Report
from hub.trail.svg import bars, lines, scale
from hub.trail.svg_page import Series, Words
from tests.support.ledger_lines import a_line, a_step, at
from tests.support.parts import missing

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Offices & <towns>", "What is shown", "hours")
OFFICES = Offices(load_parties())


def titles(svg: str) -> list[str]:
    """What the bars and points say when they are pointed at."""
    marks = [*fromstring(svg).iter(f"{SVG}rect"), *fromstring(svg).iter(f"{SVG}circle")]
    return [said for mark in marks if (said := mark.findtext(f"{SVG}title")) is not None]


def test_bars_say_their_values() -> None:
    """One bar for each value, as long as the value, with words that need no colour."""
    svg = bars(WORDS, ["A", "B"], [Series("one", [1, 2]), Series("two", [3, None])])
    root = fromstring(svg)
    assert titles(svg) == ["A, one: 1", "A, two: 3", "B, one: 2", "B, two: 0"]
    widths = [float(r.attrib["width"]) for r in root.iter(f"{SVG}rect") if len(r)]
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.1)
    assert root.findtext(f"{SVG}title") == WORDS.title


def test_lines_leave_out_what_is_not_there() -> None:
    """A month without a value has no point."""
    svg = lines(WORDS, ["2026-01", "2026-02"], [Series("one", [None, 4])])
    assert titles(svg) == ["2026-02, one: 4"]


def test_scale() -> None:
    """At most five round steps hold the largest, and not one step more than is needed."""
    for largest in (0.003, 0.9, 1, 7, 24.9, 25, 26, 62.5, 99, 100, 101, 4711):
        ticks = scale(largest)
        assert 2 <= len(ticks) <= 6
        assert ticks[-2] < largest <= ticks[-1] * 1.00001
        assert float(f"{ticks[1]:.2g}") == pytest.approx(ticks[1])
    assert scale(0) == [0, 1]


def test_every_chart_is_drawn_from_nothing_too() -> None:
    """A report without figures has all its charts, empty."""
    assert all(fromstring(svg) is not None for svg in charts([], {}).values())


def test_charts_have_the_figures() -> None:
    """The municipality's bar says the median."""
    span = (local_time.begin(date(2026, 1, 1)), local_time.end(date(2026, 12, 31)))
    report = Report(OFFICES, *span, at("2026-12-31 09:00"))
    report.count_referrals([a_line(), a_step("accepted", "2026-03-02 11:00")])
    found = charts(report.figures(), OFFICES.municipalities)
    assert "Eppertshausen, sent to accepted: 2" in titles(found["ways-by-municipality"])
    assert "2026-03, sent to accepted: 2" in titles(found["ways-by-month"])
    assert "Eppertshausen, in time: 100" in titles(found["answered-in-time"])


def test_png() -> None:
    """The PNG is twice as large as the SVG, and has its text."""
    try:
        drawn = png.png(bars(WORDS, ["A"], [Series("one", [1])]))
    except MissingPart as absent:
        missing(absent.what, absent.remedy)
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", drawn[16:24])
    assert width == 1800
