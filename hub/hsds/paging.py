"""A part of a long list, with the header that HSDS puts before it (`Page`)."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def page(contents: Sequence[Json], number: int, per_page: int, total: int) -> Json:
    """Page `number`, counted from 1, of `total` things; one behind the last is empty."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": list(contents),
    }
