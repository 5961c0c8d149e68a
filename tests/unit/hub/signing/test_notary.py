"""Only what its sender has signed is let in; what goes to parties is sealed."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.domain.decision import Decision, Kept, Limits, Received
from hub.processors import ALL
from hub.signing.issuing import retire, revoke
from hub.signing.keys import Use
from hub.streaming.rules import Rules
from schemas.codec import Record, decode, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import ProblemCode
from schemas.signature import (
    SIGNATURE_HEADER,
    digest,
    is_by,
    sealed_digests,
    sealed_statement,
    taken_apart,
)
from schemas.topics import DELIVERY_PREFIX, LEDGER, REFERRALS
from schemas.vocabulary import Verdict
from tests.support.answers import WITH_NEIGHBOURS as PARTIES
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_referral
from tests.support.signing import Desk, a_desk

AT_MS = int(NOW.timestamp() * 1000)
LATER = NOW + timedelta(days=5)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Keys for the parties of these tests."""
    return a_desk(tmp_path_factory.mktemp("keys"))


def decided(
    desk: Desk, record: Record, state: Kept | None = None, at_ms: int = AT_MS, offset: int = 0
) -> Decision:
    """What the hub with these keys does with a record."""
    rules = Rules(ALL, PARTIES, Limits(), "", desk.notary(PARTIES))
    state = Kept() if state is None else state
    decision = rules.decide(Received(REFERRALS.name, 0, offset, at_ms, record), state)
    state.remember(decision.state)
    return decision


def codes(decision: Decision) -> list[ProblemCode]:
    """Why it was refused."""
    return [found.code for found in decision.problems]


def to_parties(decision: Decision) -> dict[str, list[Event[Data]]]:
    """What goes to each party."""
    found: dict[str, list[Event[Data]]] = {}
    for output in decision.outputs:
        if output.topic.startswith(DELIVERY_PREFIX):
            party = output.topic.removeprefix(DELIVERY_PREFIX)
            found.setdefault(party, []).append(decode(output.record))
    return found


def line(decision: Decision) -> LedgerRecorded:
    """The ledger's line."""
    lines = [decode(out.record).data for out in decision.outputs if out.topic == LEDGER.name]
    assert isinstance(lines[0], LedgerRecorded)
    return lines[0]


def without(record: Record, header: str) -> Record:
    """The record without one of its headers."""
    return record._replace(headers=[one for one in record.headers if one[0] != header])


def changed(record: Record, header: str, text: str) -> Record:
    """The record with another text in a header."""
    headers = [(name, text.encode() if name == header else said) for name, said in record.headers]
    return record._replace(headers=headers)


def is_nobodys(decision: Decision, state: Kept) -> bool:
    """Whether a refusal tells nobody, names nobody, and leaves nothing in the memory."""
    said = line(decision)
    return not to_parties(decision) and said.sender is said.event_id is None and not state


def test_a_signed_event_is_delivered_and_its_receipt_said(desk: Desk) -> None:
    """Who signs is heard: copy and receipt go out as without signing."""
    decision = decided(desk, desk.signed(a_referral()))
    assert decision.verdict is Verdict.ROUTED
    assert {*to_parties(decision)} == {KFB, EPPERTSHAUSEN}


def test_an_unsigned_event_is_nobodys(desk: Desk) -> None:
    """Without a signature nobody is believed to have sent it: a dead letter, and silence."""
    state = Kept()
    decision = decided(desk, encode(a_referral()), state)
    assert codes(decision) == [ProblemCode.SIGNATURE_MISSING]
    assert is_nobodys(decision, state)
    assert decision.outputs[0].topic == "referrals.dead"
    assert decision.outputs[0].record.value == encode(a_referral()).value


