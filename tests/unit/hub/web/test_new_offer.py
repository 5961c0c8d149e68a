"""A support offer published by hand."""

import pytest

from schemas.events.support_offer_published import SupportOfferPublished
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import Stage
from tests.support.page import Answer, Visitor

ADDRESS = "/offers/new"
WHOLE = {
    "name": "Sprachcafé",
    "organisation": "Gemeinde Eppertshausen",
    "category": "language",
    "description": "Deutsch sprechen bei Kaffee.",
    "area": "06432",
}


@pytest.fixture
def party() -> str:
    """It is the desk of Eppertshausen."""
    return EPPERTSHAUSEN


async def fill(visitor: Visitor, *pairs: tuple[str, str], **given: str) -> Answer:
    """Open the form, fill it in, send it."""
    form = (await visitor.page(ADDRESS)).form(ADDRESS)
    kept = [(k, v) for k, v in form.fields if k not in {"csrf_token", *given, *dict(pairs)}]
    return await visitor.post(ADDRESS, *kept, *pairs, **given)


def published(desk: Stage) -> SupportOfferPublished:
    """What was published last."""
    said = desk.said[-1][1]
    assert isinstance(said, SupportOfferPublished)
    return said


async def test_an_offer_goes_out(petra: Visitor, desk: Stage) -> None:
    """It counts as confirmed today; its number is told, for those who refer somebody to it."""
    answer = await fill(petra, **WHOLE)

    said = published(desk)
    assert (said.name, said.service_area) == ("Sprachcafé", ("06432",))
    assert said.assured_date.isoformat() == "2026-11-25"
    page = await petra.page(answer.to)
    assert page.headings[0] == f"Vorgang {desk.said[-1][0]}"
    assert "Ihr Angebot ist gespeichert und wird jetzt gesendet." in page.text
    assert "Wer jemanden an dieses Angebot überweist" in page.text
    assert "Name des Angebots Sprachcafé" in page.text


async def test_hours_places_and_languages(petra: Visitor, desk: Stage) -> None:
    """Every part of an offer can be said."""
    more = {
        "category": "counselling",
        "service": "debt_counselling",
        "place": EPPERTSHAUSEN,
        "opens_1": "08:00",
        "closes_1": "12:00",
        "capacity": "capacity",
        "available": "3",
        "maximum": "12",
        "costs": "2 Euro",
    }
    pairs = [("days_1", "MO"), ("days_1", "TH"), ("speech", "tr"), ("area", "06432008")]
    given = WHOLE | more
    del given["area"]
    answer = await fill(petra, *pairs, ("area", EPPERTSHAUSEN), **given)

    said = published(desk)
    assert answer.status == 303
    assert set(said.service_area) == {EPPERTSHAUSEN, "06432008"}
    assert said.schedules[0].byday == ("MO", "TH")
    assert (said.schedules[0].opens_at, said.schedules[0].closes_at) == ("08:00", "12:00")
    assert said.capacity is not None
    assert (said.capacity.available, said.capacity.maximum) == (3, 12)
    assert said.languages == ("tr",)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"category": "fun"}, "category"),
        ({"description": "x" * 2001}, "description"),
        ({"area": "06411000"}, "area"),
        ({"opens_2": "08:00"}, "days_2"),
        ({"days_1": "MO", "opens_1": "12:00"}, "opens_1"),
        ({"days_1": "MO", "opens_1": "12:00", "closes_1": "08:00"}, "closes_1"),
        ({"capacity": "maybe"}, "capacity"),
        ({"available": "3"}, "capacity"),
        ({"capacity": "capacity", "available": "-3"}, "available"),
        ({"capacity": "capacity", "available": "5", "maximum": "3"}, "available"),
        ({"place": "moon"}, "place"),
    ],
)
async def test_what_is_not_right_is_said_and_nothing_goes_out(
    petra: Visitor, desk: Stage, given: dict[str, str], field: str
) -> None:
    """Each entry is looked at here; the problem stands beside its field."""
    answer = await fill(petra, **(WHOLE | given))

    page = answer.page
    assert answer.status == 422
    assert f"#{field}" in page.targets
    assert [a for t, a in page.tags if a.get("id") == f"{field}-problem"]
    assert desk.said == []
