"""What each recipient's copy leaves out, and that nobody can tell blocked from unknown."""

from typing import Any, Final

import pytest

from schemas.codec import encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.referral_requested import ReferralRequested
from tests.support.answers import DARMSTADT, WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    WEITERSTADT,
    a_block,
    a_correction,
    a_lifted_block,
    a_move,
    a_referral,
    a_withdrawal,
)

MOVE_LEFT_OUT: Final = ("old_address", "new_address", "disclosure_blocked")
BLOCKED_CLIENT: Final = {"ags": DIEBURG, "disclosure_blocked": True}


def _copy(answer: Answer, party: str) -> Any:  # noqa: ANN401 - each event has its own data
    return answer.copies[party].data


def _record(answer: Answer, party: str) -> object:
    """The copy as bytes: what its recipient can see of it."""
    (found,) = (out for out in answer.decision.outputs if out.topic == f"to.{party}")
    return found.record


def _left_out(answer: Answer) -> dict[str, tuple[str, ...]]:
    return {each.to: each.left_out for each in answer.delivered.deliveries}


def test_without_a_block_the_copies_are_whole() -> None:
    """Everyone who gets an event reads what its sender said."""
    event = a_move()
    answer = Hub().takes(event)
    assert all(copy.data == event.data for copy in answer.copies.values())
    assert _left_out(answer) == {KFB: (), DIEBURG: ()}


def test_blocked_address_is_left_out_for_the_unentitled() -> None:
    """The municipality's copy has no address, the Kreisagentur's has (BMG §51, SGB II §36)."""
    event = a_move(disclosure_blocked=True)
    answer = Hub().takes(event)
    copy = _copy(answer, DIEBURG)
    assert (copy.old_address, copy.new_address, copy.disclosure_blocked) == (None, None, False)
    assert _copy(answer, KFB) == event.data
    assert _left_out(answer) == {KFB: (), DIEBURG: MOVE_LEFT_OUT}


def test_rest_of_a_blocked_copy_is_as_it_was() -> None:
    """Nothing but the addresses and the flag is left out."""
    event = a_move(disclosure_blocked=True)
    without = {"old_address": None, "new_address": None, "disclosure_blocked": False}
    assert _copy(Hub().takes(event), DIEBURG) == event.data.model_copy(update=without)


def test_carrier_is_entitled() -> None:
    """A carrier that pays the person sees where they live."""
    event = a_move(disclosure_blocked=True, case_open_at=DARMSTADT)
    assert _copy(Hub(WITH_NEIGHBOURS).takes(event), DARMSTADT) == event.data


@pytest.mark.parametrize("by_flag", [True, False], ids=["said in the event", "set before"])
def test_blocked_and_unknown_look_alike(*, by_flag: bool) -> None:
    """Byte for byte a copy without a blocked address is one whose addresses nobody knows."""
    known = a_correction(id="U-1", disclosure_blocked=by_flag)
    unknown = a_correction(id="U-1", old_address=None, new_address=None)
    quiet, blocking = Hub().after(a_move()), Hub().after(a_move())
    if not by_flag:
        blocking.after(a_block())
    told = blocking.takes(known)
    assert _record(told, DIEBURG) == _record(quiet.takes(unknown), DIEBURG)
    assert _left_out(told)[DIEBURG] == tuple(
        name for name in MOVE_LEFT_OUT if by_flag or name != "disclosure_blocked"
    )


def test_blocked_and_unknown_clients_look_alike() -> None:
    """The same of a client who is referred."""
    said = {"id": "R-1", "by": KFB, "service": "debt_counselling"}
    blocked = Hub().takes(a_referral(**said, client=BLOCKED_CLIENT))
    unknown = Hub().takes(a_referral(**said, client={"ags": DIEBURG, "address": None}))
    assert _record(blocked, DIEBURG) == _record(unknown, DIEBURG)
    assert _left_out(blocked) == {DIEBURG: ("client.address", "client.disclosure_blocked")}


def test_entitled_recipient_of_a_referral_sees_the_address() -> None:
    """The Kreisagentur gets a blocked client's address, and learns that it is blocked."""
    event = a_referral(client={"disclosure_blocked": True})
    assert _copy(Hub().takes(event), KFB) == event.data


def test_what_was_not_given_is_not_called_left_out() -> None:
    """A receipt says nothing of fields that the sender did not give."""
    hub = Hub().after(a_move(), a_block())
    answer = hub.takes(a_correction(old_address=None, new_address=None))
    assert _left_out(answer) == {KFB: (), DIEBURG: ()}


def test_block_is_remembered() -> None:
    """After a block was set, later events of the case leave the address out without saying so."""
    hub = Hub().after(a_move(), a_block())
    answer = hub.takes(a_correction(new_ags=WEITERSTADT))
    assert _copy(answer, WEITERSTADT).new_address is None
    assert _copy(answer, KFB).new_address is not None


