"""What a lead sees of a desk is what the ledger says of its referrals, on each database."""

import random
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from connectors.base import Delivered
from connectors.sql.database import open_database
from hub.casework.overview import Beside, Overview, Standing
from hub.stores.casework.overview import SqlOverview
from hub.stores.ledger import figures
from hub.stores.ledger.sink import LedgerSink
from hub.stores.ledger.upgrade import upgrade as upgrade_ledger
from hub.trail.figures import Figures
from hub.trail.local_time import begin, end
from hub.trail.offices import Offices
from hub.trail.report import Report
from schemas.events.handover_continued import HandoverContinued
from schemas.topics import LEDGER
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_move,
    a_referral,
    a_step,
    an_offer,
)
from tests.support.desk_tables import DeskOf, DeskTables
from tests.support.desks_in_memory import Hub
from tests.support.offer_shelf import Shelf
from tests.support.referral_courses import saying

FIRST: Final = date(2026, 3, 1)
LAST: Final = date(2026, 4, 30)
LATER: Final = NOW + timedelta(days=60)
HOUR: Final = timedelta(hours=1)


def figures_of_ledger(hub: Hub, file: Path, now: datetime) -> list[Figures]:
    """As `hub report` counts them."""
    url = f"sqlite:///{file}"
    upgrade_ledger(url)
    with closing(LedgerSink(open_database(url))) as sink:
        sink.write(
            [Delivered("hub", LEDGER.name, 0, n, 0, record) for n, record in enumerate(hub.ledger)]
        )
    report = Report(Offices(hub.parties), begin(FIRST), end(LAST), now)
    engine = open_database(url)
    with engine.connect() as connection:
        report.count_referrals(figures.referrals(connection, begin(FIRST), end(LAST)))
        report.count_refused(figures.refused(connection, begin(FIRST), end(LAST)))
    engine.dispose()
    return report.figures()


def say(kfb: DeskTables, case: str, status: str, at: datetime, **changes: object) -> None:
    """KfB's clerk says so, and the hub takes it."""
    kfb.deliver()
    said = saying(status, **changes)
    version = kfb.desk.peek(case).version
    kfb.desk.say(case, "anna", version, said, f"{case}-{status}-{at}", at)
    kfb.send(at)


def lives(kfb: DeskTables, chance: random.Random, case: str, at: datetime) -> None:
    """One referral to KfB, and what becomes of it."""
    by = chance.choice([EPPERTSHAUSEN, DIEBURG])
    service = chance.choice(["job_placement", "housing_costs"])
    kfb.hub.take(a_referral(on=case, by=by, at=at, service=service), at)
    course = chance.randrange(6)
    at += chance.randrange(1, 200) * HOUR
    if course == 0:
        return
    if course == 1:
        say(kfb, case, "rejected", at, reason="at_capacity")
        return
    if course == 2:
        kfb.hub.take(a_step("cancelled", by=by, on=case, at=at, reason="client_declined"), at)
        return
    if course == 3:
        say(kfb, case, "forwarded", at, new_owner=WEITERSTADT)
        return
    meeting = {"place": "town_hall", "at": at + 30 * HOUR}
    say(kfb, case, "accepted", at, appointment=meeting)
    if course == 4:
        say(kfb, case, "no-show", at + 40 * HOUR)
        second = {"place": "phone", "at": at + 60 * HOUR}
        say(kfb, case, "appointment-made", at + 41 * HOUR, appointment=second)
    say(kfb, case, "completed", at + 70 * HOUR, outcome="enrolled")