def test_a_forged_event_is_nobodys_whatever_was_changed(desk: Desk) -> None:
    """Another recipient, purpose, id or time than was signed, or other data: all are noticed."""
    signed = desk.signed(a_referral(to=KFB))
    value = (signed.value or b"").replace(b"Mia", b"Ida")
    for forged in (
        changed(signed, "ce_recipient", DIEBURG),
        without(signed, "ce_recipient"),
        changed(signed, "ce_id", "another"),
        changed(signed, "ce_time", "2026-03-02T09:16:00Z"),
        signed._replace(headers=[*signed.headers, ("ce_causationid", b"more")]),
        signed._replace(value=value),
    ):
        state = Kept()
        decision = decided(desk, forged, state)
        assert codes(decision) == [ProblemCode.SIGNATURE_INVALID]
        assert is_nobodys(decision, state)


def test_a_forger_cannot_make_the_hub_forget(desk: Desk) -> None:
    """A forged event under the id of one that was delivered changes nothing for that one."""
    state, event = Kept(), a_referral()
    signed = desk.signed(event)
    decided(desk, signed, state)
    before = dict(state)
    decided(desk, signed._replace(value=b"{}"), state, offset=1)
    assert state == before
    assert decided(desk, signed, state, offset=2).verdict is Verdict.REPEATED


def test_another_partys_key_does_not_count(desk: Desk) -> None:
    """Dieburg signs soundly, but not for Eppertshausen."""
    own = desk.signed(a_referral(by=DIEBURG))
    forged = changed(own, "ce_source", f"//kurze-wege/{EPPERTSHAUSEN}/fachverfahren")
    assert codes(decided(desk, forged)) == [ProblemCode.SIGNING_KEY_UNKNOWN]


def test_a_key_issued_a_moment_ago_is_known(tmp_path: Path) -> None:
    """A door may sign with a new key before the next look at the registry."""
    desk = a_desk(tmp_path, [KFB])
    rules = Rules(ALL, PARTIES, Limits(), "", desk.notary(PARTIES))
    desk.issue(EPPERTSHAUSEN)
    received = Received(REFERRALS.name, 0, 0, AT_MS, desk.signed(a_referral()))
    assert rules.decide(received, Kept()).verdict is Verdict.ROUTED


def test_the_key_of_the_seal_signs_no_events(tmp_path: Path) -> None:
    """A worker's key speaks for nobody: its use is another."""
    desk = Desk(tmp_path)
    seal = desk.seal()
    assert not seal.speaks_for("hub", Use.SIGN)


def test_what_was_signed_too_long_ago_is_told_its_sender(desk: Desk) -> None:
    """Sender and key are certain, only the time does not count: the sender hears so."""
    early = desk.signed(a_referral(at=NOW - timedelta(days=1)), NOW - timedelta(hours=1))
    decision = decided(desk, early, at_ms=AT_MS + 31 * 24 * 3600 * 1000)
    assert codes(decision) == [ProblemCode.SIGNATURE_EXPIRED]
    (receipt,) = to_parties(decision)[EPPERTSHAUSEN]
    assert isinstance(receipt.data, ReceiptRefused)


def test_what_is_signed_in_the_future_is_refused(desk: Desk) -> None:
    """More than five minutes ahead of the broker's clock nobody can sign."""
    record = desk.signed(a_referral(), NOW + timedelta(minutes=6))
    assert codes(decided(desk, record)) == [ProblemCode.SIGNATURE_EXPIRED]
    assert not codes(decided(desk, desk.signed(a_referral(), NOW + timedelta(minutes=4))))


def test_an_expired_key_signs_no_more_and_what_it_signed_counts(tmp_path: Path) -> None:
    """By the time of signing, not by the time of looking."""
    desk = Desk(tmp_path)
    desk.issue(EPPERTSHAUSEN, valid=timedelta(days=2))
    desk.seal()
    record = desk.signed(a_referral(at=NOW))
    assert not codes(decided(desk, record, at_ms=int(LATER.timestamp() * 1000)))


