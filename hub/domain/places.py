"""Where the municipalities lie: who borders on whom, and how far it is as the crow flies."""

import tomllib
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from schemas.model import Ags, AreaCode, Frozen

EARTH_KM: Final = 6371.0
"""The earth's mean radius, in kilometres."""


class Place(Frozen):
    """A municipality on the map."""

    ags: Ags
    """Its key."""
    name: str
    """Its name for people."""
    centre: tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]]
    """Latitude and longitude of its centre, in degrees (WGS 84)."""
    neighbours: frozenset[Ags]
    """The places it has a border with."""


class District(Frozen):
    """The Kreis the places are of."""

    ags: AreaCode
    """Its key, 5 digits."""
    name: str
    """Its name for people."""


class Places(Frozen):
    """The district's municipalities and those around it that matter."""

    district: District
    place: tuple[Place, ...]
    """In any order; each key once."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if len(self.by_ags) != len(self.place):
            raise ValueError("a place is given twice")
        for place in self.place:
            for other in place.neighbours:
                if other not in self.by_ags or place.ags not in self.by_ags[other].neighbours:
                    raise ValueError(f"the border of {place.ags} with {other} has one side only")
        return self

    @cached_property
    def by_ags(self) -> dict[str, Place]:
        """Each place by its key."""
        return {place.ags: place for place in self.place}

    def name(self, area: str) -> str:
        """What people call a municipality or the district; the key itself where that is unknown."""
        if area == self.district.ags:
            return self.district.name
        place = self.by_ags.get(area)
        return area if place is None else place.name

    def borders(self, one: str, other: str) -> bool:
        """Whether the two have a common border."""
        place = self.by_ags.get(one)
        return place is not None and other in place.neighbours

    def distance_km(self, one: str, other: str) -> float | None:
        """From centre to centre on the sphere, in kilometres; None if one is not on the map."""
        here, there = self.by_ags.get(one), self.by_ags.get(other)
        if here is None or there is None:
            return None
        return _on_the_sphere(here.centre, there.centre)


def no_map(district: str) -> Places:
    """Nothing but the district's key: distances are not known, and names are keys."""
    return Places(district=District(ags=district, name=district), place=())


def parse(text: str) -> Places:
    """The map in this TOML text; raises ValueError where it contradicts itself."""
    return Places.model_validate(tomllib.loads(text))


def _on_the_sphere(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine formula."""
    (north, east), (there_north, there_east) = map(_radians, (one, other))
    apart = (
        sin((there_north - north) / 2) ** 2
        + cos(north) * cos(there_north) * sin((there_east - east) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(min(1.0, apart)))


def _radians(centre: tuple[float, float]) -> tuple[float, float]:
    return radians(centre[0]), radians(centre[1])
