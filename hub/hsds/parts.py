"""What a service consists of in HSDS 3.1: places, areas, hours, languages, costs and terms."""

from collections.abc import Iterator
from typing import Any, Final

from hub.domain.places import Places
from hub.hsds import ids, taxonomy
from hub.hsds.directory import Listed
from schemas.vocabulary import CapacityStatus

Json = dict[str, Any]
AREA_URI: Final = "http://dcat-ap.de/def/politicalGeocoding/"
"""GovData's identifiers of German municipalities and districts."""
UNIT: Final = {"id": ids.of("unit", "place"), "name": "place"}
IN_WORDS: Final = {
    CapacityStatus.CAPACITY: "There are free places.",
    CapacityStatus.NO_CAPACITY: "There are no free places.",
    CapacityStatus.WAITLIST: "There is a waiting list.",
    CapacityStatus.ADDITIONAL_ASSESSMENT_REQUIRED: "Decided after a first talk.",
}


def of(listed: Listed, places: Places) -> Json:
    """Everything there can be several of; what there is nothing of is left out."""
    found = {
        "capacities": list(_capacities(listed)),
        "service_areas": list(_areas(listed, places)),
        "service_at_locations": list(_locations(listed, places)),
        "schedules": list(_schedules(listed)),
        "languages": list(_languages(listed)),
        "cost_options": list(_costs(listed)),
        "attributes": list(_attributes(listed)),
    }
    return {name: several for name, several in found.items() if several}


def _capacities(listed: Listed) -> Iterator[Json]:
    """The places shown, not those said: that somebody was turned away is nobody's business."""
    shown = listed.offer.shown
    if shown is None:
        return
    capacity = {
        "id": ids.of("service_capacity", listed.id),
        "unit": UNIT,
        "available": shown.available,
        "maximum": shown.maximum,
        "description": IN_WORDS[shown.status],
        "updated": shown.updated.isoformat(),
    }
    yield {name: value for name, value in capacity.items() if value is not None}


def _areas(listed: Listed, places: Places) -> Iterator[Json]:
    for area in dict.fromkeys(listed.said.service_area):
        yield {
            "id": ids.of("service_area", listed.id, area),
            "name": places.name(area),
            "extent": area,
            "extent_type": "AGS",
            "uri": _area_uri(area),
        }


def _area_uri(area: str) -> str:
    kind = "districtKey" if len(area) == len("06432") else "municipalityKey"
    return f"{AREA_URI}{kind}/{area}"


def _locations(listed: Listed, places: Places) -> Iterator[Json]:
    """The municipality it is in: a street is not part of the contract."""
    town, accessibility = listed.said.place_ags, listed.said.accessibility
    if town is None and accessibility is None:
        return
    location: Json = {"id": ids.of("location", listed.id, town), "location_type": "physical"}
    if town is not None:
        location["name"] = places.name(town)
        location["external_identifier"] = town
        location["external_identifier_type"] = "AGS"
    if accessibility is not None:
        way_in = {"id": ids.of("accessibility", listed.id), "description": accessibility}
        location["accessibility"] = [way_in]
    yield {"id": ids.of("service_at_location", listed.id, town), "location": location}


def _schedules(listed: Listed) -> Iterator[Json]:
    for schedule in dict.fromkeys(listed.said.schedules):
        days = ",".join(dict.fromkeys(schedule.byday))
        yield {
            "id": ids.of("schedule", listed.id, days, schedule.opens_at, schedule.closes_at),
            "freq": "WEEKLY",
            "byday": days,
            "opens_at": schedule.opens_at,
            "closes_at": schedule.closes_at,
        }


def _languages(listed: Listed) -> Iterator[Json]:
    for code in dict.fromkeys(listed.said.languages):
        yield {"id": ids.of("language", listed.id, code), "code": code}


def _costs(listed: Listed) -> Iterator[Json]:
    """Costs in words stand in `fees_description`; where there are none, it is free."""
    if listed.said.costs is None:
        free = {"option": "Free of charge", "amount": 0, "currency": "EUR"}
        yield {"id": ids.of("cost_option", listed.id)} | free


def _attributes(listed: Listed) -> Iterator[Json]:
    codes = (listed.said.category, listed.said.service)
    for code in (code for code in codes if code is not None):
        yield {
            "id": ids.of("attribute", listed.id, taxonomy.taxonomy_of(code), code),
            "link_id": listed.id,
            "link_entity": "service",
            "taxonomy_term": taxonomy.term(code),
        }
