"""The reckoning notices whatever is wrong with a day."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.demo.arrivals import Copy, Receipt
from hub.demo.reckoning import Found, reckon
from hub.demo.sample import Place, Sample, load
from hub.demo.summary import Summary
from tests.support.hub_in_memory import HubInMemory

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def sample() -> Sample:
    """The day that comes with the hub."""
    return load(YESTERDAY)


@pytest.fixture
def found(sample: Sample) -> Found:
    """All of it as it should be; each test spoils its own."""
    return HubInMemory().take(sample)


def _sum(sample: Sample, found: Found) -> Summary:
    return reckon(sample.expected, found)


def _a_copy(found: Found) -> Copy:
    return min(found.seen.copies)


def test_right_day_is_right(sample: Sample, found: Found) -> None:
    """A day without any mistake adds up."""
    assert _sum(sample, found).is_right


def test_copy_missing_on_the_topic(sample: Sample, found: Found) -> None:
    """A copy that never reached its recipient's topic is lost."""
    del found.seen.copies[_a_copy(found)]
    assert _sum(sample, found).lost == 1


def test_copy_missing_in_the_table(sample: Sample, found: Found) -> None:
    """A copy that never reached the inbox table is lost."""
    del found.inbox[_a_copy(found)]
    assert _sum(sample, found).lost == 1


def test_copy_twice_on_the_topic(sample: Sample, found: Found) -> None:
    """A copy that lies twice on the topic is repeated."""
    found.seen.copies[_a_copy(found)] += 1
    assert _sum(sample, found).repeated == 1


def test_copy_twice_in_the_table(sample: Sample, found: Found) -> None:
    """A copy that lies twice in the table is repeated."""
    found.inbox[_a_copy(found)] += 1
    assert _sum(sample, found).repeated == 1


def test_receipt_missing_or_twice(sample: Sample, found: Found) -> None:
    """A receipt that did not come is lost, one that came twice is repeated."""
    first, second = sorted(r for r in found.seen.receipts if not (r.codes or r.repeated))[:2]
    del found.seen.receipts[first]
    found.seen.receipts[second] += 1
    summary = _sum(sample, found)
    assert (summary.lost, summary.repeated) == (1, 1)


def test_copy_for_somebody_else(sample: Sample, found: Found) -> None:
    """A copy that reached somebody who should not have it is unexpected."""
    found.seen.copies[_a_copy(found)._replace(party="06432099")] = 1
    assert _sum(sample, found).unexpected == 1


def test_address_shown(sample: Sample, found: Found) -> None:
    """A blocked address in a copy of somebody not entitled is unexpected."""
    good = next(event for event in sample.expected.events if event.without_address)
    kind = good.type.rpartition(".v")[0]
    blind = good.without_address[0]
    found.seen.with_address.add(Copy(blind, kind, good.source, good.id, good.subject))
    assert _sum(sample, found).unexpected == 1


def test_refusal_nobody_planted(sample: Sample, found: Found) -> None:
    """A refusal by the hub or at a door that nobody planted is unexpected."""
    found.seen.receipts[Receipt("kfb", "kfb-fallakte-00001", ("case-unknown",), False)] = 1  # noqa: FBT003
    doors = {**found.at_doors, Place("posts.jsonl", 1): {"field-invalid"}}
    assert _sum(sample, replace(found, at_doors=doors)).unexpected == 2


def test_fault_refused_for_another_reason(sample: Sample, found: Found) -> None:
    """A planted fault that was refused with another code is missed."""
    planted = next(place for place in found.at_doors)
    doors = {**found.at_doors, planted: {"field-unknown"}}
    assert _sum(sample, replace(found, at_doors=doors)).missed == 1


def test_fault_not_refused(sample: Sample, found: Found) -> None:
    """A planted fault that nobody refused is missed."""
    assert _sum(sample, replace(found, at_doors={})).missed == len(found.at_doors)


def test_duplicate_without_receipt(sample: Sample, found: Found) -> None:
    """An event sent twice whose receipt was not repeated is missed."""
    repeated = [receipt for receipt in found.seen.receipts if receipt.repeated]
    for receipt in repeated:
        del found.seen.receipts[receipt]
    assert _sum(sample, found).missed == len(repeated) > 0


def test_dead_letter_missing(sample: Sample, found: Found) -> None:
    """A refusal by the hub without its dead letter is unexpected."""
    found.seen.records["referrals.dead"] -= 1
    assert _sum(sample, found).unexpected == 1


def test_table_of_a_party(sample: Sample, found: Found) -> None:
    """Each party's line counts what it sent, what it got and why it was refused."""
    lines = _sum(sample, found).parties
    told = Counter(event.party for event in sample.expected.told())
    assert {party: line.sent for party, line in lines.items()} == told
    assert lines["06432019"].refused["value-unreadable"] == 1
    assert lines["kfb"].delivered == sum(
        n for c, n in found.seen.copies.items() if c.party == "kfb"
    )


def _said(sample: Sample, *, certain: bool) -> Copy:
    """Something the hub must say by itself, or may."""
    return next(
        Copy(said.party, said.type, good.source, good.id, said.subject)
        for good in sample.expected.events
        for said in good.said
        if said.certain is certain
    )


def test_what_must_be_said_of_offers_is_missed(sample: Sample, found: Found) -> None:
    """A suggestion that is certain and did not come is lost."""
    del found.seen.copies[_said(sample, certain=True)]
    assert _sum(sample, found).lost == 1


def test_what_may_be_said_of_offers_may_be_missing_or_there_once(
    sample: Sample, found: Found
) -> None:
    """A suggestion that is possible counts only where topic and table differ, or it comes twice."""
    one = _said(sample, certain=False)
    for on_topic, in_tables, lost, repeated in (
        (0, 0, 0, 0),
        (1, 1, 0, 0),
        (1, 0, 1, 0),
        (0, 1, 1, 0),
        (2, 2, 0, 2),
    ):
        found.seen.copies[one], found.inbox[one] = on_topic, in_tables
        summary = _sum(sample, found)
        assert (summary.lost, summary.repeated, summary.unexpected) == (lost, repeated, 0)
