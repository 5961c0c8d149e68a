"""What a lane forgets, and what it never forgets."""

from hub.streaming.memory import EVICTIONS_PER_BATCH, Draft, Keep, Memory

KEEPS = (Keep(b"seen/", max_age_s=100, max_entries=3), Keep(b"case/", 1000, 10))


def filled(*keys: bytes, at_s: int = 0) -> Memory:
    """A memory with these keys, all written at the same time."""
    memory = Memory(KEEPS)
    for key in keys:
        memory.apply(key, b"x", at_s)
    return memory


def test_what_is_past_its_age_is_forgotten() -> None:
    """Only the family whose time is over loses its entries."""
    memory = filled(b"seen/a", b"case/a")

    assert list(memory.to_forget(100)) == []
    assert list(memory.to_forget(101)) == [b"seen/a"]


def test_beyond_the_number_kept_the_oldest_goes_first() -> None:
    """An entry written again is young again."""
    memory = filled(b"seen/a", b"seen/b", b"seen/c", b"seen/d")
    memory.apply(b"seen/a", b"again", 1)

    assert list(memory.to_forget(1)) == [b"seen/b"]


def test_a_protected_case_is_never_forgotten() -> None:
    """A family without a limit stays, however old."""
    assert list(filled(b"protected/a").to_forget(10**9)) == []


def test_forgetting_is_spread_over_batches() -> None:
    """However much is due, a batch forgets a bounded number."""
    memory = filled(*(b"seen/%d" % number for number in range(5000)))

    assert len(list(memory.to_forget(0))) == EVICTIONS_PER_BATCH


def test_a_draft_is_seen_at_once_and_kept_only_when_committed() -> None:
    """A later event of the batch sees an earlier one's change; an abandoned batch leaves none."""
    memory = filled(b"case/a")
    draft = Draft(memory)
    draft.changes[b"case/a"] = b"new"
    draft.changes[b"seen/b"] = None

    assert draft.get(b"case/a") == b"new"
    assert memory.get(b"case/a") == b"x"

    draft.commit(5)

    assert memory.get(b"case/a") == b"new"
    assert len(memory) == 1
