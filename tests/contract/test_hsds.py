"""The open directory speaks HSDS 3.1: every answer is held against the form of the standard."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain.offers import after, lowered
from hub.hsds import ids, taxonomy
from hub.hsds.directory import Listed
from hub.hsds.service import Services
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import OfferCategory, Service
from tests.support import examples, strategies
from tests.support.answers import Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_capacity,
    a_referral,
    a_withdrawn_offer,
    an_offer,
)
from tests.support.hsds import JUDGES, Judge
from tests.support.offer_shelf import HERE, PLACES, Shelf

Json = dict[str, Any]
HOUR: Final = timedelta(hours=1)
EXAMPLES: Final = sorted(
    (
        decode(example.structured())
        for example in examples.valid()
        if example.wire_type.startswith("support-offer.")
    ),
    key=lambda event: event.context.id,
)
"""The examples of the contract, in the order in which they are said."""
PAGE: Final = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}
OFFERS: Final = (
    an_offer(on="offer-a", languages=["de", "tr"], service="debt_counselling", place_ags=DIEBURG),
    an_offer(on="offer-b", category="housing", service_area=["06432"], by=DIEBURG),
    an_offer(on="offer-c", category="housing", service_area=[WEITERSTADT], languages=["de"]),
    an_offer(on="offer-d", name="Nähstube Groß & Klein", organisation="Förderverein Übermorgen"),
)


@pytest.fixture(params=[*JUDGES])
def judge(request: pytest.FixtureRequest) -> Judge:
    """Each judge of the form."""
    return JUDGES[str(request.param)]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A directory without offers."""
    return Shelf(f"sqlite:///{tmp_path / 'offers.sqlite'}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A reader of a directory with four offers, to which no more is told."""
    shelf = Shelf(f"sqlite:///{tmp_path_factory.mktemp('directory') / 'offers.sqlite'}")
    with shelf.told(*OFFERS).client() as made:
        yield made


def listed_as(event: Event[Data], publisher: str = DIEBURG) -> Listed:
    """An offer as it stands in the directory just after it was published."""
    data = event.data
    assert isinstance(data, SupportOfferPublished)
    offer = after(None, event.context.subject, publisher, data, event.context.time)
    assert offer is not None
    return Listed(ids.service_id(publisher, offer.id), offer, data, NOW)


def found(client: httpx.Client, **asked: object) -> list[str]:
    """The names of the offers found, as they were published."""
    page = client.get("/services", params={name: str(value) for name, value in asked.items()})
    assert page.status_code == 200, page.text
    names = {ids.service_id(e.context.party, e.context.subject): e for e in OFFERS}
    return sorted(names[service["id"]].context.subject for service in page.json()["contents"])


def test_examples(judge: Judge, shelf: Shelf) -> None:
    """Every offer among the contract's examples is a service, whole and as a line of a list."""
    with shelf.told(*EXAMPLES).client() as client:
        lines = client.get("/services").json()["contents"]
        whole = client.get("/services", params={"full": "true"}).json()["contents"]
        assert len(lines) == len(whole) == 2
        for line, service in zip(lines, whole, strict=True):
            assert not judge.complaints("service_list", line)
            assert not judge.complaints("service", service)
            assert client.get(f"/services/{service['id']}").json() == service
            assert line.items() <= service.items()


def test_example_in_full(shelf: Shelf) -> None:
    """What the fullest example says is all there; a withdrawn one is defunct."""
    with shelf.told(*EXAMPLES).client() as client:
        services = client.get("/services", params={"full": "true"}).json()["contents"]
    full, gone = sorted(services, key=lambda service: str(service["name"]))
    assert gone["status"] == "defunct"
    assert full["status"] == "active"
    assert full["organization"]["name"] == "Beratungsstelle Beispiel e. V."
    assert full["fees_description"] == "Kostenlos."
    assert [area["name"] for area in full["service_areas"]] == [
        "Griesheim",
        "Pfungstadt",
        "Weiterstadt",
    ]
    assert [(s["byday"], s["opens_at"], s["closes_at"]) for s in full["schedules"]] == [
        ("MO,TH", "09:00", "12:30"),
        ("WE", "14:00", "18:00"),
    ]
    assert [language["code"] for language in full["languages"]] == ["de", "tr", "ar"]
    (capacity,) = full["capacities"]
    assert (capacity["available"], capacity["description"]) == (1, "There are free places.")
    (place,) = full["service_at_locations"]
    assert place["location"]["name"] == "Griesheim"
    terms = [attribute["taxonomy_term"]["code"] for attribute in full["attributes"]]
    assert terms == ["counselling", "debt_counselling"]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    event=strategies.events(SupportOfferPublished),
    turned_away=st.none() | strategies.MOMENTS,
    gone=st.none() | st.just(a_withdrawn_offer()),
    now=strategies.MOMENTS,
)
def test_any_offer(
    judge: Judge,
    event: Event[Data],
    turned_away: datetime | None,
    gone: Event[Data] | None,
    now: datetime,
) -> None:
    """Whatever the contract lets an offer say, and however it grew old, it is a service."""
    listed = listed_as(event)
    offer = listed.offer if turned_away is None else lowered(listed.offer, turned_away)
    if gone is not None:
        withdrawn = after(offer, offer.id, DIEBURG, gone.data, NOW)
        assert withdrawn is not None
        offer = withdrawn
    write = Services(PLACES, now)
    listed = Listed(listed.id, offer, listed.said, listed.changed_at)
    whole = write.whole(listed)
    assert not judge.complaints("service", whole)
    assert not judge.complaints("service_list", write.line(listed))
    every_id = list(_ids(whole))
    assert len({*every_id}) == len(every_id)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda service: service.pop("status"),
        lambda service: service.update(status="open"),
        lambda service: service.update(id="offer-1"),
        lambda service: service.update(last_modified="yesterday"),
        lambda service: service["capacities"][0].pop("unit"),
        lambda service: service["capacities"][0].update(available="4"),
        lambda service: service["organization"].pop("description"),
        lambda service: service["schedules"][0].update(freq="DAILY"),
        lambda service: service["service_at_locations"][0]["location"].pop("location_type"),
    ],
)
def test_judges_complain(judge: Judge, spoil: Callable[[Json], object]) -> None:
    """Each judge sees a service that is not in the form of the standard."""
    (full,) = (event for event in EXAMPLES if event.context.id == "ang-0002")
    service = Services(PLACES, NOW).whole(listed_as(full))
    assert not judge.complaints("service", service)
    spoil(service)
    assert judge.complaints("service", service)


