"""What the hub remembers of a case: who has part in it and whether its person is protected."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import from_json, to_json

from hub.domain.decision import State, StateChanges
from schemas.topics import ADDRESS_CHANGES, Topic


@dataclass(frozen=True, slots=True)
class Case:
    """The parties of one subject; no personal data."""

    sender: str | None = None
    """Who opened it."""
    owner: str | None = None
    """Who has the referral now."""
    holders: tuple[str, ...] = ()
    """Everyone who ever sent or was sent something on it, in order."""
    blocked: bool = False
    """Whether an Auskunftssperre (BMG §51) stands."""

    @property
    def is_known(self) -> bool:
        """Whether anything was sent on it before."""
        return self.sender is not None

    def participants(self) -> tuple[str, ...]:
        """Sender and owner, each once."""
        return tuple(dict.fromkeys(p for p in (self.sender, self.owner) if p))

    def told(self, speaker: str, recipients: tuple[str, ...]) -> "Case":
        """The case after this party spoke and these were sent what it said."""
        holders = tuple(dict.fromkeys((*self.holders, speaker, *recipients)))
        if holders == self.holders:
            return self
        return Case(self.sender, self.owner, holders, self.blocked)

    def with_holders(self, more: Iterable[str]) -> "Case":
        """The case as if these had been sent something on it as well."""
        return replace(self, holders=tuple(dict.fromkeys((*self.holders, *more))))


def load(state: State, topic: Topic, subject: str) -> Case:
    """The case of a subject as this topic's events made it; unknown if there were none.

    A block that stands counts on every topic.
    """
    kept = _fields(state.get(_plain(topic, subject)))
    protected = state.get(_protected(subject))
    case = Case(kept.get("sender"), kept.get("owner"), tuple(kept.get("holders", ())))
    if protected is None:
        return case
    known = _fields(protected)
    case = replace(case, blocked=True)
    if topic is not ADDRESS_CHANGES:
        return case
    return replace(case, sender=case.sender or known["sender"]).with_holders(known["holders"])


def changes(topic: Topic, subject: str, before: Case, after: Case) -> StateChanges:
    """What a case's change makes of the state.

    A block stands in a family of its own that is never forgotten, with those who have part in
    the case: BMG §51 has no limit that a memory may set.
    """
    if after == before:
        return {}
    changed: StateChanges = {
        _plain(topic, subject): to_json(
            {"sender": after.sender, "owner": after.owner, "holders": after.holders}
        )
    }
    if after.blocked and topic is ADDRESS_CHANGES:
        changed[_protected(subject)] = to_json({"sender": after.sender, "holders": after.holders})
    elif before.blocked and not after.blocked:
        changed[_protected(subject)] = None
    return changed


def _plain(topic: Topic, subject: str) -> bytes:
    return f"case/{topic.name}/{subject}".encode()


def _protected(subject: str) -> bytes:
    return b"protected/" + subject.encode()


def _fields(kept: bytes | None) -> dict[str, Any]:
    return {} if kept is None else from_json(kept)
