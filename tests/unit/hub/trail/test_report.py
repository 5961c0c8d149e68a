"""The figures of the report, counted from lines."""

import csv
import io
from datetime import date

import pytest

from hub.party_file import load_parties
from hub.trail import local_time, report_forms
from hub.trail.figures import Figures
from hub.trail.line import Line
from hub.trail.offices import Offices
from hub.trail.report import Report
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_copy, a_line, a_step, at

OFFICES = Offices(load_parties())
DIEBURG = "06432004"
YEAR = (local_time.begin(date(2026, 1, 1)), local_time.end(date(2026, 12, 31)))


def counted(*lines: Line, now: str = "2026-12-31 09:00") -> dict[tuple[str, str], Figures]:
    """The figures of 2026 by municipality and month."""
    report = Report(OFFICES, *YEAR, at(now))
    report.count_referrals(sorted(lines, key=lambda line: line.subject))
    return {(one.municipality, one.month): one for one in report.figures()}


def referral(case: str, sent: str, accepted: str, met: str, **changes: object) -> list[Line]:
    """A referral accepted and met at these times."""
    return [
        a_line(sent, subject=case, **changes),
        a_step("accepted", accepted, subject=case),
        a_step("appointment-made", accepted, subject=case, appointment_at=at(met)),
    ]


def test_medians() -> None:
    """Median working hours, per municipality and month and for all of them."""
    found = counted(
        *referral("case-1", "2026-03-02 09:00", "2026-03-02 11:00", "2026-03-03 09:00"),
        *referral("case-2", "2026-03-02 09:00", "2026-03-02 15:00", "2026-03-04 09:00"),
        *referral("case-3", "2026-03-02 09:00", "2026-03-03 09:00", "2026-03-05 09:00"),
        *referral(
            "case-4", "2026-04-01 09:00", "2026-04-01 10:00", "2026-04-01 12:00", sender=DIEBURG
        ),
    )
    march = found[EPPERTSHAUSEN, "2026-03"]
    assert march.referrals == march.accepted == march.appointments == 3
    assert march.hours_to_acceptance == 6.0
    assert march.hours_to_appointment == 10.0
    assert march.hours_in_all == 16.0
    assert found[DIEBURG, "2026-04"].hours_to_acceptance == 1.0
    assert found["", ""].referrals == 4
    assert found["", ""].hours_to_acceptance == 4.0
    assert (EPPERTSHAUSEN, "2026-04") not in found


def test_the_month_is_that_of_berlin() -> None:
    """Sent half an hour into April in Berlin is April's, though it is March in UTC."""
    assert (EPPERTSHAUSEN, "2026-04") in counted(a_line("2026-04-01 00:30"))


def test_what_jobcenter_sends_counts_at_the_municipality() -> None:
    """Else the jobcenter's referrals would be in nobody's figures."""
    found = counted(a_line(sender=KFB, owner=DIEBURG))
    assert found[DIEBURG, "2026-03"].referrals == 1


def test_only_what_was_sent_in_this_time() -> None:
    """A referral of the year before does not count, whatever has become of it since."""
    assert counted(a_line("2025-12-31 23:59"), a_step("accepted", "2026-01-02 09:00")) == {}


@pytest.mark.parametrize(
    ("answer", "now", "due", "in_time"),
    [
        (("accepted", "2026-03-09 15:59"), "2026-12-31 09:00", 1, 1),
        (("rejected", "2026-03-09 15:59"), "2026-12-31 09:00", 1, 1),
        (("accepted", "2026-03-09 16:01"), "2026-12-31 09:00", 1, 0),
        (("cancelled", "2026-03-05 09:00"), "2026-12-31 09:00", 0, 0),
        (("expired", "2026-04-05 09:00"), "2026-12-31 09:00", 1, 0),
        (None, "2026-03-05 09:00", 0, 0),
        (None, "2026-03-31 09:00", 1, 0),
    ],
    ids=["accepted", "rejected", "late", "cancelled", "expired", "not-due-yet", "silent"],
)
def test_in_time(answer: tuple[str, str] | None, now: str, due: int, in_time: int) -> None:
    """An answer is in time until the office closes on the fifth working day."""
    steps = [a_step(answer[0], answer[1], reason="x")] if answer else []
    found = counted(a_line(), *steps, now=now)["", ""]
    assert (found.due, found.in_time) == (due, in_time)


