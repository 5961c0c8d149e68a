"""What a party may see of a trail: what it sent, and what was written to it, nothing else.

A recipient does not learn who else got an event: whom a move was told says where to.
"""

from collections.abc import Iterable

from hub.trail.line import Line


def seen_by(party: str, lines: Iterable[Line]) -> list[Line]:
    """The lines this party has part in, without what was written to others than itself.

    The sender sees to whom its event went: its receipt says so, too.
    """
    return [line for line in (_seen(party, one) for one in lines) if line is not None]


def _seen(party: str, line: Line) -> Line | None:
    own = tuple(one for one in line.written if one.party == party)
    if line.sender == party:
        others = tuple(copy for copy in line.copies if copy.party != party)
        return line._replace(written=(*others, *own))
    return line._replace(written=own) if own else None
