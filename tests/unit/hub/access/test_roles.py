"""The table of roles: who may what, written out once more by hand."""

import pytest

from hub.access.roles import MAY, Right, Role, may

EXPECTED = {
    Right.OWN_ACCOUNT: "clerk lead auditor operator",
    Right.LIST: "clerk lead auditor",
    Right.CONTENT: "clerk lead",
    Right.WORK: "clerk lead",
    Right.RELEASE: "lead",
    Right.FIGURES: "lead",
    Right.HISTORY: "auditor",
    Right.RECORD: "auditor",
    Right.LETTERS: "auditor operator",
    Right.DESK: "operator",
}


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_who_may_what(role: Role, right: Right) -> None:
    """Each role has the rights of the issue and no other; the auditor never sees content."""
    assert may(role, right) is (role in EXPECTED[right].split())


def test_every_role_is_in_the_table() -> None:
    """No role is forgotten."""
    assert set(MAY) == set(Role)
