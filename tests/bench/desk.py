"""How long a desk and its pages take beside 10,000 open cases: `python -m tests.bench.desk`.

Without arguments on SQLite and, where its programs are installed, on PostgreSQL. Prints a table;
it judges nothing.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Final

import psutil
from starlette.testclient import TestClient

from hub.casework.desk import Wanted
from hub.casework.views import View
from hub.place_file import load_places
from hub.stores.casework.overview import SqlOverview
from hub.stores.offers.upgrade import upgrade as upgrade_offers
from hub.web.figures import Room
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW, a_referral, a_step
from tests.support.desk_tables import DeskTables
from tests.support.desks_in_memory import Hub
from tests.support.office import COOKIE, LEAD, office
from tests.support.postgres import started
from tests.support.referral_courses import saying

ROUNDS: Final = 15
AT_A_TIME: Final = 500
SERVICES: Final = ("benefit_advice", "job_placement", "case_management_on_site", "housing_costs")
URGENCIES: Final = ("routine", "urgent", "asap")


def main() -> None:
    """Fill a desk on each database and measure it."""
    parser = argparse.ArgumentParser(prog="tests.bench.desk", description=__doc__)
    parser.add_argument("--open", type=int, default=10_000, help="how many cases are open")
    parser.add_argument("--over", type=int, default=20_000, help="how many are over")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"SQLite": f"sqlite:///{folder / 'desk.sqlite'}"}
        postgres = stack.enter_context(started())
        urls["PostgreSQL"] = postgres.new_database()
        servers = {"PostgreSQL": psutil.Process(postgres.pid)}
        for name, url in urls.items():
            with DeskTables(url, KFB, Hub()) as desk:
                began = time.perf_counter()
                fill(desk, asked.open, asked.over)
                _say(
                    f"{name}: {asked.open} open, {asked.over} over;"
                    f" filled in {time.perf_counter() - began:.0f} s"
                )
                for what, call in (*calls(desk, asked.open), *pages(desk, asked.open, stack)):
                    _measure(what, call, servers.get(name))


def fill(desk: DeskTables, are_open: int, are_over: int) -> None:
    """So many referrals through the hub's rules and the desk's own sink."""
    for number in range(are_open + are_over):
        at = NOW - timedelta(hours=number % 400)
        case = f"case-{number:06d}"
        request = a_referral(
            on=case, at=at, service=SERVICES[number % 4], urgency=URGENCIES[number % 3]
        )
        desk.hub.take(request, at)
        if number >= are_open:
            step = a_step("cancelled", by=EPPERTSHAUSEN, on=case, at=at, reason="client_declined")
            desk.hub.take(step, at)
        if number % AT_A_TIME == 0:
            desk.deliver()
    desk.deliver()
    every_third = [f"case-{number:06d}" for number in range(0, are_open, 3)]
    for first in range(0, len(every_third), AT_A_TIME):
        desk.desk.claim_all(every_third[first : first + AT_A_TIME], "anna", NOW)


def calls(tables: DeskTables, are_open: int) -> Iterator[tuple[str, Callable[[int], object]]]:
    """What clerks ask of a desk."""
    desk = tables.desk
    usual = Wanted(View.ALL, "anna")
    yield "counts of every view", lambda _: desk.counts("anna", NOW)
    for view in View:
        yield f"{view}, by due", _listed(tables, replace(usual, view=view))
    for sort in ("received", "-changed", "case", "status"):
        sorted_so = Wanted(View.UNASSIGNED, "anna", sort=sort)
        yield f"unassigned, by {sort}", _listed(tables, sorted_so)
    last = Wanted(View.ALL, "anna", page=are_open // 25)
    yield "all, a page far behind", _listed(tables, last)
    search = Wanted(View.ALL, "anna", search="case-0123")
    yield "all, searched", _listed(tables, search)
    filtered = Wanted(View.UNASSIGNED, "anna", service=None, other=EPPERTSHAUSEN)
    yield "unassigned, of one party", _listed(tables, filtered)
    yield "news", lambda _: desk.news(are_open, View.UNASSIGNED, "anna", NOW)
    yield "open a case", lambda n: desk.open(f"case-{3 * n + 1:06d}", "anna", NOW)
    yield "claim a case", lambda n: _claim(tables, f"case-{3 * n + 1:06d}")
    yield "accept a case", lambda n: _accept(tables, f"case-{3 * n + 1:06d}")


def pages(
    tables: DeskTables, are_open: int, stack: ExitStack
) -> Iterator[tuple[str, Callable[[int], object]]]:
    """Whole pages through the application, as a browser asks for them."""
    upgrade_offers(tables.url)
    overview = stack.enter_context(closing(SqlOverview(tables.url, tables.here)))
    app = office(tables.desk, NOW, figures_from=Room(overview, load_places()))
    browser = stack.enter_context(TestClient(app, cookies={COOKIE: LEAD.id}))

    def get(address: str, _: int) -> None:
        found = browser.get(address)
        if found.status_code != HTTPStatus.OK:
            raise RuntimeError(address)

    for view in View:
        yield f"page: {view}", partial(get, f"/inbox/{view}")
    yield "page: all, far behind", partial(get, f"/inbox/all?page={are_open // 25}")
    yield "page: all, searched", partial(get, "/inbox/all?search=case-0123")
    yield "page: a case", lambda n: get(f"/cases/case-{3 * n + 2:06d}", n)
    yield "page: figures", partial(get, "/figures")


def _listed(tables: DeskTables, wanted: Wanted) -> Callable[[int], object]:
    return lambda _: tables.desk.cases(wanted, NOW)


def _claim(tables: DeskTables, case: str) -> None:
    tables.desk.claim(case, "anna", tables.desk.peek(case).version, NOW)


def _accept(tables: DeskTables, case: str) -> None:
    version = tables.desk.peek(case).version
    tables.desk.say(case, "anna", version, saying("accepted"), f"form-{case}", NOW)


def _measure(what: str, call: Callable[[int], object], server: psutil.Process | None) -> None:
    """Wall-clock time; and processor time, the server's included: that is true on a busy machine.

    The server's is counted by the kernel in hundredths of a second: it is a mean of all rounds.
    """
    call(ROUNDS)
    taken = []
    worked = _processor_s(server)
    for number in range(ROUNDS):
        began = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - began) * 1000)
    each = (_processor_s(server) - worked) * 1000 / ROUNDS
    _say(
        f"  {what:<28} median {median(taken):6.1f} ms, longest {max(taken):6.1f} ms,"
        f" least {min(taken):6.1f} ms; processor {each:6.1f} ms"
    )


def _processor_s(server: psutil.Process | None) -> float:
    """The processor time of this process, and of a server with all its children."""
    found = [] if server is None else [server, *server.children(recursive=True)]
    times = [process.cpu_times() for process in found]
    return time.process_time() + sum(one.user + one.system for one in times)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