def test_a_key_rotated_with_overlap_leaves_no_gap(tmp_path: Path) -> None:
    """Both keys count until the overlap is over; the newest signs, and the old one ends."""
    desk = a_desk(tmp_path)
    old = desk.signed(a_referral())
    new = desk.issue(EPPERTSHAUSEN, at=NOW)
    ended = retire(desk.registry, new, NOW, timedelta(days=3))
    assert [key.valid_until for key in ended] == [NOW + timedelta(days=3)]
    assert not codes(decided(desk, old))
    fresh = desk.signed(a_referral(), NOW + timedelta(seconds=1))
    assert taken_apart(dict(fresh.headers)[SIGNATURE_HEADER].decode()).head.kid == new.kid
    assert not codes(decided(desk, fresh))


def test_a_revoked_key_counts_no_more_and_history_stays(tmp_path: Path) -> None:
    """What came in before is decided today as it was then; what comes later is nobody's."""
    desk = a_desk(tmp_path)
    record = desk.signed(a_referral())
    kid = taken_apart(dict(record.headers)[SIGNATURE_HEADER].decode()).head.kid
    revoke(desk.registry, kid, NOW + timedelta(minutes=1))
    assert not codes(decided(desk, record))
    state = Kept()
    late = decided(desk, record, state, at_ms=AT_MS + 60_000)
    assert codes(late) == [ProblemCode.SIGNING_KEY_REVOKED]
    assert is_nobodys(late, state)


def test_a_repeat_is_recognised_and_not_delivered(desk: Desk) -> None:
    """A signed event played again is known by its id: no second copy."""
    state, record = Kept(), desk.signed(a_referral())
    decided(desk, record, state)
    again = decided(desk, record, state, offset=1)
    assert again.verdict is Verdict.REPEATED
    assert KFB not in to_parties(again)


def test_a_delivery_carries_what_its_sender_signed(desk: Desk) -> None:
    """The recipient has the sender's signature with what was signed in it."""
    event = a_referral()
    (copy,) = to_parties(decided(desk, desk.signed(event)))[KFB]
    jws = taken_apart(copy.context.signature or "")
    assert jws.payload is not None
    assert event.context.id.encode() in jws.payload
    assert is_by(jws, jws.payload, desk.keys().by_kid[jws.head.kid].key)


def test_one_seal_stands_on_all_that_leaves(desk: Desk) -> None:
    """Copy and receipt have one seal, made once, which names both; a changed copy is not named."""
    decision = decided(desk, desk.signed(a_referral()))
    leaving = [out.record for out in decision.outputs if out.topic.startswith(DELIVERY_PREFIX)]
    seals = {decode(record).context.seal for record in leaving}
    assert len(seals) == 1
    jws = taken_apart(seals.pop() or "")
    key = desk.keys().by_kid[jws.head.kid]
    assert key.use is Use.SEAL
    assert is_by(jws, jws.payload or b"", key.key)
    named = sealed_digests(jws.payload or b"")
    assert {digest(sealed_statement(record)) for record in leaving} == named
    other = leaving[0]._replace(value=b"{}")
    assert digest(sealed_statement(other)) not in named


def test_a_seal_that_comes_in_does_not_go_out(desk: Desk) -> None:
    """Somebody's own seal is left behind: a delivery has one, and it is the hub's."""
    signed = desk.signed(a_referral())
    own = f"{'h' * 20}..{'s' * 86}".encode()
    record = signed._replace(headers=[*signed.headers, ("ce_seal", own)])
    decision = decided(desk, record)
    assert decision.verdict is Verdict.ROUTED
    for output in decision.outputs:
        seals = [said for name, said in output.record.headers if name == "ce_seal"]
        assert own not in seals
        assert len(seals) == output.topic.startswith(DELIVERY_PREFIX)


@pytest.mark.parametrize(
    "record", [Record(None, None, []), Record(b"k", b"\xff", [("ce_id", b"\xff")])]
)
def test_what_cannot_be_read_is_nobodys(desk: Desk, record: Record) -> None:
    """Garbage becomes a dead letter and never stops the lane."""
    state = Kept()
    assert decided(desk, record, state).verdict is Verdict.REFUSED
    assert not state
