"""Who sent something hears that its recipient does not collect it, and hears nothing else."""

import pytest

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.topics import MAILBOXES
from schemas.vocabulary import AwaitedStep, Verdict
from tests.support.answers import CARITAS, DISTRICT, WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    a_move,
    a_referral,
    a_report,
    a_step,
    an_offer,
)


def copy_of(event: Event[Data], to: str, hub: Hub) -> Event[Data]:
    """What this recipient got of the event."""
    return hub.takes(event).copies[to]


def told(answer: Answer) -> dict[str, Data]:
    """What the hub said to whom."""
    return {to: event.data for to, event in answer.events}


def test_its_sender_is_told_which_event_lies_where() -> None:
    """The sender hears which event it was, who has not collected it, and until when it should."""
    hub, event = Hub(), a_referral(id="e-17")
    report = a_report(copy_of(event, KFB, hub))
    answer = hub.takes(report)
    assert answer.verdict is Verdict.ROUTED
    assert told(answer) == {
        EPPERTSHAUSEN: ReminderOverdue(
            owner=KFB,
            due_at=report.data.due_at,
            awaits=AwaitedStep.COLLECTION,
            event_id="e-17",
        )
    }
    ((_, said),) = answer.events
    assert said.context.rule == "overdue-to-sender"
    assert said.context.causationid == report.context.id


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (a_move(), KFB),
        (a_move(), DIEBURG),
        (an_offer(), DIEBURG),
        (a_referral(to=DIEBURG), DIEBURG),
    ],
)
def test_of_every_kind_of_delivery(event: Event[Data], to: str) -> None:
    """Moves and offers are reported as referrals are."""
    hub = Hub()
    assert [*told(hub.takes(a_report(copy_of(event, to, hub))))] == [EPPERTSHAUSEN]


def test_each_recipient_is_a_report_of_its_own() -> None:
    """Two who do not collect the same event are two things to know."""
    hub = Hub()
    copies = hub.takes(a_move()).copies
    said = [hub.takes(a_report(copies[to])).events[0][1] for to in (KFB, DIEBURG)]
    assert len({event.context.id for event in said}) == 2


def test_a_step_is_reported_to_who_took_it() -> None:
    """The owner's answer that the town hall does not collect is reported to the owner."""
    hub = Hub().after(a_referral())
    step = copy_of(a_step("accepted"), EPPERTSHAUSEN, hub)
    assert [*told(hub.takes(a_report(step)))] == [KFB]


def test_the_same_report_again_says_nothing_more() -> None:
    """A mailbox that crashed says it again: the sender is not told twice."""
    hub = Hub()
    report = a_report(copy_of(a_referral(), KFB, hub))
    hub.takes(report)
    again = hub.takes(report)
    assert again.verdict is Verdict.REPEATED
    assert not again.events


@pytest.mark.parametrize(
    "change",
    [
        {"on": "case-2"},
        {"event_id": "e-another"},
        {"delivered_to": DIEBURG},
        {"sent_by": "//kurze-wege/06432004/fachverfahren"},
        {"delivered_by": "//kurze-wege/hub/route-support-offer"},
        {"delivery_id": "e-forged"},
    ],
)
def test_what_was_not_delivered_is_not_believed(change: dict[str, str]) -> None:
    """Nobody is reminded of something the hub did not deliver; the report is a dead letter."""
    hub = Hub()
    answer = hub.takes(a_report(copy_of(a_referral(), KFB, hub), **change))
    assert answer.problems == [("field-invalid", "delivery_id")]
    assert not answer.events
    assert answer.dead


def test_only_the_hub_reports() -> None:
    """A party that says so is refused, and hears it."""
    hub = Hub()
    copy = copy_of(a_referral(), KFB, hub)
    answer = hub.takes(a_report(copy, source="//kurze-wege/kfb/mailbox"))
    assert answer.problems == [("sender-not-permitted", "type")]
    assert [to for to, _ in answer.receipts] == [KFB]
    assert not answer.notices


def test_nothing_else_is_said_there() -> None:
    """A referral among the mailboxes' reports goes nowhere."""
    answer = Hub().takes(a_referral(), topic=MAILBOXES)
    assert answer.problems == [("wrong-topic", "type")]
    assert not answer.copies


def test_an_id_names_one_report() -> None:
    """Another report under an old id is refused."""
    hub = Hub()
    copies = hub.takes(a_move()).copies
    hub.takes(a_report(copies[KFB], id="r-1"))
    assert hub.takes(a_report(copies[DIEBURG], id="r-1")).problems == [("id-reused", "id")]


def test_a_sender_that_left_is_not_told() -> None:
    """The report of its event stands in the ledger all the same."""
    hub = Hub(WITH_NEIGHBOURS)
    copy = copy_of(an_offer(by=CARITAS, service_area=[DIEBURG]), DIEBURG, hub)
    hub.parties = DISTRICT
    answer = hub.takes(a_report(copy))
    assert answer.verdict is Verdict.ROUTED
    assert not answer.events
    assert answer.ledger.event_type == "delivery.uncollected.v1"


def test_the_ledger_says_who_was_told() -> None:
    """One line on the case: the report, and what was said because of it."""
    hub = Hub()
    line = hub.takes(a_report(copy_of(a_referral(), KFB, hub))).ledger
    assert not line.recipients
    assert [(one.to, one.event_type, one.rule) for one in line.notices] == [
        (EPPERTSHAUSEN, "reminder.overdue.v1", "overdue-to-sender")
    ]
