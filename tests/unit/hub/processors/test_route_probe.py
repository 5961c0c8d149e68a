"""A probe reaches the inbox that it names, its monitor is told, and nothing else follows."""

from datetime import timedelta

import pytest

from hub import wiring
from hub.domain.probing import ASKER, FAMILY
from hub.settings import Settings
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.probe_sent import ProbeSent
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import ProblemCode
from schemas.topics import DELIVERY_PREFIX, LEDGER, PROBES
from schemas.vocabulary import Door, Verdict
from tests.support.answers import Answer, Hub
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_probe, a_referral

OWN = {"source": f"//kurze-wege/{EPPERTSHAUSEN}/probe", "door": "sql_outbox"}


def said_to(answer: Answer) -> dict[str, Data]:
    """What was written to whom."""
    return {to: event.data for to, event in answer.events}


def refusals(answer: Answer) -> list[tuple[str, str | None]]:
    """What it was refused for."""
    return [(one.code, one.field) for one in answer.decision.problems]


def test_it_reaches_the_inbox_and_the_monitor_is_told() -> None:
    """The named party's topic has the probe, the monitor's the receipt, the ledger a line."""
    answer = Hub().takes(a_probe(id="p-1"))
    assert answer.verdict is Verdict.ROUTED
    told = said_to(answer)
    assert told[KFB] == ProbeSent(door=Door.HTTP_API)
    receipt = told[ASKER]
    assert isinstance(receipt, ReceiptDelivered)
    assert receipt.event_id == "p-1"
    assert [(one.to, one.rule) for one in receipt.deliveries] == [(KFB, "probe-to-named-inbox")]
    assert answer.ledger.recipients == (KFB,)
    assert {output.topic for output in answer.decision.outputs} == {
        f"{DELIVERY_PREFIX}{KFB}", f"{DELIVERY_PREFIX}{ASKER}", LEDGER.name,
    }  # fmt: skip


def test_a_partys_own_door_leads_to_that_party() -> None:
    """What comes by a party's outbox goes to that party; of the receipt only the monitor hears."""
    answer = Hub().takes(a_probe(recipient=EPPERTSHAUSEN, **OWN))
    assert answer.rules == {EPPERTSHAUSEN: "probe-to-own-inbox"}
    assert [*said_to(answer)] == [EPPERTSHAUSEN, ASKER]


def test_it_leaves_nothing_but_that_it_was_seen() -> None:
    """No case, no timer, no place among the events that are remembered."""
    answer = Hub().takes(a_probe())
    (key,) = answer.decision.state
    assert key.startswith(FAMILY)
    kept = {keep.prefix: keep for keep in wiring.lanes(Settings()).keeps}[FAMILY]
    assert kept.max_age_s >= timedelta(days=2).total_seconds()
    assert kept.max_entries <= 5000


def test_it_is_delivered_once() -> None:
    """The same probe again is answered again, and not delivered again."""
    hub, probe = Hub(), a_probe(id="p-1")
    first, again = hub.takes(probe), hub.takes(probe)
    assert again.verdict is Verdict.REPEATED
    assert [*said_to(again)] == [ASKER]
    assert again.delivered.repeated
    assert again.delivered.deliveries == first.delivered.deliveries


def test_an_id_names_one_probe() -> None:
    """Another probe under a used id is refused."""
    hub = Hub().after(a_probe(id="p-1"))
    answer = hub.takes(a_probe(id="p-1", recipient=DIEBURG))
    assert refusals(answer) == [(ProblemCode.ID_REUSED, "id")]


@pytest.mark.parametrize(
    ("probe", "problem"),
    [
        (a_probe(recipient=DIEBURG, **OWN), (ProblemCode.RECIPIENT_NOT_PERMITTED, "recipient")),
        (a_probe(recipient=None), (ProblemCode.RECIPIENT_REQUIRED, "recipient")),
        (a_probe(recipient=None, **OWN), (ProblemCode.RECIPIENT_REQUIRED, "recipient")),
        (a_probe(recipient="06432099"), (ProblemCode.RECIPIENT_UNKNOWN, "recipient")),
        (a_probe(recipient="hub"), (ProblemCode.RECIPIENT_UNKNOWN, "recipient")),
        (
            a_probe(source="//kurze-wege/06432005/fachverfahren"),
            (ProblemCode.SENDER_NOT_PERMITTED, "source"),
        ),
        (a_probe(source="//kurze-wege/hub/mailbox"), (ProblemCode.SENDER_UNKNOWN, "source")),
        (a_probe(source="//kurze-wege/06432099/probe"), (ProblemCode.SENDER_UNKNOWN, "source")),
        (a_probe(legalbasis="sgb10-69"), (ProblemCode.LEGAL_BASIS_NOT_PERMITTED, "legalbasis")),
        (a_probe(purpose="benefits"), (ProblemCode.PURPOSE_NOT_PERMITTED, "purpose")),
        (a_probe(at=NOW - timedelta(days=1, minutes=1)), (ProblemCode.TOO_LATE, "time")),
        (a_probe(at=NOW + timedelta(hours=1)), (ProblemCode.TIME_IN_FUTURE, "time")),
    ],
)
def test_who_may_not_probe_does_not(
    probe: Event[ProbeSent], problem: tuple[ProblemCode, str]
) -> None:
    """Nobody is written to by this way but by the monitor, and by a party to itself."""
    answer = Hub().takes(probe)
    assert answer.verdict is Verdict.REFUSED
    assert refusals(answer) == [problem]
    assert not answer.copies
    assert len(answer.dead) == 1


def test_a_refused_probe_is_told_to_the_monitor_alone() -> None:
    """The monitor hears the codes; a party whose name was used hears nothing."""
    answer = Hub().takes(a_probe(id="p-1", recipient=DIEBURG, **OWN))
    ((to, event),) = answer.events
    assert to == ASKER
    assert isinstance(event.data, ReceiptRefused)
    assert event.data.event_id == "p-1"


def test_nothing_else_comes_by_the_topic_of_probes() -> None:
    """A referral there is refused, and its sender told."""
    answer = Hub().takes(a_referral(), topic=PROBES)
    assert refusals(answer) == [(ProblemCode.WRONG_TOPIC, "type")]
    assert [*said_to(answer)] == [EPPERTSHAUSEN]


def test_what_cannot_be_read_is_laid_aside() -> None:
    """A probe with something to say is no probe."""
    answer = Hub().takes(a_probe())
    record = answer.received.record._replace(value=b'{"door": "http_api", "note": "x"}')
    refused = Hub().takes_in(answer.received._replace(record=record))
    assert refusals(refused) == [(ProblemCode.FIELD_UNKNOWN, "note")]
    assert [decode(refused.decision.outputs[1].record).data.TYPE] == [ReceiptRefused.TYPE]
