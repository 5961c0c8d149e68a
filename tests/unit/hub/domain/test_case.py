"""What is remembered of a case, and where."""

from hub.domain.case import Case, changes, load

CASE = Case(sender="06432005", owner="kfb", holders=("06432005", "kfb"))
BLOCKED = Case(sender="06432005", holders=("06432005", "kfb"), blocked=True)


def kept(*steps: tuple[Case, Case]) -> dict[bytes, bytes]:
    """The state after these changes of one case."""
    state: dict[bytes, bytes | None] = {}
    for before, after in steps:
        state |= changes("case-1", before, after)
    return {key: value for key, value in state.items() if value is not None}


def test_a_case_comes_back_as_it_was_kept() -> None:
    """Sender, owner, holders and block survive the state topic."""
    assert load(kept((Case(), CASE)), "case-1") == CASE
    assert load(kept((Case(), BLOCKED)), "case-1") == BLOCKED


def test_a_protected_case_stands_in_a_family_that_is_never_forgotten() -> None:
    """A block leaves the family whose oldest entries make room; lifted, the case goes back."""
    protected = kept((Case(), CASE), (CASE, BLOCKED))
    lifted = kept((Case(), CASE), (CASE, BLOCKED), (BLOCKED, CASE))

    assert list(protected) == [b"protected/case-1"]
    assert list(lifted) == [b"case/case-1"]


def test_a_case_that_stays_as_it_is_changes_nothing() -> None:
    """No state is written for what was already known."""
    assert changes("case-1", CASE, CASE) == {}