def test_figures_are_the_ledgers(desk_of: DeskOf, tmp_path: Path, chance: random.Random) -> None:
    """Whatever became of a party's referrals, its desk counts them as `hub report` does."""
    kfb = desk_of(KFB)
    for number in range(20):
        lives(kfb, chance, f"case-{number}", NOW + number * 17 * HOUR)
    there = {"ags": DIEBURG}
    asked = a_referral(on="to-dieburg", by=KFB, client=there, service="debt_counselling")
    kfb.hub.take(asked, NOW)
    kfb.hub.take(a_step("rejected", by=DIEBURG, on="to-dieburg", reason="at_capacity"), NOW)
    kfb.hub.take(a_step("accepted", on="no-such-case"), NOW)
    kfb.deliver()
    expected = figures_of_ledger(kfb.hub, tmp_path / "ledger.sqlite", LATER)
    with closing(SqlOverview(kfb.url, kfb.here)) as overview:
        counting: Overview = overview
        found = counting.figures(FIRST, LAST, LATER)
        assert counting.figures(LAST + timedelta(days=1), LAST + timedelta(days=2), LATER) == []
    assert found == expected
    assert sum(one.accepted for one in found) > 0
    assert found[-1].refused == {"case-unknown": 1}


def test_what_is_not_done_yet(desk_of: DeskOf) -> None:
    """Each other party with what is open and late, on either side."""
    kfb = desk_of(KFB)
    for number, days in ((1, 0), (2, -20)):
        at = NOW + timedelta(days=days)
        kfb.hub.take(a_referral(on=f"case-{number}", at=at), at)
    kfb.hub.take(
        a_referral(on="case-3", by=KFB, client={"ags": DIEBURG}, service="debt_counselling"), NOW
    )
    kfb.hub.take(a_step("cancelled", by=EPPERTSHAUSEN, on="case-1", reason="client_declined"), NOW)
    kfb.hub.take(a_referral(on="case-4"), NOW)
    kfb.deliver()
    with closing(SqlOverview(kfb.url, kfb.here)) as overview:
        assert list(overview.standing(NOW)) == [
            Standing(DIEBURG, open=0, overdue=0, waiting=1, late=0),
            Standing(EPPERTSHAUSEN, open=2, overdue=1, waiting=0, late=0),
        ]
        assert overview.standing(LATER)[0].late == 1


def test_what_the_figures_leave_out(desk_of: DeskOf) -> None:
    """Referrals passed on within the days asked for, and hand-overs open and overdue."""
    kfb = desk_of(KFB)
    for case in ("case-1", "case-2", "case-3"):
        kfb.hub.take(a_referral(on=case), NOW)
    say(kfb, "case-1", "forwarded", NOW + HOUR, new_owner=WEITERSTADT)
    say(kfb, "case-2", "forwarded", NOW + 20 * 24 * HOUR, new_owner=DIEBURG)
    say(kfb, "case-3", "accepted", NOW + HOUR)
    kfb.hub.take(a_move(on="move-1", new_ags=DARMSTADT_AGS), NOW)
    kfb.hub.take(a_move(on="move-2", new_ags=DARMSTADT_AGS), NOW + 50 * 24 * HOUR)
    kfb.hub.take(a_move(on="move-3", new_ags=DARMSTADT_AGS), NOW)
    kfb.deliver()
    continued = HandoverContinued(continued_since=FIRST)
    kfb.desk.say("move-3", "anna", kfb.desk.peek("move-3").version, continued, "form", NOW)
    kfb.send()
    kfb.deliver()
    with closing(SqlOverview(kfb.url, kfb.here)) as overview:
        assert overview.beside(FIRST, date(2026, 3, 15), NOW) == Beside(1, 2, 0)
        assert overview.beside(FIRST, LAST, LATER) == Beside(2, 2, 1)
        assert overview.beside(LAST + timedelta(days=1), LAST + timedelta(days=2), NOW)[0] == 0


def test_offers_on_the_map(desk_of: DeskOf) -> None:
    """Offers are counted where they are; withdrawn and long unassured ones are not."""
    kfb = desk_of(KFB)
    shelf = Shelf(kfb.url)
    shelf.told(
        an_offer(on="offer-1", place_ags=DIEBURG),
        an_offer(on="offer-2", place_ags=DIEBURG),
        an_offer(on="offer-3"),
        an_offer(on="offer-4", assured_date="2025-01-01"),
    )
    with closing(SqlOverview(kfb.url, kfb.here)) as overview:
        assert overview.offers_by_place(NOW) == {DIEBURG: 2, EPPERTSHAUSEN: 1}
