"""A referral as it is remembered: whole, short, without the person, and open to what comes."""

import json
from dataclasses import fields, replace

import pytest

from hub.domain.decision import Kept
from hub.domain.life_cycle import open_, opened, step
from hub.domain.referral_memory import asking_for, changes, dump, key, load
from schemas.vocabulary import Service
from tests.support.any_record import MARKED, MARKERS
from tests.support.builders import NOW, a_referral
from tests.support.referral_courses import (
    COURSES,
    NEXT,
    OWNER,
    SENDER,
    after,
    asked,
    saying,
    standing_at,
)

LONGEST = 700
"""Bytes, after a long life."""


@pytest.mark.parametrize("status", COURSES)
def test_what_was_kept_comes_back(status: str) -> None:
    """Every field, in every status; written again it is the same bytes."""
    referral = standing_at(status)
    kept = dump(referral)
    assert load({key("case-1"): kept}, "case-1") == referral
    again = load({key("case-1"): kept}, "case-1")
    assert again is not None
    assert dump(again) == kept


def test_every_field_comes_back() -> None:
    """Also those that seldom have a value."""
    referral = open_(a_referral(service="local_offer", offer_id="offer-1").data, SENDER, OWNER, NOW)
    referral = after(referral, (OWNER, "forwarded"))
    for party, said in (
        (NEXT, "accepted"),
        (NEXT, "appointment-made"),
        (NEXT, "no-show"),
        (NEXT, "appointment-made"),
        (SENDER, "cancellation-requested"),
        (NEXT, "on-hold"),
    ):
        referral = step(referral, saying(said), party, NOW)
    referral = opened(referral, NEXT, NOW)
    referral = replace(referral, request_id="ref-1", turned_down_by=(OWNER,))
    empty = [field.name for field in fields(referral) if not getattr(referral, field.name)]
    assert empty == ["outcome"]
    assert load({key("case-1"): dump(referral)}, "case-1") == referral


def test_nothing_is_remembered_of_what_was_never_asked() -> None:
    """An unknown case has no referral, and a like-named other key is none."""
    assert load({}, "case-1") is None
    assert load({key("case-2"): dump(asked())}, "case-1") is None


def test_offset_of_the_filing_date_is_kept() -> None:
    """It is told as it was first said."""
    assert b'"first_received_at":"2026-03-01T10:00:00+01:00"' in dump(asked())


def test_it_is_short() -> None:
    """What has its default value takes no room."""
    assert len(dump(asked())) < 400
    kept = dump(after(standing_at("on-hold"), (OWNER, "appointment-made")))
    assert len(kept) < LONGEST


def test_nothing_of_the_person_is_kept() -> None:
    """None of the fields that say something about somebody."""
    address = {name: MARKED[name] for name in ("street", "house_number", "postal_code", "city")}
    names = ("client_id", "family_name", "given_names", "birth_date", "phone", "email")
    client = {name: MARKED[name] for name in (*names, "languages")} | {"address": address}
    said = a_referral(client=client, note="MarkerNote").data
    kept = dump(open_(said, SENDER, OWNER, NOW)).decode()
    assert not [marker for marker in MARKERS if marker in kept]


def test_fields_of_a_newer_hub_are_passed_over() -> None:
    """After going back a version, what is not known does no harm."""
    fields = json.loads(dump(asked())) | {"interpreter": "booked", "priority": 3}
    assert load({key("case-1"): json.dumps(fields).encode()}, "case-1") == asked()


def test_fields_an_older_hub_did_not_know_have_their_default() -> None:
    """What was kept before a field was added is read."""
    fields = json.loads(dump(asked(urgency="urgent")))
    later_added = {"steps", "no_shows", "former_owners", "offer_id", "reason", "outcome"}
    assert not later_added & fields.keys()
    assert load({key("case-1"): json.dumps(fields).encode()}, "case-1") is not None


@pytest.mark.parametrize("service", Service)
def test_those_that_ask_for_a_service_are_found(service: Service) -> None:
    """All that are open and ask for it, whole, however they stand; nothing that is over."""
    state = Kept()
    for each in Service:
        offer_id = "offer-1" if each is Service.LOCAL_OFFER else None
        request = a_referral(service=each, offer_id=offer_id).data
        opened = open_(request, SENDER, OWNER, NOW)
        accepted = step(opened, saying("accepted"), OWNER, NOW)
        over = step(opened, saying("rejected"), OWNER, NOW)
        for name, before, now in (("a", None, opened), ("b", opened, accepted), ("c", None, over)):
            state.remember(changes(f"{each}-{name}", before, now))
    found = dict(asking_for(state, [service]))
    assert found.keys() == {f"{service}-a", f"{service}-b"}
    assert {each.service for each in found.values()} == {service}
    assert found == {case: load(state, case) for case in found}
