"""Which dead letters are meant, and why: what `hub dead` asks of its caller."""

from typing import TYPE_CHECKING, Any

from hub.errors import UsageError

if TYPE_CHECKING:
    from hub.letters.shelf import Kept
    from hub.settings import Settings


def found(kept: "list[Kept]", wanted: list[str]) -> "list[Kept]":
    """The letters with these ids; raises UsageError for one that is not there."""
    by_id = {one.letter.id: one for one in kept}
    for letter in wanted:
        if letter not in by_id:
            remedy = "See them with: hub dead ls --each"
            raise UsageError("There is no such letter.", where=letter, remedy=remedy)
    return [by_id[letter] for letter in wanted]


def chosen(
    kept: "list[Kept]",
    letters: list[str] | None,
    codes: list[str] | None,
    event_type: str,
    sender: str,
    *,
    everything: bool,
) -> set[str]:
    """The ids that are named, or that fit what is said of them; raises UsageError for neither."""
    from hub.letters.replay import of_cause

    if letters:
        return {one.letter.id for one in found(kept, letters)}
    if not (everything or codes or event_type or sender):
        remedy = "Name letters, or choose by --code, --type, --sender or --all."
        raise UsageError("No letter is chosen.", remedy=remedy)
    return of_cause(kept, codes or (), event_type, sender)


def check_reason(reason: str) -> None:
    """Raise UsageError unless there is one."""
    from hub.letters.journal import REASON_LENGTH, is_reason

    if not is_reason(reason):
        remedy = f"Say why in up to {REASON_LENGTH} letters: --reason 'municipality was added'"
        raise UsageError("A reason is needed: it is written down.", where="--reason", remedy=remedy)


def note_down(settings: "Settings", act: Any, letters: list[str], reason: str) -> None:  # noqa: ANN401
    """Append an act on each letter to the journal; raises UsageError without a reason."""
    from hub.operations import dead_letters

    check_reason(reason)
    dead_letters.note(settings, act, letters, dead_letters.user(settings), reason)
