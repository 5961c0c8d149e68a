"""The map knows every municipality of the district, its neighbours and its distances."""

from itertools import combinations
from typing import Final

import pytest

from hub.domain.places import parse
from hub.party_file import load_parties
from hub.place_file import load_places
from tests.support.builders import DARMSTADT_AGS, DIEBURG, EPPERTSHAUSEN, WEITERSTADT
from tests.support.district import DISTRICT, TOWNS

PLACES: Final = load_places()
MESSEL: Final = "06432012"
TWO: Final = """
district = { ags = "06432", name = "Kreis" }
[[place]]
ags = "06432001"
name = "Eins"
centre = [49.7, 8.6]
neighbours = ["06432002"]
[[place]]
ags = "06432002"
name = "Zwei"
centre = [49.8, 8.7]
neighbours = ["06432001"]
"""


def test_every_municipality_is_on_it() -> None:
    """The 23 municipalities as they are declared, under their names, and the city in between."""
    declared = {party.area: party.name for party in load_parties().party if party.area}
    on_the_map = {ags: place.name for ags, place in PLACES.by_ags.items()}
    assert on_the_map.pop(DARMSTADT_AGS) == "Darmstadt"
    assert on_the_map == {town.ags: town.name for town in TOWNS}
    assert on_the_map.items() <= declared.items()
    assert PLACES.district.ags == DISTRICT


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (EPPERTSHAUSEN, DIEBURG, 6),
        (EPPERTSHAUSEN, WEITERSTADT, 19),
        ("06432021", "06432001", 36),
        (DARMSTADT_AGS, "06432008", 6),
    ],
)
def test_distances(one: str, other: str, km: int) -> None:
    """As the crow flies, to the kilometre, from either side."""
    there, back = PLACES.distance_km(one, other), PLACES.distance_km(other, one)
    assert there is not None
    assert back is not None
    assert round(there) == round(back) == km


def test_distances_agree_with_each_other() -> None:
    """No detour is shorter, and no place but the same is at no distance."""
    for one, other in combinations(PLACES.by_ags, 2):
        direct = PLACES.distance_km(one, other)
        assert direct is not None
        assert direct > 1
        for third in PLACES.by_ags:
            first, second = PLACES.distance_km(one, third), PLACES.distance_km(third, other)
            assert first is not None
            assert second is not None
            assert direct <= first + second + 1e-9


def test_neighbours_are_near() -> None:
    """Whoever has a common border is less far away than the district is wide, both ways."""
    for ags, place in PLACES.by_ags.items():
        assert place.neighbours
        for other in place.neighbours:
            away = PLACES.distance_km(ags, other)
            assert away is not None
            assert away < 14
            assert PLACES.borders(other, ags)
    assert PLACES.borders(EPPERTSHAUSEN, MESSEL)
    assert not PLACES.borders(EPPERTSHAUSEN, DIEBURG)
    assert not PLACES.borders(EPPERTSHAUSEN, EPPERTSHAUSEN)


def test_everybody_can_be_reached() -> None:
    """From neighbour to neighbour one comes everywhere."""
    reached, ahead = {EPPERTSHAUSEN}, [EPPERTSHAUSEN]
    while ahead:
        new = PLACES.by_ags[ahead.pop()].neighbours - reached
        reached |= new
        ahead += new
    assert reached == set(PLACES.by_ags)


def test_names() -> None:
    """A municipality and the district by their names, anything else by its key."""
    assert PLACES.name(EPPERTSHAUSEN) == "Eppertshausen"
    assert PLACES.name(DISTRICT) == "Landkreis Darmstadt-Dieburg"
    assert PLACES.name("06412000") == "06412000"


def test_unknown_places() -> None:
    """Of a place that is not on the map nothing is said."""
    assert PLACES.distance_km(EPPERTSHAUSEN, "06412000") is None
    assert not PLACES.borders("06412000", EPPERTSHAUSEN)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('neighbours = ["06432001"]', "neighbours = []"),
        ('ags = "06432002"', 'ags = "06432001"'),
        ('neighbours = ["06432002"]', 'neighbours = ["06432002", "06432003"]'),
        ("centre = [49.8, 8.7]", "centre = [149.8, 8.7]"),
    ],
    ids=["one-sided", "twice", "nowhere", "beyond-the-pole"],
)
def test_contradictions(right: str, wrong: str) -> None:
    """A map that contradicts itself is refused; mended, it is taken."""
    assert len(parse(TWO).place) == 2
    with pytest.raises(ValueError, match="validation error"):
        parse(TWO.replace(right, wrong))
