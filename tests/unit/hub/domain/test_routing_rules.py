"""Each routing rule, told as a story: who says what, who gets it, and by which rule."""

from collections.abc import Callable
from typing import Final

import pytest

from hub.domain import lowering, reminders, suggesting
from hub.domain.parties import Parties
from hub.domain.routing import HANDOVER, PROBES, RULES, SAYS, SEEN
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import HANDED_IN
from tests.support.answers import CARITAS, DARMSTADT, WITH_NEIGHBOURS, Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    JURISDICTION,
    KFB,
    WEITERSTADT,
    a_block,
    a_capacity,
    a_continuation,
    a_correction,
    a_lifted_block,
    a_move,
    a_referral,
    a_step,
    a_withdrawal,
    a_withdrawn_offer,
    an_offer,
    an_old_fashioned_referral,
)

TOWNS: Final = [f"064320{number:02d}" for number in range(1, 24)]
Story = tuple[list[Event[Data]], Event[Data], dict[str, str]]
"""What was said before, what is said now, and each recipient with the rule that found it."""


def _named() -> Story:
    return [], a_referral(to=WEITERSTADT), {WEITERSTADT: "referral-to-named-recipient"}


def _named_provider() -> Story:
    return [], a_referral(to=CARITAS), {CARITAS: "referral-to-named-recipient"}


def _jobcenter_service() -> Story:
    event = a_referral(service="housing_costs")
    return [], event, {KFB: "referral-by-service-and-residence"}


def _town_service() -> Story:
    event = a_referral(by=KFB, service="debt_counselling", client={"ags": DIEBURG})
    return [], event, {DIEBURG: "referral-by-service-and-residence"}


def _pilot_says_it() -> Story:
    event = an_old_fashioned_referral()
    return [], event, {KFB: "referral-by-service-and-residence"}


def _owner_answers() -> Story:
    return [a_referral()], a_step("accepted"), {EPPERTSHAUSEN: "status-to-other-side"}


def _sender_cancels() -> Story:
    event = a_step("cancelled", by=EPPERTSHAUSEN, reason="client_declined")
    return [a_referral()], event, {KFB: "status-to-other-side"}


def _forwarded() -> Story:
    event = a_step("forwarded", new_owner=DIEBURG)
    told = {EPPERTSHAUSEN: "status-to-other-side", DIEBURG: "status-to-new-owner"}
    return [a_referral()], event, told


def _given_back() -> Story:
    event = a_step("rejected", reason="not_responsible")
    return [a_referral()], event, {EPPERTSHAUSEN: "status-to-other-side"}


def _answer_of_the_new_owner() -> Story:
    before: list[Event[Data]] = [a_referral(), a_step("forwarded", new_owner=DIEBURG)]
    event = a_step("accepted", by=DIEBURG)
    return before, event, {EPPERTSHAUSEN: "status-to-other-side"}


def _moved_within_the_district() -> Story:
    told = {KFB: "address-to-open-case", DIEBURG: "address-to-place-moved-to"}
    return [], a_move(), told


def _moved_away() -> Story:
    return [], a_move(new_ags=DARMSTADT_AGS), {KFB: "address-to-open-case"}


def _moved_here_without_a_case() -> Story:
    event = a_move(case_open_at=None, old_ags=DARMSTADT_AGS)
    return [], event, {DIEBURG: "address-to-place-moved-to"}


def _case_open_at_a_carrier() -> Story:
    event = a_move(case_open_at=DARMSTADT, old_ags=DARMSTADT_AGS)
    told = {DARMSTADT: "address-to-open-case", DIEBURG: "address-to-place-moved-to"}
    return [], event, told


def _corrected() -> Story:
    told = {
        KFB: "address-to-open-case",
        WEITERSTADT: "address-to-place-moved-to",
        DIEBURG: "correction-to-holders",
    }
    return [a_move()], a_correction(new_ags=WEITERSTADT), told


def _corrected_by_a_holder() -> Story:
    told = {KFB: "address-to-open-case", EPPERTSHAUSEN: "correction-to-holders"}
    return [a_move()], a_correction(by=DIEBURG), told


def _withdrawn() -> Story:
    told = dict.fromkeys((KFB, DIEBURG), "withdrawal-to-holders")
    return [a_move()], a_withdrawal(), told


def _block_on_a_known_case() -> Story:
    told = dict.fromkeys((KFB, DIEBURG), "block-to-holders")
    return [a_move()], a_block(), told


def _block_by_the_new_town() -> Story:
    """Whoever reported the address holds it too (BMG §33(4): last, new and further places)."""
    told = dict.fromkeys((KFB, EPPERTSHAUSEN), "block-to-holders")
    return [a_move()], a_block(by=DIEBURG), told


def _block_on_a_new_case() -> Story:
    return [], a_block(), {KFB: "block-to-jobcenter"}


def _block_at_a_carrier() -> Story:
    before: list[Event[Data]] = [a_move(case_open_at=DARMSTADT)]
    told = dict.fromkeys((DARMSTADT, DIEBURG), "block-to-holders") | {KFB: "block-to-jobcenter"}
    return before, a_block(), told


def _block_lifted() -> Story:
    told = dict.fromkeys((KFB, DIEBURG), "block-to-holders")
    return [a_move(), a_block()], a_lifted_block(), told


def _block_nobody_heard_of_lifted() -> Story:
    return [], a_lifted_block(), {KFB: "block-to-jobcenter"}