def test_taxonomies(judge: Judge, client: httpx.Client) -> None:
    """Kinds and services are taxonomies with terms; each offer's terms are among them."""
    taxonomies = client.get("/taxonomies").json()["contents"]
    terms = client.get("/taxonomy_terms").json()["contents"]
    assert len(taxonomies) == 2
    assert {term["code"] for term in terms} == {*OfferCategory, *Service}
    for form, things in (("taxonomy", taxonomies), ("taxonomy_term", terms)):
        for thing in things:
            assert not judge.complaints(form, thing)
            path = "taxonomies" if form == "taxonomy" else "taxonomy_terms"
            assert client.get(f"/{path}/{thing['id']}").json() == thing
    known = {term["id"]: term for term in terms}
    for service in client.get("/services", params={"full": "true"}).json()["contents"]:
        for attribute in service["attributes"]:
            term = attribute["taxonomy_term"]
            assert known[term["id"]] == term
    of_services = client.get("/taxonomy_terms", params={"taxonomy_id": taxonomy.SERVICES_ID})
    assert {term["code"] for term in of_services.json()["contents"]} == {*Service}


@pytest.mark.parametrize("path", ["/services", "/taxonomies", "/taxonomy_terms"])
@pytest.mark.parametrize("per_page", [1, 2, 3, 500])
def test_pages(client: httpx.Client, path: str, per_page: int) -> None:
    """Page by page everything comes once, in the order of one long page."""
    whole = client.get(path, params={"per_page": "500"}).json()
    assert {name: type(value) for name, value in whole.items()} == PAGE
    total = whole["total_items"]
    pages = -(-total // per_page)
    seen: list[Json] = []
    for number in range(1, pages + 1):
        page = client.get(path, params={"per_page": str(per_page), "page": str(number)}).json()
        contents = page.pop("contents")
        seen += contents
        assert page == {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number == pages,
            "empty": False,
        }
    assert seen == whole["contents"]
    behind = client.get(path, params={"per_page": str(per_page), "page": str(pages + 1)}).json()
    assert (behind["empty"], behind["size"], behind["last_page"]) == (True, 0, True)


def test_nothing_there(shelf: Shelf) -> None:
    """A directory without offers is one empty page."""
    with shelf.client() as client:
        assert client.get("/services").json() == {
            "total_items": 0,
            "total_pages": 0,
            "page_number": 1,
            "size": 0,
            "first_page": True,
            "last_page": True,
            "empty": True,
            "contents": [],
        }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "abcd"),
        ({"category": "housing"}, "bc"),
        ({"service": "debt_counselling"}, "a"),
        ({"area": WEITERSTADT}, "bc"),
        ({"area": EPPERTSHAUSEN}, "abd"),
        ({"area": "06432"}, "abcd"),
        ({"area": "06411"}, ""),
        ({"language": "de"}, "ac"),
        ({"language": "tr"}, "a"),
        ({"language": "de", "category": "housing"}, "c"),
        ({"language": "de", "category": "housing", "area": DIEBURG}, ""),
        ({"taxonomy_term_id": taxonomy.term_id(OfferCategory.HOUSING)}, "bc"),
        ({"taxonomy_term_id": taxonomy.term_id(Service.DEBT_COUNSELLING)}, "a"),
        ({"taxonomy_term_id": taxonomy.term_id(Service.HOUSING_COSTS)}, ""),
        ({"taxonomy_term_id": ids.of("nothing")}, ""),
        ({"taxonomy_id": taxonomy.SERVICES_ID}, "a"),
        ({"taxonomy_id": taxonomy.CATEGORIES_ID}, "abcd"),
        ({"taxonomy_id": taxonomy.SERVICES_ID, "service": "debt_counselling"}, "a"),
        ({"taxonomy_id": taxonomy.SERVICES_ID, "service": "housing_costs"}, ""),
        ({"taxonomy_id": ids.of("nothing")}, ""),
        (
            {
                "taxonomy_term_id": taxonomy.term_id(OfferCategory.HOUSING),
                "category": "language",
            },
            "",
        ),
        (
            {"organization_id": ids.organization_id(EPPERTSHAUSEN, "Förderverein Übermorgen")},
            "d",
        ),
        ({"search": "NÄHSTUBE übermorgen"}, "d"),
        ({"search": "nähstube treff"}, "d"),
        ({"search": "nähstube kleiderkammer"}, ""),
        ({"search": "%"}, ""),
        ({"search": "\0"}, "abcd"),
        ({"format": "json"}, "abcd"),
    ],
)
def test_filters(client: httpx.Client, asked: Json, names: str) -> None:
    """Each filter leaves out what it should, and together they all hold."""
    assert found(client, **asked) == [f"offer-{name}" for name in names]


