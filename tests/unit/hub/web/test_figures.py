"""The lead's page of figures, and what it is drawn from."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette

from hub.place_file import load_places
from hub.web.bars import FULL, Part, bar, longest
from hub.web.figures import LEVELS, Room, tiles
from hub.web.map_grid import COLUMNS, ROWS, grid
from tests.support.district import KFB
from tests.support.office import AUDITOR, LEAD, NOW, PARTIES, PETRA, memory_desk, office
from tests.support.page import Visitor
from tests.support.sql_stage import Prepared, SqlStage

PLACES = load_places()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path) -> Iterator[Starlette]:
    """The jobcenter's pages with its figures, from the real tables on each database."""
    with (
        prepared.copy(request.param, KFB, tmp_path) as url,
        closing(SqlStage(url, KFB, PARTIES)) as desk,
        closing(desk.overview()) as overview,
    ):
        yield office(desk, NOW, PARTIES, Room(overview, PLACES))


async def test_a_lead_sees_how_short_the_ways_are(app: Starlette) -> None:
    """In figures, with a bar beside each row; what is late with whom; where offers are."""
    page = await Visitor(app, LEAD.id).page("/figures")

    assert {"Nach Gemeinden", "Offen und überfällig", "Angebote nach Orten"} <= set(page.headings)
    assert "November 2026" in page.text
    assert page.named("rect", class_="part-1")
    assert page.links["Eppertshausen"] == "/inbox/all?other=06432005"
    assert page.named("svg", role="img", aria_labelledby="map-title")
    assert "Kennzahlen" in page.links


async def test_a_lead_sees_what_the_figures_leave_out(app: Starlette) -> None:
    """How many referrals were passed on, and the hand-overs that are open; parties by name."""
    page = await Visitor(app, LEAD.id).page("/figures")

    assert "Weitergeleitet 0" in page.text
    assert "Übergaben Offen 1 davon überfällig 0" in page.text
    assert "/inbox/handovers" in page.targets
    assert not re.search(r"\bkfb\b", page.text)


async def test_the_days_can_be_chosen(app: Starlette) -> None:
    """Other days, other figures; days without a referral say so; nonsense is told."""
    lead = Visitor(app, LEAD.id)
    before = await lead.page("/figures?first=2025-01-01&last=2025-01-31")
    assert "An diesen Tagen wurde keine Überweisung gesendet." in before.text

    for query in ("first=bald", "first=2026-02-01&last=2026-01-01", "last=2026-02-30"):
        answer = await lead.get(f"/figures?{query}")
        assert answer.status == 422
        assert answer.page.named("div", role="alert")


@pytest.mark.parametrize("clerk", [PETRA.id, AUDITOR.id])
async def test_others_do_not_see_it(app: Starlette, clerk: str) -> None:
    """Neither by the address nor in the head of a page."""
    visitor = Visitor(app, clerk)

    assert (await visitor.get("/figures")).status == 403
    assert "Kennzahlen" not in (await visitor.page("/help")).links


async def test_without_figures_there_is_no_such_page() -> None:
    """Where nothing is counted nothing is linked."""
    lead = Visitor(office(memory_desk()), LEAD.id)

    assert (await lead.get("/figures")).status == 404
    assert "Kennzahlen" not in (await lead.page("/help")).links


def test_each_place_has_a_field_of_its_own() -> None:
    """None is lost, none shares a field, and the north is up."""
    fields = grid(PLACES.place)

    assert set(fields) == set(PLACES.by_ags)
    assert len(set(fields.values())) == len(fields)
    assert all(0 <= f.column < COLUMNS and 0 <= f.row < ROWS for f in fields.values())
    assert fields["06432006"].row < fields["06432001"].row  # Erzhausen, Alsbach-Hähnlein
    assert fields["06432023"].column < fields["06432021"].column  # Weiterstadt, Schaafheim
    assert grid(PLACES.place) == grid(reversed(PLACES.place))
    assert grid(()) == {}


def test_bars_are_to_one_scale() -> None:
    """The longest is as wide as the picture, its parts one after the other; nothing is nothing."""
    rows = [(1.0, 3.0), (None, 2.0), (None, None)]
    most = longest(rows)

    drawn = [bar(row, most) for row in rows]
    assert drawn[0] == [Part(0, FULL // 4), Part(FULL // 4, 3 * FULL // 4)]
    assert drawn[1] == [Part(0, 0), Part(0, FULL // 2)]
    assert drawn[2] == [Part(0, 0), Part(0, 0)]
    assert bar((None,), longest([])) == [Part(0, 0)]


def test_the_map_says_how_many_offers_there_are() -> None:
    """In a number, and in a shade: none, few, most."""
    drawn = {tile.name: tile for tile in tiles(PLACES, {"06432005": 8, "06432008": 1})}

    assert (drawn["Eppertshausen"].offers, drawn["Eppertshausen"].level) == (8, LEVELS)
    assert (drawn["Griesheim"].offers, drawn["Griesheim"].level) == (1, 1)
    assert (drawn["Dieburg"].offers, drawn["Dieburg"].level) == (0, 0)
    assert {tile.level for tile in tiles(PLACES, {})} == {0}