def test_a_forwarded_referral_has_two_answers_due() -> None:
    """Forwarding is an answer; the new owner owes one of its own."""
    found = counted(
        a_line(),
        a_step("forwarded", "2026-03-03 09:00", owner=DIEBURG),
        a_step("accepted", "2026-03-31 09:00", sender=DIEBURG),
    )["", ""]
    assert (found.due, found.in_time) == (2, 1)
    assert found.share_in_time == 0.5


def test_reasons_and_offers() -> None:
    """Rejections by reason, offers and services by what was used."""
    found = counted(
        a_line(subject="case-1"),
        a_step("rejected", "2026-03-03 09:00", subject="case-1", reason="at_capacity"),
        a_line(subject="case-2", service="local_offer", offer_id="offer-7"),
        a_step("accepted", "2026-03-03 09:00", subject="case-2"),
        a_step("completed", "2026-03-04 09:00", subject="case-2", outcome="enrolled"),
        a_line(subject="case-3"),
        a_step("completed", "2026-03-04 09:00", subject="case-3", outcome="waitlisted"),
    )["", ""]
    assert found.rejected == {"at_capacity": 1}
    assert found.offers_used == {"offer-7": 1}


def test_refused_events() -> None:
    """Each problem code counts, at its sender and in its month."""
    report = Report(OFFICES, *YEAR, at("2026-12-31 09:00"))
    report.count_refused(
        [
            a_line(verdict="refused", problems="no-recipient case-unknown"),
            a_line(verdict="refused", problems="no-recipient", sender=None),
            a_line("2025-06-01 09:00", verdict="refused", problems="no-recipient"),
        ]
    )
    found = {(one.municipality, one.month): one for one in report.figures()}
    assert found[EPPERTSHAUSEN, ""].refused == {"case-unknown": 1, "no-recipient": 1}
    assert found["unknown", ""].refused == {"no-recipient": 1}
    assert found["", ""].refused == {"case-unknown": 1, "no-recipient": 2}


def test_open_handovers() -> None:
    """Hand-overs that are still open count where the client moved from."""
    report = Report(OFFICES, *YEAR, at("2026-12-31 09:00"))
    kind = "address-change.reported"
    opened = (a_copy(KFB, "handover.opened"),)
    report.count_handovers(
        [
            a_line(subject="case-1", event_type=kind, written=opened),
            a_line(subject="case-2", event_type=kind, written=opened),
            a_line("2026-04-01 09:00", subject="case-2", event_type="handover.continued"),
        ]
    )
    found = {(one.municipality, one.month): one for one in report.figures()}
    assert found[EPPERTSHAUSEN, "2026-03"].open_handovers == 1


def test_forms_say_the_same() -> None:
    """Table, CSV and JSON have the same rows; totals stand last."""
    report = Report(OFFICES, *YEAR, at("2026-12-31 09:00"))
    report.count_referrals([a_line(), a_step("rejected", "2026-03-03 09:00", reason="at_capacity")])
    report.count_refused([a_line(verdict="refused", problems="no-recipient", sender=DIEBURG)])
    figures, names = report.figures(), OFFICES.municipalities

    table = list(report_forms.rows(figures, names))
    read = list(csv.DictReader(io.StringIO(report_forms.as_csv(figures, names))))
    said = report_forms.plain(figures, names)
    codes = list(report_forms.code_rows(figures, names))

    assert len(table) == len(read) == len(said) == len(figures)
    assert (table[0][0], table[0][1]) == ("Dieburg", "2026-03")
    assert table[-1][:3] == ("all", "all", "1")
    assert read[-1]["rejected: at_capacity"] == read[-1]["refused: no-recipient"] == "1"
    assert [int(row["referrals"]) for row in read] == [one["referrals"] for one in said]
    assert ("Eppertshausen", "all", "rejected", "at_capacity", "1") in codes
    assert said[-1]["municipality"] == said[-1]["month"] == "all"


def test_nothing_to_count() -> None:
    """Without any line there are no figures, and every form has its head only."""
    figures = Report(OFFICES, *YEAR, at("2026-12-31 09:00")).figures()
    assert figures == []
    assert report_forms.as_csv(figures, {}).count("\r\n") == 1