def _continued() -> Story:
    before: list[Event[Data]] = [a_move(new_ags=DARMSTADT_AGS)]
    event = a_continuation(by=DARMSTADT, **JURISDICTION)
    return before, event, {KFB: "continuation-to-holders"}


def _offered() -> Story:
    told = {KFB: "offer-to-jobcenter", DIEBURG: "offer-to-served-municipality"}
    return [], an_offer(), told


def _offered_to_the_district() -> Story:
    told = dict.fromkeys(TOWNS, "offer-to-served-municipality") | {KFB: "offer-to-jobcenter"}
    del told[EPPERTSHAUSEN]
    return [], an_offer(service_area=["06432"]), told


def _offered_by_the_jobcenter() -> Story:
    event = an_offer(by=KFB, service_area=[DIEBURG])
    return [], event, {DIEBURG: "offer-to-served-municipality"}


def _offered_elsewhere_now() -> Story:
    told = {
        KFB: "offer-to-jobcenter",
        WEITERSTADT: "offer-to-served-municipality",
        DIEBURG: "offer-to-holders",
    }
    return [an_offer()], an_offer(service_area=[WEITERSTADT]), told


def _filled_up() -> Story:
    return [an_offer()], a_capacity(), dict.fromkeys((KFB, DIEBURG), "offer-news-to-holders")


def _offer_withdrawn() -> Story:
    told = dict.fromkeys((KFB, DIEBURG), "offer-news-to-holders")
    return [an_offer()], a_withdrawn_offer(), told


STORIES: Final[tuple[Callable[[], Story], ...]] = (
    _named,
    _named_provider,
    _jobcenter_service,
    _town_service,
    _pilot_says_it,
    _owner_answers,
    _sender_cancels,
    _forwarded,
    _given_back,
    _answer_of_the_new_owner,
    _moved_within_the_district,
    _moved_away,
    _moved_here_without_a_case,
    _case_open_at_a_carrier,
    _corrected,
    _corrected_by_a_holder,
    _withdrawn,
    _block_on_a_known_case,
    _block_by_the_new_town,
    _block_on_a_new_case,
    _block_at_a_carrier,
    _block_lifted,
    _block_nobody_heard_of_lifted,
    _continued,
    _offered,
    _offered_to_the_district,
    _offered_by_the_jobcenter,
    _offered_elsewhere_now,
    _filled_up,
    _offer_withdrawn,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_event_goes_where_its_rules_say(story: Callable[[], Story]) -> None:
    """Exactly those get a copy whom the story names, each by the rule it names."""
    before, event, told = story()
    answer = Hub(WITH_NEIGHBOURS).after(*before).takes(event)
    assert answer.rules == told, answer.problems


def test_every_rule_has_a_story() -> None:
    """No rule of the table is untold, for none of its event types."""
    told = {
        (rule, event.data.TYPE)
        for story in STORIES
        for _, event, to in (story(),)
        for rule in to.values()
    }
    assert told == {(rule.id, kind) for rule in RULES for kind in rule.types}


def test_rules_are_told_apart() -> None:
    """Rule ids are unique, short enough for the wire, and each says why in a sentence."""
    ids = [rule.id for rule in (*RULES, HANDOVER, SEEN, *PROBES)]
    assert len({*ids}) == len(ids)
    by_itself = [*reminders.SAYS, *suggesting.SAYS, *lowering.SAYS]
    assert len({*ids, *by_itself}) == len(ids) + len(by_itself)
    assert {*SAYS} == {*ids, *by_itself}
    assert all(says[0].isupper() and says.endswith(".") for says in SAYS.values())


def test_every_input_type_has_a_rule() -> None:
    """No event type that may come in is without a way out."""
    assert {kind for rule in (*RULES, SEEN) for kind in rule.types} == {*HANDED_IN}


def test_first_rule_in_the_table_is_the_one_told() -> None:
    """Who is found by several rules gets one copy, by the first of them."""
    answer = Hub().after(a_move()).takes(a_correction())
    assert answer.rules == {KFB: "address-to-open-case", DIEBURG: "address-to-place-moved-to"}


def test_handover_opens_when_a_client_leaves_the_district() -> None:
    """The carrier where the case is open gets the move and, by a rule of its own, the hand-over."""
    answer = Hub().takes(a_move(new_ags=DARMSTADT_AGS))
    ((party, opened),) = answer.notices
    assert (party, opened.context.rule) == (KFB, HANDOVER.id)


def test_holder_who_left_the_registry_is_passed_over() -> None:
    """A party that is declared no longer gets nothing, and stops nobody else's copy."""
    hub = Hub(WITH_NEIGHBOURS).after(a_move(case_open_at=DARMSTADT))
    hub.parties = Hub().parties
    answer = hub.takes(a_withdrawal())
    assert answer.rules == {DIEBURG: "withdrawal-to-holders"}


def test_holder_who_may_no_longer_receive_is_passed_over() -> None:
    """A permission taken away from one party takes nothing from the others."""
    hub = Hub(WITH_NEIGHBOURS).after(a_move(case_open_at=DARMSTADT))
    party = tuple(
        each.model_copy(update={"receives": ("handover",)}) if each.id == DARMSTADT else each
        for each in WITH_NEIGHBOURS.party
    )
    hub.parties = Parties(district=WITH_NEIGHBOURS.district, party=party)
    assert {*hub.takes(a_withdrawal()).copies} == {DIEBURG}
