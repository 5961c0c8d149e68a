"""One cell of the table of who may do what, and what was found."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

ALLOWED, REFUSED = "allowed", "refused"


class Cell(NamedTuple):
    """Whether somebody may do something somewhere, as declared and as found from outside."""

    kind: str
    """`topic`, `group`, `transactions`, `cluster`, or the address that was called."""
    who: str
    action: str
    where: str
    declared: str
    """`allowed` or `refused`; of a call the status."""
    found: str

    @property
    def matches(self) -> bool:
        """Whether it is as declared."""
        return self.declared == self.found


def outcome(cells: Iterable[Cell]) -> dict[str, Any]:
    """How many were checked, how many do not match, and which."""
    told = list(cells)
    wrong = [one._asdict() for one in told if not one.matches]
    return {
        "checked": len(told),
        "mismatched": len(wrong),
        "allowed": sum(one.declared == ALLOWED or one.declared[0] == "2" for one in told),
        "kinds": dict(Counter(one.kind for one in told)),
        "mismatches": wrong,
    }
