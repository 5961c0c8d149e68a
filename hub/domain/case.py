"""What the hub remembers of a case: who has part in it and whether its person is protected."""

from dataclasses import dataclass, replace

from pydantic_core import from_json, to_json

from hub.domain.decision import State, StateChanges


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
        return self if holders == self.holders else replace(self, holders=holders)


def load(state: State, subject: str) -> Case:
    """The case as remembered, or an unknown one."""
    kept = state.get(_protected(subject)) or state.get(_plain(subject))
    if kept is None:
        return Case()
    fields = from_json(kept)
    fields["holders"] = tuple(fields["holders"])
    return Case(**fields)


def changes(subject: str, before: Case, after: Case) -> StateChanges:
    """What a case's change makes of the state.

    A protected case stands in a family of its own that is never forgotten: BMG §51 has no limit
    that a memory may set.
    """
    if after == before:
        return {}
    place, other = _plain(subject), _protected(subject)
    if after.blocked:
        place, other = other, place
    changed: StateChanges = {place: _dump(after)}
    if before.is_known and before.blocked is not after.blocked:
        changed[other] = None
    return changed


def _plain(subject: str) -> bytes:
    return b"case/" + subject.encode()


def _protected(subject: str) -> bytes:
    return b"protected/" + subject.encode()


def _dump(case: Case) -> bytes:
    return to_json(
        {
            "sender": case.sender,
            "owner": case.owner,
            "holders": case.holders,
            "blocked": case.blocked,
        },
    )
