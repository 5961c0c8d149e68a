"""A figure measured several times: its least, middle and greatest value."""

from collections.abc import Iterable
from statistics import median

Spread = dict[str, float]
"""`min`, `median` and `max`."""


def spread(values: Iterable[float], digits: int = 1) -> Spread:
    """The spread of these values, of which there is at least one."""
    found = sorted(values)
    return {
        "min": round(found[0], digits),
        "median": round(median(found), digits),
        "max": round(found[-1], digits),
    }


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values does not exceed."""
    found = sorted(values)
    return found[min(len(found) - 1, max(0, -int(-share * len(found) // 1) - 1))]


def slope(points: Iterable[tuple[float, float]]) -> float:
    """How much y grows with each x, by least squares; 0 where there are not two x."""
    found = list(points)
    mean_x = sum(x for x, _ in found) / len(found)
    mean_y = sum(y for _, y in found) / len(found)
    width = sum((x - mean_x) ** 2 for x, _ in found)
    if not width:
        return 0.0
    return sum((x - mean_x) * (y - mean_y) for x, y in found) / width