def test_who_has_no_part_in_the_new_place_does_not_learn_it() -> None:
    """The town named by mistake hears that it is not so, and not where the person is instead."""
    hub = Hub().after(a_move(), a_block())
    answer = hub.takes(a_correction(new_ags=WEITERSTADT, corrects="U-1"))
    said = AddressChangeWithdrawn(withdraws="U-1", reason="entered_in_error")
    assert _copy(answer, DIEBURG) == said
    assert answer.copies[DIEBURG].context.type == "address-change.withdrawn.v1"
    assert _left_out(answer)[DIEBURG] == ("new_ags", "old_address", "new_address")
    assert _copy(answer, WEITERSTADT).new_ags == WEITERSTADT


def test_town_moved_from_hears_nothing_of_a_blocked_correction() -> None:
    """That the person left is still true; where to is not its task any more."""
    answer = Hub().after(a_move(), a_block()).takes(a_correction(by=DIEBURG, new_ags=WEITERSTADT))
    assert {*answer.copies} == {KFB, WEITERSTADT}
    assert {*_left_out(answer)} == {KFB, WEITERSTADT}


def test_without_a_block_every_holder_reads_the_correction() -> None:
    """Who was told wrong is told right."""
    event = a_correction(new_ags=WEITERSTADT)
    assert _copy(Hub().after(a_move()).takes(event), DIEBURG) == event.data


def test_block_before_any_move_is_remembered() -> None:
    """A block that comes first protects the first move."""
    answer = Hub().after(a_block()).takes(a_move())
    assert _copy(answer, DIEBURG).new_address is None


def test_block_said_with_a_move_is_remembered() -> None:
    """A correction that forgets to repeat the block does not disclose the address."""
    hub = Hub().after(a_move(disclosure_blocked=True))
    assert _copy(hub.takes(a_correction()), DIEBURG).new_address is None


def test_lifted_block_is_gone() -> None:
    """After it was lifted, copies are whole again."""
    hub = Hub().after(a_move(), a_block(), a_lifted_block())
    event = a_correction()
    assert _copy(hub.takes(event), DIEBURG) == event.data


def test_block_set_again_holds_again() -> None:
    """Set, lifted and set again: the last word counts."""
    hub = Hub().after(a_move(), a_block(), a_lifted_block(), a_block())
    assert _copy(hub.takes(a_correction()), DIEBURG).new_address is None


def test_block_protects_its_own_case_only() -> None:
    """Another case is not touched by it."""
    event = a_move(on="case-2")
    assert _copy(Hub().after(a_block(on="case-1")).takes(event), DIEBURG) == event.data


def test_refused_block_protects_nobody() -> None:
    """What was refused changes nothing of the case."""
    hub = Hub()
    assert hub.takes(a_block(by=KFB)).problems == [("sender-not-permitted", "type")]
    event = a_move()
    assert _copy(hub.takes(event), DIEBURG) == event.data


@pytest.mark.parametrize("event", [a_block(), a_withdrawal(), a_lifted_block()])
def test_events_without_an_address_reach_all_whole(event: Event[Data]) -> None:
    """A block, its lifting and a withdrawal say the same to everyone on the case."""
    answer = Hub().after(a_move()).takes(event)
    assert {*answer.copies} == {KFB, DIEBURG}
    assert all(copy.data == event.data for copy in answer.copies.values())


def test_sender_of_a_blocked_move_gets_no_copy_of_it() -> None:
    """No own event comes back, whole or not."""
    assert EPPERTSHAUSEN not in Hub().takes(a_move(disclosure_blocked=True)).copies


def test_handover_carries_no_address() -> None:
    """What the hub itself says of a move names municipalities only, by their keys."""
    answer = Hub().takes(a_move(new_ags="06411000", disclosure_blocked=True))
    ((_, opened),) = answer.notices
    value = encode(opened).value or b""
    for secret in (b"Musterweg", b"Probegasse", b"Beispiel", b"1991"):
        assert secret not in value


@pytest.mark.parametrize("model", [AddressChangeReported, ReferralRequested])
def test_every_address_of_the_contract_is_looked_after(model: type[Data]) -> None:
    """A new field with an address in it must be left out too: this list is then too short."""
    known: dict[type[Data], set[str]] = {
        AddressChangeReported: {"old_address", "new_address"},
        ReferralRequested: {"client.address"},
    }
    assert _addresses(model.model_json_schema()) == known[model]


def _addresses(schema: dict[str, Any], node: dict[str, Any] | None = None) -> set[str]:
    """The dotted path of each field that holds an `Address`."""
    found = set()
    for name, field in (node or schema).get("properties", {}).items():
        for way in [field, *field.get("anyOf", [])]:
            inner = way.get("$ref", "").rpartition("/")[2]
            if inner == "Address":
                found.add(name)
            elif inner and "properties" in schema["$defs"][inner]:
                found |= {f"{name}.{path}" for path in _addresses(schema, schema["$defs"][inner])}
    return found
