"""The lead's page: how short the ways are, what is late, and where offers are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.casework.overview import Overview
from hub.domain.places import Places
from hub.domain.working_year import ZONE
from hub.pages.forms import Form
from hub.pages.marking import N_
from hub.trail.figures import Figures
from hub.web.access import Right, require
from hub.web.bars import Part, bar, longest
from hub.web.map_grid import COLUMNS, ROWS, Field, grid
from hub.web.office import Office

USUAL: Final = timedelta(days=365)
"""How far back the figures go where nobody says."""
LAST_BEFORE_FIRST: Final = N_("The last day must not lie before the first.")
LEVELS: Final = 4
"""In how many shades the number of offers is shown, besides none."""


class Room(NamedTuple):
    """What the page is made from, besides the office."""

    overview: Overview
    places: Places


class Way(NamedTuple):
    """A row: how long it took, in working hours, and the bar beside it."""

    name: str
    figures: Figures
    parts: Sequence[Part]


class Tile(NamedTuple):
    """A place on the map."""

    name: str
    field: Field
    offers: int
    level: int
    """0: none, up to LEVELS: as many as anywhere."""


def routes(office: Office, room: Room | None) -> Sequence[Route]:
    """The page at its address; without a room there is nothing to see."""
    return (Route("/figures", partial(_show, office, room), methods=["GET"], name="figures"),)


def _show(office: Office, room: Room | None, request: Request) -> Response:
    require(request, Right.FIGURES)
    if room is None:
        raise HTTPException(404)
    now = office.now()
    today = now.astimezone(ZONE).date()
    usual = {"first": (today - USUAL).isoformat(), "last": today.isoformat()}
    form = Form(usual | dict(request.query_params))
    first, last = _days(form, today)
    figures = room.overview.figures(first, last, now)
    offers = room.overview.offers_by_place(now)
    setting, say = office.pages.setting, office.pages.wording(request)
    values = {
        "form": form,
        "whole": next((each for each in figures if not each.month and not each.municipality), None),
        "towns": ways(
            [each for each in figures if each.municipality and not each.month and each.referrals],
            lambda each: setting.party_name(each.municipality),
        ),
        "months": ways(
            [each for each in figures if each.month and not each.municipality],
            lambda each: say.month(date.fromisoformat(f"{each.month}-01")),
        ),
        "standing": sorted(
            room.overview.standing(now), key=lambda each: (-each.overdue - each.late, each.party)
        ),
        "beside": room.overview.beside(first, last, now),
        "tiles": tiles(room.places, offers),
        "columns": COLUMNS,
        "rows": ROWS,
    }
    return office.answer(request, "figures.html", values, 422 if form.problems else 200)


def _days(form: Form, today: date) -> tuple[date, date]:
    """The days asked for; the usual ones where they cannot be read, which the form then says."""
    first, last = form.day("first") or today - USUAL, form.day("last") or today
    if last < first:
        form.wrong("last", LAST_BEFORE_FIRST)
        return today - USUAL, today
    return first, last


def ways(figures: Sequence[Figures], name: Callable[[Figures], str]) -> Sequence[Way]:
    """The rows with their bars, all to the same scale."""
    hours = [(each.hours_to_acceptance, each.hours_to_appointment) for each in figures]
    most = longest(hours)
    return [Way(name(each), each, bar(row, most)) for each, row in zip(figures, hours, strict=True)]


def tiles(places: Places, offers: Mapping[str, int]) -> Sequence[Tile]:
    """The places on the map, with how many offers there are."""
    most = max(offers.values(), default=0)
    fields = grid(places.place)
    return [
        Tile(place.name, fields[place.ags], count, -(-LEVELS * count // most) if most else 0)
        for place in places.place
        for count in (offers.get(place.ags, 0),)
    ]
