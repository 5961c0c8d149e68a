"""What a party may see of a trail."""

from hub.trail.line import Written
from hub.trail.sight import seen_by
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_copy, a_line

DIEBURG = "06432004"
KIND = "address-change.reported"
RECEIPT = Written(EPPERTSHAUSEN, "r-1", "receipt.delivered", None)
HANDOVER = a_copy(KFB, "handover.opened")
MOVED = a_line(
    event_type=KIND, written=(a_copy(KFB, KIND), a_copy(DIEBURG, KIND), RECEIPT, HANDOVER)
)


def test_a_recipient_sees_its_own_copy_only() -> None:
    """Where else a move was told says where somebody moved to."""
    (seen,) = seen_by(KFB, [MOVED])
    assert {one.party for one in seen.written} == {KFB}
    assert [one.event_type for one in seen.written] == [KIND, "handover.opened"]


def test_a_sender_sees_to_whom_it_went() -> None:
    """Its receipt says so, too; what the hub said to others by itself is theirs."""
    (seen,) = seen_by(EPPERTSHAUSEN, [MOVED])
    assert {one.party for one in seen.written} == {KFB, DIEBURG, EPPERTSHAUSEN}
    assert HANDOVER not in seen.written


def test_others_see_nothing() -> None:
    """Who has no part in a line does not learn of it, a refused one neither."""
    refused = a_line(verdict="refused", problems="no-recipient")
    assert seen_by("06432023", [MOVED, refused]) == []
    assert seen_by(KFB, [refused]) == []
    assert seen_by(EPPERTSHAUSEN, [refused]) == [refused]
