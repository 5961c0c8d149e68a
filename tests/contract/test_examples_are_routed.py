"""What the contract shows as an example, the hub delivers."""

from pathlib import Path

import pytest

from hub.domain.decision import Limits
from hub.domain.explain import explain
from hub.party_file import load_parties
from hub.processors import ALL
from schemas.vocabulary import Verdict

OPENING = (
    "referral.requested",
    "address-change.reported",
    "address-change.corrected",
    "disclosure-block.set",
    "support-offer.published",
    "probe.sent",
)
"""The types that need no case that was there before."""
EXAMPLES = [
    path for kind in OPENING for path in Path("schemas/examples", kind).glob("v*/valid/*.json")
]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: "/".join(path.parts[2:]))
def test_a_valid_example_is_delivered(path: Path) -> None:
    """Who copies an example and sends it is not refused."""
    found = explain(path.read_bytes(), None, load_parties(), Limits(), ALL)

    assert [(one.code, one.field) for one in found.problems] == []
    assert found.verdict is Verdict.ROUTED
    assert found.recipients
