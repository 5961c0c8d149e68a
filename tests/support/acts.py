"""Acts as they come, and chains of them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from hub.audit.act import LONGEST, Act, Did
from hub.audit.chain import BEGINNING, Row, linked

NOW: Final = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
OPENED: Final = Act("clerk-petra", "clerk", Did.CASE_OPENED, "R-1001", "kfb")
_TEXTS: Final = st.text(st.characters(exclude_categories=("C", "Z")), max_size=LONGEST)
ACTS: Final = st.builds(
    Act, _TEXTS, _TEXTS, st.sampled_from(Did), _TEXTS, party=_TEXTS, reason=_TEXTS
)


def chain_of(*acts: Act) -> list[Row]:
    """These acts as one whole chain, a second apart."""
    rows, head = list[Row](), BEGINNING
    for number, act in enumerate(acts):
        at = (NOW + timedelta(seconds=number)).isoformat(timespec="microseconds")
        rows.append(linked(act, at, head))
        head = rows[-1].head
    return rows
