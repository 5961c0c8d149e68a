"""The judges of a run: each tells a right run from one in which a single thing went wrong."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from hub import origins
from hub.domain import recognition
from hub.streaming.reading import Found
from schemas.codec import Record, encode
from schemas.events.ledger_recorded import LedgerRecorded, Notice
from schemas.problems import ProblemCode
from schemas.vocabulary import Verdict
from tests.chaos import memory
from tests.chaos.audit import Audit, expected_keys
from tests.chaos.audit import Verdict as Judgement
from tests.chaos.lane_news import LaneNews
from tests.chaos.run import prefix
from tests.chaos.traffic import Sent
from tests.chaos.trust import Door, Recipient, Told
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
    audit = Audit("nowhere:9", [], Recipient(origins.load({})))
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
        (_nothing, Judgement(0, 0, 0, 0, 2.0)),
        (_nobody_gets_one, Judgement(1, 0, 0, 0, 2.0)),
        (_one_comes_twice, Judgement(0, 1, 0, 0, 2.0)),
        (_two_lines_for_one, Judgement(0, 1, 0, 0, 2.0)),
        (_one_overtakes, Judgement(0, 0, 1, 0, 2.0)),
        (_nobody_sent_one, Judgement(0, 0, 0, 1, 2.0)),
        (_one_waits, Judgement(0, 0, 0, 0, 50.0)),
    ],
)
def test_the_audit_tells(wrong: Callable[[Audit], None], verdict: Judgement) -> None:
    """What is lost, comes twice, overtakes, was never sent or waits is counted, once each."""
    audit = _audit_of_a_right_run()

    wrong(audit)

    assert audit.verdict(SENT, Outages()) == verdict


def test_what_cannot_be_proven_is_told(tmp_path: Path) -> None:
    """Where events are trusted, one without a signature or with another's data is found out."""
    settings = Told.of("nowhere:9", "", tmp_path, trusted=True).settings
    recipient, plain = Recipient(settings), encode(DELIVERED.event)
    record = Door(settings)(plain)

    assert record.value != plain.value
    assert recipient.opened(record).value == plain.value
    assert recipient.is_proven(record)
    assert not recipient.is_proven(record._replace(value=plain.value))
    assert not recipient.is_proven(plain)


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


OFFER: Final = next(one for one in SENT if one.event.data.TYPE == "support-offer.published")
CAUSE: Final = (OFFER.event.context.source, OFFER.event.context.id)


def _found(partition: int, offset: int, cause: tuple[str, str] = CAUSE) -> Found:
    origin = {"source": cause[0], "id": cause[1]}
    value = json.dumps({"kind": "stands", "origin": origin}).encode()
    return Found("lanes.offers", partition, offset, 0, Record(b"offer-1", value, []))


def _line(partition: int, offset: int, *event_ids: str) -> LedgerRecorded:
    notices = [Notice(to="kfb", event_type="x.v1", event_id=one) for one in event_ids]
    return LedgerRecorded(
        verdict=Verdict.NOTED,
        topic="lanes.offers",
        partition=partition,
        offset=offset,
        received_at=AT,
        notices=tuple(notices),
    )


def _right_news() -> LaneNews:
    news = LaneNews()
    for partition in range(4):
        news.note_told(_found(partition, 7))
        news.note_line(_line(partition, 7))
    news.note_line(_line(-1, -1, "s-1"))
    news.said["kfb", "s-1"] += 1
    news.causes.add(CAUSE)
    return news


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (lambda _news: None, (0, 0, 0)),
        (lambda news: news.told[next(iter(news.told))].pop(2), (1, 0, 0)),
        (lambda news: news.note_told(_found(2, 8)), (1, 1, 0)),
        (lambda news: news.lines.pop((1, 7)), (1, 0, 0)),
        (lambda news: news.note_line(_line(1, 7)), (0, 1, 0)),
        (lambda news: news.note_line(_line(1, 9)), (0, 0, 1)),
        (lambda news: news.said.clear(), (1, 0, 0)),
        (lambda news: news.said.update([("kfb", "s-1")]), (0, 1, 0)),
        (lambda news: news.said.update([("kfb", "s-2")]), (0, 0, 1)),
        (lambda news: news.causes.add(("//x", "e")), (0, 0, 1)),
        (lambda news: [news.note_told(_found(n, 9, ("//x", "e"))) for n in range(4)], (4, 0, 1)),
    ],
)
def test_what_lanes_told_each_other_is_counted(
    wrong: Callable[[LaneNews], object], found: tuple[int, int, int]
) -> None:
    """A lane that was not told, did not hear, heard or said twice, or says what nobody explains."""
    news = _right_news()

    wrong(news)

    assert news.sum({CAUSE}) == found


def test_an_offer_is_remembered_in_every_lane() -> None:
    """As it stands where its events are, a copy in each lane; withdrawn, only its kind."""
    subject = OFFER.event.context.subject.encode()
    kept = Counter(
        {
            recognition.key(*CAUSE): 1,
            b"case/support-offers/" + subject: 1,
            b"offer/" + subject: 1,
            b"offer-copy/" + subject: 4,
            b"offer-kind/" + subject: 4,
        }
    )
    assert memory.compare(kept, [OFFER]) == memory.MemoryVerdict(0, 0)
    fewer = kept - Counter([b"offer-copy/" + subject])
    assert memory.compare(fewer, [OFFER]) == memory.MemoryVerdict(1, 0)
    assert memory.compare(kept + Counter([b"offer-copy/x"]), [OFFER]).unknown == 1


def test_a_hub_runs_under_the_prefix_of_any_seed() -> None:
    """The seeds that pytest prints have ten digits; settings limit how long a prefix may be."""
    longest = prefix(2**32 - 1)

    assert origins.load({"topic_prefix": longest}).topic_prefix == longest
