"""What is remembered of a case, and where."""

from hub.domain.case import Case, changes, load
from schemas.topics import ADDRESS_CHANGES, REFERRALS

CASE = Case(sender="06432005", owner="kfb", holders=("06432005", "kfb"))
MOVE = Case(sender="06432005", holders=("06432005", "kfb"))
BLOCKED = Case(sender="06432005", holders=("06432005", "kfb"), blocked=True)


def kept(*steps: tuple[Case, Case]) -> dict[bytes, bytes]:
    """The state after these changes of one case by address changes."""
    state: dict[bytes, bytes | None] = {}
    for before, after in steps:
        state |= changes(ADDRESS_CHANGES, "case-1", before, after)
    return {key: value for key, value in state.items() if value is not None}


def test_a_case_comes_back_as_it_was_kept() -> None:
    """Sender, owner, holders and block survive the state topic."""
    assert load(kept((Case(), CASE)), ADDRESS_CHANGES, "case-1") == CASE
    assert load(kept((Case(), BLOCKED)), ADDRESS_CHANGES, "case-1") == BLOCKED


def test_a_block_counts_on_every_topic() -> None:
    """A block set on address changes protects the referral of the same case, and no more."""
    found = load(kept((Case(), BLOCKED)), REFERRALS, "case-1")

    assert found == Case(blocked=True)
    assert not found.is_known


def test_a_referral_sets_no_block_for_others() -> None:
    """What a referral's sender says of its client is no block until one is set."""
    assert list(changes(REFERRALS, "case-1", Case(), BLOCKED)) == [b"case/referrals/case-1"]


def test_a_protected_case_is_never_forgotten() -> None:
    """The oldest cases make room for new ones; who has part in a protected one stays known."""
    protected = kept((Case(), MOVE), (MOVE, BLOCKED))
    del protected[b"case/address-changes/case-1"]
    lifted = kept((Case(), MOVE), (MOVE, BLOCKED), (BLOCKED, MOVE))

    assert load(protected, ADDRESS_CHANGES, "case-1") == BLOCKED
    assert list(lifted) == [b"case/address-changes/case-1"]


def test_a_case_that_stays_as_it_is_changes_nothing() -> None:
    """No state is written for what was already known."""
    assert changes(ADDRESS_CHANGES, "case-1", CASE, CASE) == {}
