"""Every answer of the open directory is held against HSDS's own description of one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from hub.hsds.query import PARAMETERS
from tests.support.builders import DIEBURG, NOW, WEITERSTADT, a_withdrawn_offer, an_offer
from tests.support.hsds import FOLDER, answer_complaints, openapi, parameters
from tests.support.offer_shelf import Shelf

Json = dict[str, Any]
HOUR: Final = timedelta(hours=1)
CAPACITY: Final = {"status": "capacity", "available": 4, "maximum": 9, "updated": NOW}
OFFERS: Final = (
    an_offer(on="offer-a", languages=["de", "tr"], service="debt_counselling", place_ags=DIEBURG),
    an_offer(on="offer-b", category="housing", service_area=["06432"], by=DIEBURG),
    an_offer(on="offer-c", service_area=[WEITERSTADT], capacity=CAPACITY, costs="Zwei Euro."),
    an_offer(on="offer-d", assured_date="2025-06-01"),
    an_offer(on="offer-e"),
    a_withdrawn_offer(on="offer-e"),
)
SERVED: Final = (
    "/",
    "/services",
    "/services/{id}",
    "/taxonomies",
    "/taxonomies/{id}",
    "/taxonomy_terms",
    "/taxonomy_terms/{id}",
)
"""What the directory serves of what HSDS describes."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A reader of a directory with offers of every kind: fresh, faded, full in words, withdrawn."""
    shelf = Shelf(f"sqlite:///{tmp_path_factory.mktemp('directory') / 'offers.sqlite'}")
    with shelf.told(*OFFERS[:3]).told(*OFFERS[3:], now=lambda: NOW + HOUR).client() as made:
        yield made


def answer(client: httpx.Client, path: str, **asked: str) -> Json:
    """What is answered there."""
    found = client.get(path, params=asked)
    assert found.status_code == 200, found.text
    body: Json = found.json()
    return body


@pytest.mark.parametrize("path", SERVED)
def test_answers(client: httpx.Client, path: str) -> None:
    """Each address answers as HSDS describes it."""
    assert path in openapi()["paths"]
    if not path.endswith("{id}"):
        assert answer_complaints(path, answer(client, path)) == []
        return
    listed = answer(client, path.removesuffix("/{id}"))["contents"]
    assert listed
    for thing in listed:
        one = answer(client, path.format(id=thing["id"]))
        assert answer_complaints(path, one) == []


@pytest.mark.parametrize("per_page", ["1", "2", "500"])
def test_pages(client: httpx.Client, per_page: str) -> None:
    """Every page of services, also the one behind the last, is a page as HSDS describes it."""
    first = answer(client, "/services", per_page=per_page)
    assert first["total_items"] == 5
    for number in range(1, first["total_pages"] + 2):
        page = answer(client, "/services", per_page=per_page, page=str(number))
        assert answer_complaints("/services", page) == []
        assert page["empty"] is (number > first["total_pages"])


def test_modified_after(client: httpx.Client) -> None:
    """What changed since is a page of services like any other."""
    later = (NOW + HOUR).isoformat()
    page = answer(client, "/services", modified_after=later)
    assert page["total_items"] == 2
    assert answer_complaints("/services", page) == []
    none = answer(client, "/services", modified_after=(NOW + 2 * HOUR).isoformat())
    assert (none["empty"], answer_complaints("/services", none)) == (True, [])


def test_whole_services(client: httpx.Client) -> None:
    """Listed whole, each service is what its own address answers."""
    whole = answer(client, "/services", full="true")["contents"]
    assert [answer_complaints("/services/{id}", one) for one in whole] == [[]] * 5
    for one in whole:
        assert answer(client, f"/services/{one['id']}") == one


def test_parameters() -> None:
    """Every parameter that HSDS has for services is understood."""
    published = {*parameters("/services")}
    assert published >= {"page", "per_page", "modified_after", "minimal", "full"}
    assert published <= {*PARAMETERS}


@pytest.mark.parametrize(
    ("path", "spoil"),
    [
        ("/", lambda body: body.update(version=3.1)),
        ("/services", lambda body: body.pop("empty")),
        ("/services", lambda body: body.update(total_items="5")),
        ("/services", lambda body: body.update(first_page=1)),
        ("/services", lambda body: body.update(contents={})),
        ("/services", lambda body: body["contents"][0].pop("status")),
        ("/services", lambda body: body["contents"][0].update(capacities=[])),
        ("/services", lambda body: body["contents"][0].update(last_modified="1 June")),
        ("/services", lambda body: body["contents"][0]["organization"].pop("description")),
        ("/taxonomies", lambda body: body["contents"][0].pop("name")),
        ("/taxonomy_terms", lambda body: body["contents"][0].update(id="language")),
    ],
)
def test_the_judge_complains(
    client: httpx.Client, path: str, spoil: Callable[[Json], object]
) -> None:
    """An answer that is not as HSDS describes it is seen."""
    body = answer(client, path)
    assert answer_complaints(path, body) == []
    spoil(body)
    assert answer_complaints(path, body)


def test_which_hsds() -> None:
    """The judge has HSDS 3.1 with the changes of 3.1.1, and its licence beside it."""
    schemas = {file.stem: file.read_text("utf-8") for file in FOLDER.glob("*.json")}
    assert {"service", "service_capacity", "unit", "url", "openapi"} <= schemas.keys()
    assert '"capacities"' in schemas["service"]
    assert '"constraints"' in schemas["unit"]
    assert openapi()["openapi"] == "3.1.0"
    assert openapi()["components"]["schemas"]["Page"]["required"] == ["empty"]
    assert "Attribution Share-Alike 4.0" in (FOLDER / "license.txt").read_text("utf-8")
