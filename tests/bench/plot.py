"""Draws a result as PNG and SVG; run by the Python of the bench's own environment.

plot.py RESULT.json STEM  ->  STEM.png, STEM.svg
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl  # type: ignore[import-not-found, unused-ignore]

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "kurze-wege"
from matplotlib import pyplot as plt  # type: ignore[import-not-found, unused-ignore]  # noqa: E402

EXACT: Final = "#2b6cb0"
NOT_EXACT: Final = "#a0aec0"
OURS: Final = "#c05621"
FAULT: Final = "fault"


def draw(result: dict[str, Any], stem: Path) -> None:
    """All sections that the result has, one panel each."""
    panels = [
        (panel, result[name])
        for name, panel in (
            ("contenders", _contenders),
            ("latency", _latency),
            ("memory", _memory),
            ("growth", _growth),
        )
        if result.get(name, {}).keys() - {FAULT}
    ]
    if not panels:
        return
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 3.6 * len(panels)), squeeze=False)
    for (panel, section), axis in zip(panels, axes[:, 0], strict=True):
        panel(axis, section)
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(stem.with_suffix(".png"), dpi=150)
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})


def _contenders(axis: Any, section: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib's own
    shown = {name: found for name, found in section.items() if "events_per_s" in found}
    names = sorted(shown, key=lambda name: float(shown[name]["events_per_s"]["median"]))
    spreads = [shown[name]["events_per_s"] for name in names]
    colours = [
        OURS if name.startswith("hub") else EXACT if shown[name]["exactly_once"] else NOT_EXACT
        for name in names
    ]
    _bars(axis, names, spreads, colours)
    axis.set_title("Events per second, one process (orange: the hub; grey: not exactly once)")


def _growth(axis: Any, section: dict[str, Any]) -> None:  # noqa: ANN401 - the same
    rows = [row for part in section.values() for row in part["events_per_s"].items()][::-1]
    _bars(axis, [name for name, _ in rows], [found for _, found in rows], [OURS] * len(rows))
    axis.set_title("Events per second of the complete routing, as it grows")


def _bars(axis: Any, names: list[str], spreads: list[Any], colours: list[str]) -> None:  # noqa: ANN401
    middles = [one["median"] for one in spreads]
    below = [one["median"] - one["min"] for one in spreads]
    above = [one["max"] - one["median"] for one in spreads]
    axis.barh(names, middles, xerr=(below, above), color=colours, ecolor="#4a5568", capsize=3)
    for place, one in enumerate(spreads):
        axis.text(one["max"], place, f"  {one['median']:,.0f}", va="center", fontsize=9)


def _latency(axis: Any, section: dict[str, Any]) -> None:  # noqa: ANN401 - the same
    names = [name for name in section if name != FAULT][::-1]
    for figure, mark in (("p50_ms", "o"), ("p99_ms", "D"), ("max_ms", "|")):
        values = [section[name][figure]["median"] for name in names]
        axis.plot(values, names, mark, label=figure.removesuffix("_ms"), color=OURS, markersize=8)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter("")
    axis.set_xlim(left=1)
    axis.grid(axis="x", which="both", alpha=0.3)
    axis.set_title("Accepted to readable at the recipient, ms (by events per second)")
    axis.legend(loc="lower left")


def _memory(axis: Any, section: dict[str, Any]) -> None:  # noqa: ANN401 - the same
    points = section["points"]
    axis.plot([p["events"] for p in points], [p["rss_mb"] for p in points], color=OURS)
    axis.set_ylim(bottom=0)
    axis.set_title(f"Memory of one worker over {section['events']:,} events, MB")


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
