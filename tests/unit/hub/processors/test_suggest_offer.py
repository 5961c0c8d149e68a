"""What the lanes tell each other of offers: who hears of one for an open referral, and when."""

from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain import offer_memory
from hub.domain.decision import Outgoing
from hub.domain.matching import MOST_SUGGESTED
from hub.domain.parties import Parties
from hub.party_file import load_parties
from schemas.codec import Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_offer_suggested import ReferralOfferSuggested
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.topics import LANE_OFFERS, LEDGER
from schemas.vocabulary import MatchReason, Verdict
from tests.support.answers import WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_capacity,
    a_referral,
    a_step,
    a_withdrawn_offer,
    an_offer,
)
from tests.support.several_lanes import SeveralLanes

PARTIES: Final = load_parties()
MINUTE: Final = timedelta(minutes=1)
FREE: Final = {"status": "capacity", "available": 4, "updated": NOW}
FULL: Final = {"status": "no-capacity", "available": 0, "updated": NOW}
WHY: Final = {"purpose": "municipal-services", "legalbasis": "sgb2-16a"}
Told = list[tuple[str, str, str]]
"""Owner, case and offer of each suggestion."""


def debts(on: str = "case-1", **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """KfB asks the town where somebody lives for debt counselling."""
    said = {"by": KFB, "service": "debt_counselling", "first_received_by": KFB} | WHY
    return a_referral(on=on, **(said | changes))


def counselling(on: str = "offer-1", **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """Dieburg publishes debt counselling for itself and for Eppertshausen, with free places."""
    said = {"by": DIEBURG, "service": "debt_counselling", "capacity": FREE}
    return an_offer(on=on, **(said | changes))


def at_capacity(on: str = "case-1", by: str = EPPERTSHAUSEN, **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """The owner has no places."""
    said = {"on": on, "by": by, "reason": "at_capacity"} | WHY
    return a_step("rejected", **(said | changes))


def told(answers: list[Answer]) -> Told:
    """Every suggestion among what was said."""
    return [
        (to, event.context.subject, event.data.offer_id)
        for answer in answers
        for to, event in answer.events
        if isinstance(event.data, ReferralOfferSuggested)
    ]


def lowered(answers: list[Answer]) -> list[str]:
    """Who was told that an offer is full."""
    return [
        to
        for answer in answers
        for to, event in answer.events
        if isinstance(event.data, SupportOfferCapacityLowered)
    ]


def told_after(*events: Event[Data], parties: Parties = PARTIES) -> Told:
    """What the last of these events leads to."""
    hub = Hub(parties)
    for event in events[:-1]:
        hub.after(event).hears()
    hub.after(events[-1])
    return told(hub.hears())


def test_owner_hears_of_a_new_offer_with_the_reasons() -> None:
    """On whichever lanes they lie: for this case, because of that event, on its own terms."""
    lanes = SeveralLanes(4, PARTIES)
    assert len({lanes.lane_of(subject) for subject in ("case-3", "offer-1")}) == 2
    lanes.takes(debts(on="case-3"))
    published = counselling()
    lanes.takes(published)
    (answer,) = [answer for answer in lanes.settles() if answer.events]
    ((to, event),) = answer.events
    context, data = event.context, event.data
    assert (to, context.recipient, context.subject) == (EPPERTSHAUSEN, EPPERTSHAUSEN, "case-3")
    assert (context.causationid, context.sender) == (
        published.context.id,
        published.context.source,
    )
    assert (context.purpose, context.legalbasis) == ("municipal-services", "sgb2-16a")
    assert (context.rule, context.dataclassification) == ("suggestion-to-owner", "social")
    assert isinstance(data, ReferralOfferSuggested)
    assert (data.offer_id, data.publisher, data.name) == ("offer-1", DIEBURG, "Sprachcafé")
    assert [reason.code for reason in data.reasons] == [
        MatchReason.ANSWERS_SERVICE,
        MatchReason.SERVES_PLACE,
        MatchReason.PLACES_FREE,
        MatchReason.FRESH,
        MatchReason.DISTANCE_NOT_KNOWN,
    ]
    assert data.reasons[1].text == "It is for people who live in Eppertshausen."


def test_the_ledger_has_a_line_for_the_case_and_one_for_each_lane() -> None:
    """Nothing of the offer or the client stands there; what was said does, by its id."""
    lanes = SeveralLanes(4, PARTIES)
    lanes.takes(debts())
    published = counselling()
    lanes.takes(published)
    heard = lanes.settles()
    lines = [line for answer in heard for line in answer.ledgers]
    assert {line.verdict for line in lines} == {Verdict.NOTED}
    at_a_place = [(line.topic, line.partition) for line in lines if line.offset >= 0]
    assert sorted(at_a_place) == [(LANE_OFFERS.name, number) for number in range(4)]
    (line,) = [line for line in lines if line.offset < 0]
    (event,) = [event for answer in heard for _, event in answer.events]
    assert [notice.event_id for notice in line.notices] == [event.context.id]
    assert line.step is not None
    assert line.step.offer_id == "offer-1"
    assert line.causationid == published.context.id
    subjects = [
        decode(out.record).context.subject
        for answer in heard
        for out in answer.decision.outputs
        if out.topic == LEDGER.name
    ]
    assert Counter(subjects) == {"offer-1": 4, "case-1": 1}


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([debts(client={"ags": WEITERSTADT})], id="lives elsewhere"),
        pytest.param([debts(service="addiction_counselling")], id="needs something else"),
        pytest.param([debts(to=DIEBURG)], id="asked who offers it"),
        pytest.param([debts(), at_capacity()], id="is over"),
        pytest.param([], id="nobody asks"),
    ],
)
def test_not_suggested(before: list[Event[Data]]) -> None:
    """What does not fit, is over, or is known to the owner is not suggested."""
    assert told_after(*before, counselling()) == []
    assert told_after(debts(), *before[:0], counselling()) != []


def test_open_is_whatever_is_not_over() -> None:
    """A referral that was accepted is open until its outcome is said; its owner may need help."""
    accepted = a_step("accepted", by=EPPERTSHAUSEN, **WHY)
    done = a_step("completed", by=EPPERTSHAUSEN, outcome="service_received", **WHY)
    assert told_after(debts(), accepted, counselling()) == [(EPPERTSHAUSEN, "case-1", "offer-1")]
    assert told_after(debts(), accepted, done, counselling()) == []


def test_who_turned_it_down_is_not_suggested() -> None:
    """Asked anew elsewhere, nobody is sent to the offer of whoever rejected it."""
    asked, no = debts(to=DIEBURG), at_capacity(by=DIEBURG)
    anew = debts(to=WEITERSTADT)
    assert told_after(asked, no, anew, counselling()) == []
    assert told_after(asked, no, anew, counselling(by=KFB)) == [(WEITERSTADT, "case-1", "offer-1")]


@pytest.mark.parametrize(
    ("before", "news", "tells"),
    [
        (counselling(), counselling(name="Anders"), False),
        (counselling(), a_capacity(by=DIEBURG, capacity={"available": 2}), False),
        (counselling(capacity=None), a_capacity(by=DIEBURG), False),
        (counselling(capacity=FULL), a_capacity(by=DIEBURG, capacity=FREE), True),
        (counselling(assured_date="2025-01-01"), counselling(), True),
        (counselling(service_area=[WEITERSTADT]), counselling(), True),
        (counselling(service=None), counselling(), True),
        (counselling(), a_withdrawn_offer(by=DIEBURG), False),
        (counselling(dataclassification="internal"), counselling(), True),
        (counselling(), counselling(dataclassification="internal"), False),
    ],
)
def test_suggested_when_it_begins_to_suit(
    before: Event[Data], news: Event[Data], *, tells: bool
) -> None:
    """Whom it suited before knows of it; whom it suits only now is told."""
    assert bool(told_after(debts(), before, news)) is tells


def test_what_is_not_public_is_suggested_to_nobody() -> None:
    """It was not sent to everybody either; once public and then not, it is forgotten everywhere."""
    assert told_after(debts(), counselling(dataclassification="internal")) == []
    hub = Hub(PARTIES).after(counselling())
    hub.hears()
    hub.after(counselling(dataclassification="internal")).hears()
    families = (offer_memory.FAMILY, offer_memory.COPIES)
    assert not [key for key in hub.state if key.startswith(families)]


def test_local_offers_stand_in_for_each_other_by_their_kind() -> None:
    """Who asked for an offer by name hears of a new one of its kind, and of no other."""
    named = a_referral(by=KFB, to=DIEBURG, service="local_offer", offer_id="offer-1")
    first = an_offer(by=DIEBURG)
    alike, other = an_offer(on="offer-2"), an_offer(on="offer-3", category="housing")
    assert told_after(first, named, alike) == [(DIEBURG, "case-1", "offer-2")]
    assert told_after(first, named, other) == []
    assert told_after(named, alike) == [], "its kind is not known"
    withdrawn = a_withdrawn_offer(on="offer-1", by=DIEBURG)
    told = told_after(first, named, withdrawn, alike)
    assert told == [(DIEBURG, "case-1", "offer-2")], "now more than ever"


def test_owner_that_may_not_hear_is_not_told() -> None:
    """One that has left the registry, or has not committed to keep social data."""
    without = PARTIES.model_copy(
        update={"party": tuple(p for p in PARTIES.party if p.id != EPPERTSHAUSEN)}
    )
    hub = Hub(PARTIES).after(debts(), counselling())
    hub.parties = Parties(district=without.district, party=without.party)
    assert told(hub.hears()) == []


def test_the_most_urgent_hear_of_it() -> None:
    """One lane suggests an offer to so many at once: the most urgent, then the oldest."""
    hub = Hub(PARTIES).after(
        *(debts(on=f"case-{n}") for n in range(MOST_SUGGESTED)),
        debts(on="case-urgent", urgency="urgent"),
        counselling(),
    )
    cases = [case for _, case, _ in told(hub.hears())]
    assert len(cases) == MOST_SUGGESTED
    assert cases[0] == "case-urgent"


def local(on: str = "case-1", **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """KfB sends somebody to an offer of Dieburg's by name."""
    said = {"by": KFB, "to": DIEBURG, "service": "local_offer", "offer_id": "offer-1"}
    return a_referral(on=on, **(said | changes))


def full(**changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """A minute later Dieburg has no places."""
    said = {"by": DIEBURG, "reason": "at_capacity", "at": NOW + MINUTE}
    return a_step("rejected", **(said | changes))


def test_turned_away_lowers_the_places_until_they_are_counted() -> None:
    """Whoever has the offer hears it, not whose referral it was; then the new count stands."""
    lanes = SeveralLanes(4, PARTIES)
    for event in (an_offer(by=DIEBURG, capacity=FREE), local()):
        lanes.takes(event)
    lanes.settles()
    lanes.takes(full())
    heard = lanes.settles()
    assert sorted(lowered(heard)) == [DIEBURG, EPPERTSHAUSEN, KFB]
    (event, *_) = [event for answer in heard for _, event in answer.events]
    assert isinstance(event.data, SupportOfferCapacityLowered)
    assert (event.data.publisher, event.data.since) == (DIEBURG, NOW + MINUTE)
    assert (event.context.subject, event.context.dataclassification) == ("offer-1", "internal")
    assert b"case-1" not in b"".join(
        out.record.value or b"" for answer in heard for out in answer.decision.outputs
    )
    assert shown(lanes) == [0] * 5
    counted = {"status": "capacity", "available": 2, "updated": NOW + 2 * MINUTE}
    later = NOW + 2 * MINUTE
    lanes.takes(a_capacity(by=DIEBURG, at=later, capacity=counted), at=later)
    lanes.settles(at=later)
    assert shown(lanes) == [2] * 5


def shown(lanes: SeveralLanes) -> list[int | None]:
    """The places of the usual offer: first in the lane that has it, then in each lane."""
    home = lanes.lanes[lanes.lane_of("offer-1")]
    kept = [offer_memory.load(home.state, "offer-1")]
    kept += [offer_memory.copy(lane.state, "offer-1") for lane in lanes.lanes]
    return [offer.shown.available if offer is not None and offer.shown else None for offer in kept]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([local(), full(reason="not_responsible")], id="another reason"),
        pytest.param([local(offer_id="offer-9"), full()], id="nobody knows the offer"),
        pytest.param(
            [
                local(),
                a_step("forwarded", by=DIEBURG, new_owner=WEITERSTADT),
                full(by=WEITERSTADT),
            ],
            id="handed on to somebody else",
        ),
        pytest.param([debts(to=WEITERSTADT), full(by=WEITERSTADT, **WHY)], id="not the owner's"),
    ],
)
def test_not_lowered(events: list[Event[Data]]) -> None:
    """Only a lack of places lowers them, and only those of the offer that was spoken of."""
    hub = Hub(PARTIES).after(counselling())
    hub.hears()
    hub.after(*events)
    assert lowered(hub.hears()) == []


def test_without_a_name_the_owners_own_offers_are_lowered() -> None:
    """A town that has no places for debt counselling has none in its offer of it."""
    hub = Hub(PARTIES).after(counselling(), counselling(on="offer-2", by=KFB), debts(to=DIEBURG))
    hub.hears()
    hub.after(full(**WHY))
    assert {*lowered(hub.hears())} == {KFB, EPPERTSHAUSEN, DIEBURG}
    assert told(Hub(PARTIES).hears()) == []


def test_who_waits_hears_when_there_are_places_again() -> None:
    """Full because somebody was turned away, an offer is suggested once it is counted again."""
    hub = Hub(PARTIES).after(an_offer(by=DIEBURG, service="debt_counselling"), local())
    hub.hears()
    hub.after(full()).hears()
    hub.after(debts(on="case-2"))
    news = a_capacity(by=DIEBURG, at=NOW + 2 * MINUTE, capacity={"updated": NOW + 2 * MINUTE})
    hub.takes(news, at=NOW + 2 * MINUTE)
    assert told(hub.hears()) == [(EPPERTSHAUSEN, "case-2", "offer-1")]


def test_said_twice_it_is_lowered_once() -> None:
    """The same event sent again, or an older one, tells nobody anything."""
    hub = Hub(PARTIES).after(an_offer(by=DIEBURG), local(), local(on="case-2"))
    hub.hears()
    turned_away = full()
    hub.after(turned_away)
    assert lowered(hub.hears())
    assert hub.takes(turned_away).verdict is Verdict.REPEATED
    assert hub.hears() == []
    older = a_step("rejected", on="case-2", by=DIEBURG, reason="at_capacity")
    hub.after(older)
    assert lowered(hub.hears()) == []


def test_what_no_lane_wrote_is_laid_aside() -> None:
    """It stops nothing: a dead letter and a line in the ledger."""
    for value in (None, b"", b"{}", b'{"kind":"stands"}', b"\xff"):
        answer = Hub(PARTIES).takes(Record(b"x", value, []), topic=LANE_OFFERS)
        assert answer.verdict is Verdict.REFUSED
        (letter,) = answer.dead
        assert (letter.topic, letter.record.value) == ("lanes.offers.dead", value)
        assert answer.ledger.problems == ("value-unreadable",)


def test_ordinary_events_go_through_no_family() -> None:
    """However much a lane remembers, a referral, its steps and a move look at their own keys."""

    class Unsearched(Hub):
        """A lane whose memory is gone through by nobody."""

    hub = Unsearched(PARTIES)
    hub.state.under = _nobody  # type: ignore[method-assign]
    hub.after(
        debts(),
        a_step("accepted", by=EPPERTSHAUSEN, **WHY),
        debts(on="case-2"),
        a_step("rejected", on="case-2", by=EPPERTSHAUSEN, reason="not_responsible", **WHY),
        counselling(),
        a_capacity(by=DIEBURG),
    )
    with pytest.raises(AssertionError):
        hub.hears()


def _nobody(_family: bytes, /) -> Any:  # noqa: ANN401 - never returns
    raise AssertionError("a memory was gone through")


EVENTS: Final = st.one_of(
    st.builds(debts, on=st.sampled_from(["case-1", "case-2", "case-3"])),
    st.builds(local, on=st.sampled_from(["case-4", "case-5"])),
    st.builds(
        at_capacity,
        on=st.sampled_from(["case-1", "case-2", "case-4"]),
        by=st.sampled_from([EPPERTSHAUSEN, DIEBURG]),
    ),
    st.builds(
        counselling,
        on=st.sampled_from(["offer-1", "offer-2"]),
        by=st.sampled_from([DIEBURG, KFB]),
        service_area=st.sampled_from([["06432"], [WEITERSTADT], [EPPERTSHAUSEN]]),
        capacity=st.sampled_from([None, FREE, FULL]),
    ),
    st.builds(
        a_capacity,
        on=st.sampled_from(["offer-1", "offer-2"]),
        by=st.sampled_from([DIEBURG, KFB]),
        capacity=st.sampled_from([{}, FULL]),
    ),
    st.builds(
        a_withdrawn_offer,
        on=st.sampled_from(["offer-1", "offer-2"]),
        by=st.sampled_from([DIEBURG, KFB]),
    ),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events=st.lists(EVENTS, min_size=1, max_size=14), data=st.data())
def test_lanes_agree_however_late_each_hears(
    events: list[Event[Data]], data: st.DataObject
) -> None:
    """In the end every lane knows each offer as it stands; nobody hears of one change twice."""
    lanes, heard = SeveralLanes(3, WITH_NEIGHBOURS), list[Answer]()
    for nth, event in enumerate(events):
        at = NOW + timedelta(minutes=nth)
        stamped = event.context.model_copy(update={"time": at, "id": f"e-{nth}"})
        lanes.takes(Event(stamped, event.data), at=at)
        while any(map(lanes.waits, range(3))) and data.draw(st.booleans()):
            waiting = [number for number in range(3) if lanes.waits(number)]
            heard.append(lanes.hears(data.draw(st.sampled_from(waiting)), at=at))
    heard += lanes.settles(at=NOW + 20 * MINUTE)
    said = [(to, event) for answer in heard for to, event in answer.events]
    assert not said or max(Counter(event.context.id for _, event in said).values()) == 1
    keys = Counter(
        (event.context.subject, event.data.offer_id, event.context.causationid)
        for _, event in said
        if isinstance(event.data, ReferralOfferSuggested)
    )
    assert not keys or max(keys.values()) == 1
    for offer_id in ("offer-1", "offer-2"):
        home = lanes.lanes[lanes.lane_of(offer_id)]
        stands = offer_memory.load(home.state, offer_id)
        assert [offer_memory.copy(lane.state, offer_id) for lane in lanes.lanes] == [stands] * 3
    assert not [out for answer in heard for out in answer.decision.outputs if _is_odd(out)]


def _is_odd(out: Outgoing) -> bool:
    """Whether a lane wrote where it has nothing to say."""
    return not out.topic.startswith("to.") and out.topic not in (LEDGER.name, LANE_OFFERS.name)
