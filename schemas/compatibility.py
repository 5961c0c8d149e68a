"""Whether a changed contract still fits those who speak the old one. Pure.

Two directions matter. What senders of the old contract say must still be read: nothing they may
leave out becomes required, nothing they may say is refused. What readers of the old contract
rely on must still be there. New types, new versions, new optional fields and new codes are fine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from schemas.documents import CLASSIFICATION, ENVELOPE, PURPOSES
from schemas.narrowing import narrowed
from schemas.shapes import Node, Shape, shape

Found: TypeAlias = Iterator[tuple[str, str]]
"""Where something changed, and what."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that breaks somebody who speaks the old contract."""

    schema: str
    """The schema's name: `referral.requested.v1`."""
    field: str
    """The field, dotted, `[]` for the items of a list; empty for the schema as a whole."""
    says: str
    """What changed, and whom it breaks."""

    def __str__(self) -> str:
        """`referral.requested v1: the field client.phone became required; …`."""
        kind, dot, version = self.schema.rpartition(".v")
        return f"{f'{kind} v{version}' if dot else self.schema}: {self.says}"


def incompatible_changes(old: Mapping[str, Node], new: Mapping[str, Node]) -> list[Change]:
    """Every incompatible change from the old to the new JSON Schemas, both by name."""
    changes = []
    for name in sorted(old):
        if name not in new:
            gone = "the schema was removed; senders that use it would be refused"
            changes.append(Change(name, "", gone))
            continue
        noun = "attribute" if name == ENVELOPE else "field"
        found = [
            *_declared(old[name], new[name]),
            *_Comparison(old[name], new[name], noun).at("", old[name], new[name]),
        ]
        changes += [Change(name, field, says) for field, says in found]
    return changes


def _declared(old: Node, new: Node) -> Found:
    """Changes of what the schema says of the event as a whole."""
    before, now = old.get(CLASSIFICATION), new.get(CLASSIFICATION)
    if before is not None and before != now:
        words = f"the lowest classification was {before} and is {now}"
        yield "", f"{words}; senders would be refused, or readers would keep it less well"
    gone = sorted({*old.get(PURPOSES, ())} - {*new.get(PURPOSES, ())})
    if gone:
        words = f"the purpose {', '.join(gone)} is no longer allowed"
        yield "", f"{words}; senders that name it would be refused"


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The old and the new schema of one type and version."""

    old: Node
    new: Node
    noun: str

    def at(self, path: str, old_node: Node, new_node: Node) -> Found:
        """Every incompatible change at this path and below."""
        old, new = shape(old_node, self.old), shape(new_node, self.new)
        name = f"the {self.noun} {path}" if path else "the event"
        for words in narrowed(old, new):
            yield path, f"{name} {words}"
        for field in sorted({*old.fields, *new.fields}):
            below = f"{path}.{field}" if path else field
            words = _presence(field, old, new)
            if words:
                yield below, f"the {self.noun} {below} {words}"
            if field in old.fields and field in new.fields:
                yield from self.at(below, old.fields[field], new.fields[field])
        if "items" in old.says and "items" in new.says:
            yield from self.at(f"{path}[]", old.says["items"], new.says["items"])


def _presence(field: str, old: Shape, new: Shape) -> str:
    """What it means that a field came, went, or must now be there; empty when it is fine."""
    if field not in new.fields:
        if new.open:
            return "was removed; readers would miss it"
        return "was removed; senders that give it would be refused, readers would miss it"
    if field in new.required and field not in old.fields:
        return "is new and required; senders that do not know it would be refused"
    if field in new.required and field not in old.required:
        return "became required; senders that leave it out would be refused"
    if field in old.required and field not in new.required:
        return "is no longer required; readers that rely on it would miss it"
    return ""