@pytest.mark.parametrize(
    "asked",
    [
        "postcode=64859",
        "page=0",
        "page=one",
        "page=1&page=2",
        "per_page=501",
        "per_page=-1",
        "full=yes",
        "full=true&minimal=true",
        "modified_after=yesterday",
        "modified_after=2026-13-01T00:00:00Z",
        "modified_after=0001-01-01T00:00:00%2B14:00",
        "area=Eppertshausen",
        "language=German",
        "category=debt_counselling",
        "service=language",
        "organization_id=1",
        "taxonomy_id=1",
        "taxonomy_term_id=x",
        "format=ndjson",
    ],
)
def test_not_understood(client: httpx.Client, asked: str) -> None:
    """A filter that is not understood is refused by name, without what was asked."""
    answer = client.get(f"/services?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    value = asked.partition("=")[2]
    if len(value) > 3:
        assert value not in problem["detail"]


def test_minimal(client: httpx.Client) -> None:
    """All ids with the day they changed, on one page, however small pages are else."""
    page = client.get("/services", params={"minimal": "true"}).json()
    assert (page["total_items"], page["total_pages"], page["size"]) == (4, 1, 4)
    assert {frozenset(line) for line in page["contents"]} == {frozenset({"id", "modified_date"})}
    lines = {line["id"]: line for line in client.get("/services").json()["contents"]}
    for line in page["contents"]:
        assert lines[line["id"]]["last_modified"] == line["modified_date"]


def test_modified_after(shelf: Shelf) -> None:
    """What changed at that time or later, by an event or by having grown old."""
    times = [NOW, NOW + HOUR, NOW + 2 * HOUR]
    for event, at in zip(OFFERS, times, strict=False):
        shelf.told(event, now=lambda at=at: at)  # type: ignore[misc]
    shelf.told(a_withdrawn_offer(on="offer-a"), now=lambda: times[2])
    with shelf.client(now=lambda: times[2]) as client:
        assert found(client, modified_after=times[0]) == ["offer-a", "offer-b", "offer-c"]
        assert found(client, modified_after=times[1]) == ["offer-a", "offer-b", "offer-c"]
        assert found(client, modified_after=times[2]) == ["offer-a", "offer-c"]
        assert found(client, modified_after=times[2] + HOUR) == []
        shown = client.get("/services", params={"minimal": "true"}).json()["contents"]
        for line in shown:
            again = client.get("/services", params={"modified_after": line["modified_date"]})
            assert line["id"] in [each["id"] for each in again.json()["contents"]]
    assured = date(2026, 2, 1)
    for days, status in ((90, "active"), (180, "inactive")):
        day = assured + timedelta(days=days)
        midnight = f"{day}T00:00:00+00:00"
        noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        with shelf.client(now=lambda noon=noon: noon) as client:  # type: ignore[misc]
            assert found(client, modified_after=midnight) == ["offer-b", "offer-c"]
            assert found(client, modified_after=midnight.replace("+00:00", "")) == [
                "offer-b",
                "offer-c",
            ]
            assert found(client, modified_after=noon) == []
            lines = client.get("/services", params={"modified_after": midnight}).json()["contents"]
            assert {line["status"] for line in lines} == {status}
            assert {line["last_modified"] for line in lines} == {f"{day}T00:00:00.000Z"}
            assert all(str(assured) in line["alert"] for line in lines)
            gone = client.get(f"/services/{ids.service_id(EPPERTSHAUSEN, 'offer-a')}").json()
            assert gone["last_modified"] == "2026-03-02T11:15:00.000Z", "it grows old no more"


def test_plus_that_became_a_blank(client: httpx.Client) -> None:
    """A time whose `+` nobody wrote as %2B is understood."""
    answer = client.get("/services?modified_after=2026-03-02T10:15:00+01:00")
    assert answer.json()["total_items"] == 4


def test_turned_away(judge: Judge) -> None:
    """After somebody was turned away it reads as if the provider had counted no places."""
    four = an_offer(capacity={"status": "capacity", "available": 4, "updated": NOW})
    none = an_offer(capacity={"status": "no-capacity", "available": 0, "updated": NOW + HOUR})
    told, counted = listed_as(four), listed_as(none)
    full = Listed(told.id, lowered(told.offer, NOW + HOUR), told.said, told.changed_at)
    whole = Services(PLACES, NOW).whole(full)
    assert not judge.complaints("service", whole)
    (capacity,) = whole["capacities"]
    assert capacity["available"] == 0
    assert full.offer.said is not None
    assert full.offer.said.available == 4
    assert whole == Services(PLACES, NOW).whole(counted)


def test_ids_stay(shelf: Shelf, tmp_path: Path) -> None:
    """An offer has the same ids in every directory, whatever else is said of it later."""
    again = Shelf(f"sqlite:///{tmp_path / 'another.sqlite'}")
    with shelf.told(*OFFERS).client() as client:
        first = client.get("/services", params={"full": "true"}).json()["contents"]
    renamed = an_offer(on="offer-d", name="Nähstube", organisation="Förderverein Übermorgen")
    with again.told(OFFERS[3], renamed, *OFFERS[:3]).client() as client:
        second = client.get("/services", params={"full": "true"}).json()["contents"]
    assert [[*_ids(service)] for service in first] == [[*_ids(service)] for service in second]
    assert {UUID(each).version for service in first for each in _ids(service)} == {5}


def test_who_published_it_tells_offers_apart() -> None:
    """Two parties may call two offers alike; they are two services."""
    assert ids.service_id(DIEBURG, "offer-1") != ids.service_id(KFB, "offer-1")
    assert ids.of("a", "b|c") != ids.of("a", "b", "c")


def test_about(client: httpx.Client) -> None:
    """The root says which version of the standard this is, and where it is described."""
    about = client.get("/").json()
    assert about["version"] == "3.1"
    assert about["openapi_url"] == f"{HERE}/openapi.json"
    assert about["profile"].startswith("https://docs.openreferral.org/")
    document = client.get("/openapi.json").json()
    assert document["servers"] == [{"url": HERE}]


def test_public_address(shelf: Shelf) -> None:
    """Behind another address it says that one."""
    with shelf.client(public_url="https://angebote.invalid/api/") as client:
        assert client.get("/").json()["openapi_url"] == "https://angebote.invalid/api/openapi.json"


def test_described(client: httpx.Client) -> None:
    """Every address of the OpenAPI document answers, and every parameter of it is understood."""
    document = client.get("/openapi.json").json()
    one = {
        "service": client.get("/services").json()["contents"][0]["id"],
        "taxonomy": taxonomy.CATEGORIES_ID,
        "term": taxonomy.term_id(OfferCategory.MEETING),
    }
    good = {
        "modified_after": "2026-01-01T00:00:00Z",
        "taxonomy_term_id": one["term"],
        "taxonomy_id": one["taxonomy"],
        "organization_id": one["service"],
        "search": "x",
        "format": "json",
        "area": "06432",
        "category": "meeting",
        "service": "housing_costs",
        "language": "de",
    }
    for path, item in document["paths"].items():
        operation = item["get"]
        address = path.format(id=one.get(operation["operationId"], ""))
        assert client.get(address).status_code == 200
        for parameter in operation["parameters"]:
            kind = parameter["schema"]["type"]
            value = {"integer": "1", "boolean": "true"}.get(kind) or good[parameter["name"]]
            answer = client.get(address, params={parameter["name"]: value})
            assert answer.status_code == 200, (path, parameter["name"])


def test_asked_again(shelf: Shelf) -> None:
    """Who has an answer already is told so, until it changes."""
    with shelf.told(*OFFERS).client(max_age_s=7) as client:
        for path in ("/", "/services", "/services?full=true", "/taxonomies", "/openapi.json"):
            first = client.get(path)
            assert first.headers["cache-control"] == "public, max-age=7"
            tag = first.headers["etag"]
            for kept in (tag, f"W/{tag}", f'"x", {tag}', "*"):
                again = client.get(path, headers={"If-None-Match": kept})
                assert (again.status_code, again.content) == (304, b"")
                assert again.headers["etag"] == tag
            assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
        before = client.get("/services?full=true").headers["etag"]
        shelf.told(a_capacity(on="offer-a"))
        assert client.get("/services?full=true").headers["etag"] != before


def test_anybody_may_read(client: httpx.Client) -> None:
    """From any page of the world, answers and refusals alike, asked beforehand or not."""
    for path in ("/", "/services", "/services/none", "/nowhere", "/services?page=0"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
        asked = client.options(path, headers={"Access-Control-Request-Method": "GET"})
        assert asked.status_code == 204
        assert "GET" in asked.headers["access-control-allow-methods"]


def test_only_read(client: httpx.Client) -> None:
    """Nothing can be written, and what is not there is not found."""
    for path in ("/services", "/services/x", "/"):
        assert client.post(path, json={}).status_code == 405
        assert client.delete(path).status_code == 405
    service = client.get("/services").json()["contents"][0]["id"]
    assert client.get(f"/services/{service.upper()}").json()["id"] == service
    assert client.head("/services").status_code == 200
    for path in ("/services/1", f"/services/{ids.of('no')}", "/taxonomies/%00", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json()["status"] == 404


def test_away(tmp_path: Path) -> None:
    """While the database cannot be read, it is said so, and when to come again."""
    shelf = Shelf(f"sqlite:///{tmp_path / 'offers.sqlite'}")
    (tmp_path / "offers.sqlite").unlink()
    with shelf.client() as client:
        for path in ("/services", f"/services/{ids.of('x')}"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "2"
            assert answer.headers["cache-control"] == "no-store"
        assert client.get("/taxonomies").status_code == 200


def test_through_the_hub(shelf: Shelf, judge: Judge) -> None:
    """What the hub delivers to the jobcenter stands in the directory, and nothing of a client."""
    hub = Hub()
    said = (
        an_offer(on="offer-1"),
        a_referral(on="case-1"),
        a_capacity(on="offer-1", capacity={"available": 2}),
        an_offer(on="offer-2", by=DIEBURG, dataclassification="internal"),
    )
    deliveries = [copy for event in said for to, copy in hub.takes(event).events if to == KFB]
    assert len(deliveries) == 4
    with shelf.given(*deliveries).client() as client:
        (service,) = client.get("/services", params={"full": "true"}).json()["contents"]
    assert service["id"] == ids.service_id(EPPERTSHAUSEN, "offer-1")
    assert service["capacities"][0]["available"] == 2
    assert not judge.complaints("service", service)


def _ids(thing: object) -> Iterator[str]:
    """The ids of a thing and all it consists of; those that all offers share are left out."""
    if isinstance(thing, dict):
        for name, part in thing.items():
            if name == "id":
                yield str(part)
            elif name not in ("unit", "taxonomy_term"):
                yield from _ids(part)
    elif isinstance(thing, Sequence) and not isinstance(thing, str):
        for part in thing:
            yield from _ids(part)
