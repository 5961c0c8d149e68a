"""When a time is over, as the oracle works it out: by hand."""

from datetime import datetime

from tests.year.offices import BY_ID, DARMSTADT
from tests.year.oracle.waits import ANSWER, CONTINUATION, OUTCOME, Wait
from tests.year.working_days import BERLIN

KFB = BY_ID["kfb"]
QUICK = BY_ID["06432005"]
"""One day to answer, five to finish."""


def berlin(text: str) -> datetime:
    """A moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def over(wait: Wait, by: str) -> list[tuple[str, datetime]]:
    """What is over by then: the stage, and when."""
    return [(each.stage, each.at.astimezone(BERLIN)) for each in wait.over_by(berlin(by))]


def test_an_answer_is_waited_for_in_four_stages() -> None:
    """Half of five days, five, ten, and ten more; each once."""
    wait = Wait(ANSWER, KFB, berlin("2025-12-01 08:07"))

    assert over(wait, "2025-12-08 15:59") == [("reminder", berlin("2025-12-04 08:03:30"))]
    assert over(wait, "2025-12-15 16:00") == [
        ("overdue", berlin("2025-12-08 16:00")),
        ("escalation", berlin("2025-12-15 16:00")),
    ]
    assert over(wait, "2026-02-01 00:00") == [("expiry", berlin("2026-01-05 16:00"))]
    assert over(wait, "2027-01-01 00:00") == []


def test_what_lies_on_hold_is_added() -> None:
    """Nothing is over while it rests; a working day on hold is a working day more."""
    wait = Wait(OUTCOME, QUICK, berlin("2025-12-01 08:07"))
    wait.hold(berlin("2025-12-02 10:07"))

    assert over(wait, "2025-12-31 00:00") == []
    wait.go_on(berlin("2025-12-03 10:07"))
    assert over(wait, "2025-12-08 16:00") == [("reminder", berlin("2025-12-05 08:03:30"))]
    assert over(wait, "2025-12-09 16:00") == [("overdue", berlin("2025-12-09 16:00"))]


def test_a_hand_over_knows_no_reminder() -> None:
    """It is overdue after the carrier's own time, and its lead hears after as much again."""
    wait = Wait(CONTINUATION, BY_ID[DARMSTADT], berlin("2025-12-01 08:07"))

    assert over(wait, "2026-01-31 00:00") == [
        ("overdue", berlin("2025-12-08 16:00")),
        ("escalation", berlin("2025-12-15 16:00")),
    ]


def test_what_is_said_names_the_time_agreed() -> None:
    """Whichever stage is over, it names when the first time agreed ends."""
    wait = Wait(ANSWER, QUICK, berlin("2025-12-01 08:07"))

    promised = {each.promised for each in wait.over_by(berlin("2025-12-31 00:00"))}
    assert promised == {berlin("2025-12-02 16:00")}
