"""What one value may no longer be, in words: the changes that a sender or a reader trips over."""

from collections.abc import Iterator
from typing import Final

from schemas.model import PERSONAL_MARK
from schemas.shapes import NULL, Shape

FLOORS: Final = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
CEILINGS: Final = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
JUDGED_APART: Final = frozenset(
    {
        *("properties", "required", "items", "additionalProperties", "enum", "const", "default"),
        *FLOORS,
        *CEILINGS,
    }
)
"""Of every other keyword nobody can tell whether its new value takes all that the old one took."""
_NOTHING: Final = object()
SENDERS: Final = "; senders that say otherwise would be refused"


def narrowed(old: Shape, new: Shape) -> Iterator[str]:
    """Each way in which the new shape refuses what the old took, or says less than it said."""
    yield from _kinds(old, new)
    yield from _values(old, new)
    yield from _limits(old, new)
    if old.open and not new.open:
        yield "takes no undeclared fields any more; senders that give some would be refused"
    if old.says.get(PERSONAL_MARK) and not new.says.get(PERSONAL_MARK):
        yield "is no longer marked personal; readers would log and show it"
    before = old.says.get("default", _NOTHING)
    if before is not _NOTHING and new.says.get("default", before) != before:
        yield "means something else when it is left out: its default changed"


def _kinds(old: Shape, new: Shape) -> Iterator[str]:
    """A change of type; `null` more is fine, since nobody is sent null."""
    if old.kinds == new.kinds or not new.kinds:
        return
    lost = old.kinds - new.kinds
    gained = new.kinds - old.kinds - {NULL}
    if lost == {"integer"} and gained == {"number"}:
        lost = frozenset()
    if lost and gained:
        yield f"changed its type from {_any_of(old.kinds)} to {_any_of(new.kinds)}{SENDERS}"
    elif lost or not old.kinds:
        yield f"may only be {_any_of(new.kinds)} now{SENDERS}"
    elif gained:
        yield f"may also be {_any_of(gained)} now; readers do not expect that"


def _values(old: Shape, new: Shape) -> Iterator[str]:
    if new.values is None:
        return
    if old.values is None:
        yield f"takes only the values {', '.join(sorted(new.values))} now{SENDERS}"
    elif gone := sorted(old.values - new.values):
        yield f"no longer takes {', '.join(gone)}; senders that say so would be refused"


def _limits(old: Shape, new: Shape) -> Iterator[str]:
    for keyword in (*FLOORS, *CEILINGS):
        before, now = old.says.get(keyword), new.says.get(keyword)
        higher_is_tighter = keyword in FLOORS
        if now is None or now == before:
            continue
        if before is None or (now > before) is higher_is_tighter:
            yield f"has a tighter limit: {keyword} was {_or_none(before)} and is {now}{SENDERS}"
    for keyword in sorted(new.says.keys() - JUDGED_APART):
        if not keyword.startswith("x-") and new.says[keyword] != old.says.get(keyword):
            yield f"has another {keyword}; senders that fit only the old one would be refused"


def _any_of(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds)) or "anything"


def _or_none(limit: object) -> str:
    return "none" if limit is None else str(limit)
