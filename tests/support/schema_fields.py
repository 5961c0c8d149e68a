"""Every field of a JSON Schema by its dotted path, down to those that hold a value."""

from collections.abc import Iterator

from schemas.shapes import Node, Shape, shape


def leaves(document: Node) -> Iterator[tuple[str, Shape]]:
    """The fields that hold a value: path, and what it allows."""
    yield from _below("", document, document)


def _below(path: str, node: Node, document: Node) -> Iterator[tuple[str, Shape]]:
    here = shape(node, document)
    if here.fields:
        for name, field in here.fields.items():
            yield from _below(f"{path}.{name}" if path else name, field, document)
        return
    items = here.says.get("items")
    if items is not None and shape(items, document).fields:
        yield from _below(f"{path}[]", items, document)
        return
    yield path, here
