"""What the ledger's lines tell of a subject: who got what, and whether it is over."""

from hub.domain.decision import Kept, Limits
from hub.domain.transitions import Status
from hub.party_file import load_parties
from hub.processors import route_address_change, route_referral
from hub.vault.past import Past, past_of
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LEDGER
from tests.support.builders import (
    DARMSTADT_AGS,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    a_move,
    a_referral,
    a_step,
    received,
)

PARTIES = load_parties()
CASE = "case-0001"


def _after(*events: Event[Data]) -> Past:
    state = Kept()
    lines = []
    for number, event in enumerate(events):
        module = route_referral if event.data.TYPE.startswith("referral") else route_address_change
        one = received(event, offset=number)
        decision = module.handle(one, state, PARTIES, Limits())
        state.remember(decision.state)
        lines += [decode(o.record) for o in decision.outputs if o.topic == LEDGER.name]
    return past_of(lines)


def test_recipients() -> None:
    """Everybody to whom anything was written is a recipient, by copy, receipt or notice."""
    past = _after(a_referral(on=CASE), a_move(on=CASE, new_ags=DARMSTADT_AGS))
    assert set(past.recipients) == {KFB, EPPERTSHAUSEN}
    kinds = {one.event_type for one in past.sent if one.party == KFB}
    assert kinds >= {"referral.requested", "address-change.reported", "handover.opened"}
    assert past.senders == {EPPERTSHAUSEN: 2}
    assert (past.first_at, past.events, past.refused) == (NOW, 2, 0)


def test_open_until_it_is_over() -> None:
    """A referral is open from its request on until a step ends it."""
    asked = a_referral(on=CASE)
    assert _after(asked).is_open
    accepted = a_step("accepted", by=KFB, on=CASE)
    assert _after(asked, accepted).status is Status.ACCEPTED
    ended = _after(asked, a_step("rejected", by=KFB, on=CASE, reason="at_capacity"))
    assert (ended.status, ended.is_open) == (Status.REJECTED, False)


def test_open_handover() -> None:
    """A case whose hand-over nobody continued yet is open, without any referral."""
    past = _after(a_move(on=CASE, new_ags=DARMSTADT_AGS))
    assert past.status is None
    assert past.is_open


def test_nothing() -> None:
    """Without a line there is no past."""
    assert past_of([]) == Past()
    assert not Past().is_open
