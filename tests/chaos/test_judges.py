"""The judges of a run: each tells a right run from one in which a single thing went wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from hub.domain import recognition
from schemas.problems import ProblemCode
from tests.chaos import memory
from tests.chaos.audit import Audit, Verdict, expected_keys
from tests.chaos.traffic import Sent
from tests.chaos.waits import Outages
from tests.support.event_stream import events
from tests.support.routing_oracle import Expected

AT: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
SENT: Final = [
    Sent(number, event, expected, at=100.0 + number)
    for number, (event, expected) in enumerate(events(1, 60, AT))
]
DELIVERED: Final = next(one for one in SENT if one.expected.recipients)
KEY: Final = expected_keys(DELIVERED)[-1]


def _audit_of_a_right_run() -> Audit:
    audit = Audit("nowhere:9", [])
    for one in SENT:
        for key in expected_keys(one):
            audit.seen[key] += 1
            audit.arrived[key] = one.at + 2
    return audit


def _nobody_gets_one(audit: Audit) -> None:
    del audit.seen[KEY]


def _one_comes_twice(audit: Audit) -> None:
    audit.seen[KEY] += 1


def _two_lines_for_one(audit: Audit) -> None:
    audit.ledger["referrals", 0, 7] += 2


def _one_overtakes(audit: Audit) -> None:
    causes = [(one.event.context.source, one.event.context.id) for one in SENT[:2]]
    audit.order["kfb", "a-case"] = causes[::-1]


def _nobody_sent_one(audit: Audit) -> None:
    audit.seen["kfb", "//kurze-wege/x/y", "no-such-id", "receipt.delivered"] += 1


def _one_waits(audit: Audit) -> None:
    audit.arrived[KEY] = DELIVERED.at + 50


def _nothing(_audit: Audit) -> None:
    return


@pytest.mark.parametrize(
    ("wrong", "verdict"),
    [
        (_nothing, Verdict(0, 0, 0, 0, 2.0)),
        (_nobody_gets_one, Verdict(1, 0, 0, 0, 2.0)),
        (_one_comes_twice, Verdict(0, 1, 0, 0, 2.0)),
        (_two_lines_for_one, Verdict(0, 1, 0, 0, 2.0)),
        (_one_overtakes, Verdict(0, 0, 1, 0, 2.0)),
        (_nobody_sent_one, Verdict(0, 0, 0, 1, 2.0)),
        (_one_waits, Verdict(0, 0, 0, 0, 50.0)),
    ],
)
def test_the_audit_tells(wrong: Callable[[Audit], None], verdict: Verdict) -> None:
    """What is lost, comes twice, overtakes, was never sent or waits is counted, once each."""
    audit = _audit_of_a_right_run()

    wrong(audit)

    assert audit.verdict(SENT, Outages()) == verdict


def test_an_outage_does_not_count() -> None:
    """Of what something waited, the time in which the broker was away is taken off."""
    outages = Outages([(10.0, 30.0), (40.0, 50.0)])

    assert outages.waited(5, 8) == 3
    assert outages.waited(5, 35) == 10
    assert outages.waited(20, 45) == 10
    assert outages.waited(60, 61) == 1


def test_the_memory_is_compared() -> None:
    """A key that is missing, kept twice or unexplained is counted."""
    no = Expected(refused=ProblemCode.WRONG_TOPIC)
    refused = [replace(one, expected=no) for one in SENT]
    keys = {recognition.key(o.event.context.source, o.event.context.id) for o in refused}
    (one, *_) = keys
    right = Counter(keys)

    assert memory.compare(right, refused) == memory.MemoryVerdict(0, 0)
    assert memory.compare(right - Counter([one]), refused) == memory.MemoryVerdict(1, 0)
    assert memory.compare(right + Counter([one]), refused) == memory.MemoryVerdict(1, 0)
    assert memory.compare(right + Counter([b"seen/?"]), refused) == memory.MemoryVerdict(0, 1)
    assert memory.compare(right + Counter([b"case/x/y"]), refused) == memory.MemoryVerdict(0, 1)
