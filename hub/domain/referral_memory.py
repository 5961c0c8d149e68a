"""A referral as a lane remembers it: compact JSON, open ones apart from those that are over.

What has its default value is left out. Fields that are not known are passed over and fields that
are missing have their default, so that a hub reads what an older or a newer one wrote.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import TypeAdapter

from hub.domain.decision import Searchable, State, StateChanges
from hub.domain.referral import Referral, is_final
from schemas.vocabulary import Service

FAMILY: Final = b"referral/"
"""The family of keys of what is open; it must never be forgotten."""
ENDED: Final = b"ended/"
"""The family of keys of what is over; it may be forgotten after some time."""
_FORM: Final = TypeAdapter(Referral)


def key(subject: str) -> bytes:
    """The state key of a case's open referral."""
    return FAMILY + subject.encode()


def load(state: State, subject: str) -> Referral | None:
    """The referral as remembered; None if there is none."""
    kept = state.get(key(subject)) or state.get(ENDED + subject.encode())
    return None if kept is None else _FORM.validate_json(kept)


def asking_for(state: Searchable, services: Iterable[Service]) -> Iterator[tuple[str, Referral]]:
    """The open referrals that ask for one of these services, each with its case.

    It goes through all that are open in the lane; only those found are read whole, told by the
    words that `dump` writes.
    """
    wanted = [f'"service":"{service}"'.encode() for service in services]
    for name, kept in state.under(FAMILY):
        if any(words in kept for words in wanted):
            yield name.removeprefix(FAMILY).decode(), _FORM.validate_json(kept)


def dump(referral: Referral) -> bytes:
    """The referral as it is kept."""
    return _FORM.dump_json(referral, exclude_defaults=True)


def changes(subject: str, before: Referral | None, after: Referral) -> StateChanges:
    """What a referral's step makes of the state."""
    here, there = key(subject), ENDED + subject.encode()
    if is_final(after):
        here, there = there, here
    changed: StateChanges = {here: dump(after)}
    if before is not None and is_final(before) is not is_final(after):
        changed[there] = None
    return changed
