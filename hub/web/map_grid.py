"""Places on a grid of equal fields, about where they lie: north is up, and each has its own."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final, NamedTuple

from hub.domain.places import Place

COLUMNS: Final = 5
ROWS: Final = 8


class Field(NamedTuple):
    """A field of the grid, counted from the upper left, from 0."""

    column: int
    row: int


def grid(places: Iterable[Place]) -> Mapping[str, Field]:
    """A field for each place, by its key: the nearest to where it lies that is free.

    The places in the middle choose last: those at the edge give the district its shape.
    """
    found = list(places)
    if not found:
        return {}
    north, south = max(p.centre[0] for p in found), min(p.centre[0] for p in found)
    west, east = min(p.centre[1] for p in found), max(p.centre[1] for p in found)

    def wished(place: Place) -> tuple[float, float]:
        down = (north - place.centre[0]) / ((north - south) or 1)
        along = (place.centre[1] - west) / ((east - west) or 1)
        return along * (COLUMNS - 1), down * (ROWS - 1)

    def from_middle(place: Place) -> float:
        along, down = wished(place)
        return -abs(along - (COLUMNS - 1) / 2) - abs(down - (ROWS - 1) / 2)

    free = {Field(*each) for each in product(range(COLUMNS), range(ROWS))}
    fields: dict[str, Field] = {}
    for place in sorted(found, key=lambda each: (from_middle(each), each.ags)):
        along, down = wished(place)
        best = min(free, key=lambda f: ((f.column - along) ** 2 + (f.row - down) ** 2, f))
        free.discard(best)
        fields[place.ags] = best
    return fields
