"""The lists of a desk show and count exactly the cases that belong there, on each database."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.casework.case_file import CaseFile, Sending
from hub.casework.course import Course
from hub.casework.delivering import Kept
from hub.casework.desk import Wanted
from hub.casework.views import View
from hub.stores.casework import rows
from hub.stores.casework.tables import case_files as table
from schemas.vocabulary import Service, Urgency
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW, a_referral
from tests.support.case_files import CLERKS, case_files, listed, stands_in
from tests.support.desk_tables import DeskOf, DeskTables
from tests.support.referral_courses import saying

NAMES: Final = ("a_b", "aXb", "A-1", "a%c", "b.1", "kfb-260302-x", "Kfb-2", "zz")
FILES: Final = st.lists(st.sampled_from(NAMES), unique=True).flatmap(
    lambda names: st.tuples(*(case_files(name) for name in names))
)
SORTS: Final = tuple(
    way + column for column in ("due", "received", "changed", "case", "status") for way in ("", "-")
)
WANTED: Final = st.builds(
    Wanted,
    view=st.sampled_from(View),
    clerk=st.sampled_from(CLERKS),
    service=st.none() | st.sampled_from(Service),
    urgency=st.none() | st.sampled_from(Urgency),
    other=st.none() | st.sampled_from([KFB, EPPERTSHAUSEN]),
    search=st.sampled_from(["", "", "", "a", "a_", "a%", "KFB-2", "x", "\\"]),
    sort=st.sampled_from(SORTS),
    per_page=st.integers(1, 3),
)
usual = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def kfb(desk_of: DeskOf) -> DeskTables:
    """A desk."""
    return desk_of(KFB)


def fill(desk: DeskTables, files: tuple[CaseFile, ...]) -> None:
    """The desk has these files and no other."""
    with desk.engine.begin() as connection:
        connection.execute(table.delete())
        for file in files:
            connection.execute(table.insert().values(rows.values(Kept(file, Course()))))


@usual
@given(files=FILES, wanted=WANTED)
def test_lists(kfb: DeskTables, files: tuple[CaseFile, ...], wanted: Wanted) -> None:
    """Page after page the cases that are wanted, in their order, each once."""
    fill(kfb, files)
    expected = listed(files, wanted, NOW)
    found: list[str] = []
    for page in range(1, len(expected) // wanted.per_page + 2):
        part = kfb.desk.cases(replace(wanted, page=page), NOW)
        assert part.total == len(expected)
        found += [file.case for file in part.cases]
    assert found == expected


@usual
@given(files=FILES, clerk=st.sampled_from(CLERKS), mark=st.integers(0, 51))
def test_counts(kfb: DeskTables, files: tuple[CaseFile, ...], clerk: str, mark: int) -> None:
    """Every view is counted as it is listed, and what is newer than a mark as well."""
    fill(kfb, files)
    counts = kfb.desk.counts(clerk, NOW)
    assert set(counts) == set(View)
    for view in View:
        these = [file for file in files if stands_in(file, view, clerk, NOW)]
        assert counts[view] == len(these), view
        newer = kfb.desk.news(mark, view, clerk, NOW)
        assert newer == sum(file.version > mark for file in these), view


@usual
@given(files=FILES)
def test_files_come_back(kfb: DeskTables, files: tuple[CaseFile, ...]) -> None:
    """Every field of a file is kept and read as it was."""
    fill(kfb, files)
    found = {file.case: file for file in kfb.desk.cases(Wanted(View.ALL, "anna"), NOW).cases}
    assert found == {file.case: file for file in files}
    for file in files:
        assert kfb.desk.peek(file.case) == file


def test_a_page_that_is_not_there(kfb: DeskTables) -> None:
    """Before the first page is the first, behind the last is nothing."""
    kfb.hub.take(a_referral(), NOW)
    kfb.deliver()
    wanted = Wanted(View.ALL, "anna", sort="nonsense")
    assert len(kfb.desk.cases(replace(wanted, page=-3), NOW).cases) == 1
    beyond = kfb.desk.cases(replace(wanted, page=7), NOW)
    assert (list(beyond.cases), beyond.total) == ([], 1)


def test_today_is_berlins(kfb: DeskTables) -> None:
    """A case that is due at midnight in Berlin is due on the day that begins."""
    kfb.hub.take(a_referral(), NOW)
    kfb.deliver()
    due = kfb.desk.peek("case-1").due_at
    assert due is not None
    assert due.isoformat() == "2026-03-09T15:00:00+00:00"
    for hours, shown in ((-17, False), (-15, True), (0, True), (7, True), (9, False)):
        now = due + timedelta(hours=hours)
        assert (kfb.listed(View.DUE_TODAY, now=now) == ["case-1"]) is shown, hours
        assert (kfb.listed(View.OVERDUE, now=now) == ["case-1"]) is (hours > 0), hours


def test_how_far_it_has_come(kfb: DeskTables) -> None:
    """A list shows of each case whether what was said still lies here."""
    for case in ("case-1", "case-2", "case-3"):
        kfb.hub.take(a_referral(on=case, service="job_placement"), NOW)
    kfb.deliver()
    kfb.desk.say("case-1", "anna", kfb.desk.peek("case-1").version, saying("accepted"), "f1", NOW)
    kfb.publish()
    kfb.desk.say("case-2", "anna", kfb.desk.peek("case-2").version, saying("accepted"), "f2", NOW)
    page = kfb.desk.cases(Wanted(View.ALL, "anna", sort="case"), NOW)
    assert [file.sending for file in page.cases] == [
        Sending.SENT,
        Sending.BEING_SENT,
        Sending.NOTHING,
    ]
    with kfb.engine.begin() as connection:
        connection.exec_driver_sql(
            'UPDATE outbox SET refused_at = time, problems = \'[{"code": "event-too-large"}]\''
            " WHERE published_at IS NULL"
        )
    file = kfb.desk.peek("case-2")
    assert (file.sending, file.problem) == (Sending.REFUSED, "event-too-large")
