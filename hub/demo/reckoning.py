"""Compares what has arrived with what had to arrive. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from hub.demo.arrivals import Copy, Receipt, Seen
from hub.demo.sample import Expected, Good, Place, Planted
from hub.demo.summary import PartyLine, Summary

HANDOVER: Final = "handover.opened"
NEAR_ALL: Final = 0.99


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at the end of a day."""

    seen: Seen
    inbox: Counter[Copy]
    """What lies in the inbox tables."""
    at_doors: Mapping[Place, set[str]]
    """The codes for which the doors refused what was handed in there."""
    handed_in: Mapping[str, float]
    """When each file was dropped, and each post sent as `posts.jsonl:<line>`."""


def wanted(expected: Expected) -> dict[Copy, str]:
    """Each copy that must arrive, with the file or post it was handed in by."""
    found: dict[Copy, str] = {}
    for good in expected.events:
        kind = good.type.rpartition(".v")[0]
        key = handed(good.place)
        for party in good.recipients:
            found[Copy(party, kind, good.source, good.id, good.subject)] = key
        if good.handover_to:
            found[Copy(good.handover_to, HANDOVER, good.source, good.id, good.subject)] = key
        found |= {copy: key for copy, certain in _said(good) if certain}
    return found


def _said(good: Good) -> Iterator[tuple[Copy, bool]]:
    """What the hub says of offers because of an event, and whether it must."""
    for said in good.said:
        yield Copy(said.party, said.type, good.source, good.id, said.subject), said.certain


def wanted_receipts(expected: Expected) -> Counter[Receipt]:
    """Each receipt that must arrive."""
    found = Counter(Receipt(good.party, good.id, (), repeated=False) for good in expected.events)
    for fault in expected.faults:
        if fault.at == "hub":
            codes = (str(fault.code),) if fault.code else ()
            found[Receipt(fault.party, fault.id, codes, repeated=not fault.code)] += 1
    return found


def handed(place: Place) -> str:
    """The name under which it is noted when something was handed in."""
    return place.file if place.file.startswith("files/") else f"{place.file}:{place.line}"


def reckon(expected: Expected, found: Found) -> Summary:
    """The sum of a day."""
    copies, receipts = wanted(expected), wanted_receipts(expected)
    seen = found.seen
    planted = list(expected.faults)
    summary = Summary(
        events_in=len(expected.events) + len(planted),
        delivered=seen.copies.total(),
        receipts=seen.receipts.total(),
        dead=seen.dead,
    )
    answered = {r: n for r, n in seen.receipts.items() if not (r.codes or r.repeated)}
    answers = [r for r in receipts if not (r.codes or r.repeated)]
    summary.lost = sum(not (seen.copies[copy] and found.inbox[copy]) for copy in copies)
    summary.lost += sum(receipt not in answered for receipt in answers)
    for counts in (
        [seen.copies[copy] for copy in copies],
        [found.inbox[copy] for copy in copies],
        [answered.get(receipt, 0) for receipt in answers],
    ):
        summary.repeated += sum(max(0, count - 1) for count in counts)
    _judge_refusals(summary, planted, receipts, found)
    may_be = {copy for good in expected.events for copy, certain in _said(good) if not certain}
    for copy in may_be:
        on_topic, in_tables = seen.copies[copy], found.inbox[copy]
        summary.lost += bool(on_topic) is not bool(in_tables)
        summary.repeated += max(0, on_topic - 1) + max(0, in_tables - 1)
    known = copies.keys() | may_be
    strays = [copy for copy in (seen.copies | found.inbox) if copy not in known]
    summary.unexpected += len(strays) + len(seen.with_address & _blind(expected))
    _tell_times(summary, copies, found)
    _tell_parties(summary, expected, found)
    return summary


def _judge_refusals(
    summary: Summary, planted: Iterable[Planted], receipts: Counter[Receipt], found: Found
) -> None:
    seen = found.seen.receipts
    doors = dict(found.at_doors)
    refusals = {receipt: n for receipt, n in seen.items() if receipt.codes}
    hub_faults = 0
    for fault in planted:
        if fault.at == "door":
            summary.missed += doors.pop(fault.place, set()) != {fault.code}
    for receipt in receipts:
        if receipt.codes or receipt.repeated:
            summary.missed += max(0, receipts[receipt] - seen[receipt])
        if receipt.codes:
            hub_faults += receipts[receipt]
            summary.unexpected += max(0, refusals.pop(receipt, 0) - receipts[receipt])
    summary.unexpected += len(doors) + sum(refusals.values()) + abs(found.seen.dead - hub_faults)
    summary.refused = len(found.at_doors) + sum(n for r, n in seen.items() if r.codes)


def _blind(expected: Expected) -> set[Copy]:
    return {
        Copy(party, good.type.rpartition(".v")[0], good.source, good.id, good.subject)
        for good in expected.events
        for party in good.without_address
    }


def _tell_times(summary: Summary, copies: Mapping[Copy, str], found: Found) -> None:
    every: list[float] = []
    for copy, at in found.seen.arrived.items():
        begun = found.handed_in.get(copies.get(copy, ""))
        if begun is not None:
            every.append((at - begun) * 1000)
            summary.parties.setdefault(copy.party, PartyLine()).ms.append(every[-1])
    if every:
        every.sort()
        summary.p50_ms = round(median(every), 1)
        summary.p99_ms = round(every[min(len(every) - 1, int(len(every) * NEAR_ALL))], 1)


def _tell_parties(summary: Summary, expected: Expected, found: Found) -> None:
    parties = summary.parties
    for told in expected.told():
        parties.setdefault(told.party, PartyLine()).sent += 1
    for copy, n in found.seen.copies.items():
        parties.setdefault(copy.party, PartyLine()).delivered += n
    for receipt, n in found.seen.receipts.items():
        for code in receipt.codes:
            parties.setdefault(receipt.party, PartyLine()).refused[code] += n
    by_place = {told.place: told.party for told in expected.told()}
    for place, codes in found.at_doors.items():
        party = by_place.get(place)
        if party:
            parties[party].refused.update(codes)
