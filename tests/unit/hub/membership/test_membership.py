"""How a party stands, and which of its credentials count when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import UsageError
from hub.membership.issuing import issue
from hub.membership.membership import Credentials, Membership, State

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY = Membership(party="06432005", state=State.ACTIVE, credentials=())


def credentials(number: int, since: datetime = NOW, days: int = 365) -> Credentials:
    """New ones."""
    return issue(number, since, since + days * DAY).credentials


def numbers(member: Membership, when: datetime) -> list[int]:
    """Which count then."""
    return [one.number for one in member.current(when)]


ADDED = NOBODY.added(credentials(1))


def test_added_it_has_its_first_credentials() -> None:
    """They count from now until their end."""
    assert numbers(ADDED, NOW) == [1]
    assert numbers(ADDED, NOW + 365 * DAY) == []


def test_rotated_both_count_until_the_overlap_is_over() -> None:
    """Then the new alone; a second rotation meanwhile does not lengthen the first's."""
    twice = ADDED.rotated(credentials(2), NOW + DAY).rotated(credentials(3), NOW + 5 * DAY)

    assert numbers(twice, NOW) == [1, 2, 3]
    assert numbers(twice, NOW + DAY) == [2, 3]
    assert numbers(twice, NOW + 5 * DAY) == [3]


def test_suspended_everything_is_kept() -> None:
    """Resumed, the same count; both may be said twice."""
    suspended = ADDED.suspended().suspended()

    assert suspended.state is State.SUSPENDED
    assert numbers(suspended, NOW) == [1]
    assert suspended.resumed().resumed() == ADDED


def test_removed_nothing_counts_and_no_number_comes_again() -> None:
    """Added again it gets the next number, and only that counts."""
    removed = ADDED.removed(NOW)
    again = removed.added(credentials(removed.next_number))

    assert numbers(removed, NOW) == []
    assert numbers(again, NOW) == [2]


REFUSED: dict[str, Callable[[], Membership]] = {
    "rotate suspended": lambda: ADDED.suspended().rotated(credentials(2), NOW),
    "rotate removed": lambda: ADDED.removed(NOW).rotated(credentials(2), NOW),
    "suspend removed": lambda: ADDED.removed(NOW).suspended(),
    "resume removed": lambda: ADDED.removed(NOW).resumed(),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_makes_no_sense_is_refused(what: str) -> None:
    """With the command that helps."""
    with pytest.raises(UsageError) as told:
        REFUSED[what]()
    assert told.value.remedy.endswith(f"{NOBODY.party}")


@given(st.lists(st.sampled_from(("add", "rotate", "suspend", "resume", "remove")), max_size=12))
def test_whatever_is_done_no_number_is_used_twice(steps: list[str]) -> None:
    """What somebody held once is never another's, in whatever order things are said."""
    member, when, gone = ADDED, NOW, set[int]()
    for step in steps:
        before, when = set(numbers(member, when)), when + DAY
        new = credentials(member.next_number, when)
        try:
            ways: dict[str, Callable[[], Membership]] = {
                "add": partial(member.added, new),
                "rotate": partial(member.rotated, new, when + DAY),
                "suspend": member.suspended,
                "resume": member.resumed,
                "remove": partial(member.removed, when),
            }
            member = ways[step]()
        except UsageError:
            continue
        gone |= before - set(numbers(member, when))
        assert not gone & set(numbers(member, when))
    made = [one.number for one in member.credentials]
    assert made == sorted(set(made))
