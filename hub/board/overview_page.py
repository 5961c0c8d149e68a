"""The first page: whether all is well, and if not what, since when, for whom, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.board.answering import answer, said
from hub.board.board import Board
from hub.board.chart import Chart, chart, timeline
from hub.board.dying import Died
from hub.board.verdict import judged
from hub.monitor import wording
from hub.monitor.expiring import Left, left
from hub.monitor.incidents import Incident
from hub.monitor.probed import by_door
from hub.monitor.states import Severity

REFRESHED_S: Final = 15
"""After so many seconds the page is shown anew, unless it was asked to stay as it is."""
CAUSES: Final = 5
"""So many causes of dead letters are named on this page."""


ON_THE_WALL: Final = 4
"""So many incidents are shown on a wall screen; the others are counted."""


class Told(NamedTuple):
    """An incident and its words."""

    incident: Incident
    says: wording.Said


def routes(board: Board) -> Sequence[Route]:
    """The page at its address."""
    return (Route("/", partial(_show, board), methods=["GET"], name="overview"),)


def _show(board: Board, request: Request) -> Response:
    now, words = board.now(), said(request)
    overview = board.overview(now)
    incidents = sorted(overview.incidents if overview else (), key=_urgency)
    still = "still" in request.query_params
    expiring = board.expiring()
    values = {
        "now": now,
        "judged": judged(overview, now, board.is_old_after),
        "overview": overview,
        "still": still,
        "incidents": [
            Told(one, wording.said(one, words.language, board.names, now)) for one in incidents
        ],
        "most": ON_THE_WALL if "wall" in request.query_params else len(incidents),
        "reader": lambda group: wording.reader(group, words.language, board.names),
        **_charts(board, now),
        **_dead(board.died()),
        "probes": by_door(overview.probed if overview else ()),
        "expiring": expiring,
        "near": sum(left(one, now) is not Left.LONG for one in expiring.certificates),
        "left": lambda expiry: left(expiry, now),
    }
    headers = {} if still else {"Refresh": str(REFRESHED_S)}
    return answer(board, request, "overview.html", values, headers=headers)


def _urgency(incident: Incident) -> tuple[bool, datetime]:
    """What asks for action now comes first, then what is open longest."""
    return incident.state.severity is not Severity.ALARM, incident.opened_at


def _charts(board: Board, now: datetime) -> Mapping[str, object]:
    slots = timeline(board.poller.history, now)
    charts: dict[str, Chart] = {
        "waiting": chart(slots, lambda slot: slot.before_hub + slot.before_parties),
        "longest": chart(slots, lambda slot: slot.longest.total_seconds()),
        "came_in": chart(slots, lambda slot: slot.came_in),
    }
    return {"slots": slots, "charts": charts}


def _dead(died: Died | None) -> Mapping[str, object]:
    if died is None:
        return {"causes": None, "open": 0}
    found = [one for one in died.causes if one.open]
    return {"causes": found[:CAUSES], "open": sum(one.open for one in found)}
