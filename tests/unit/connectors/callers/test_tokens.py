"""Tokens as callers show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.callers.tokens import LONGEST, bearer, digest, new_token


def test_digest_is_what_sha256sum_prints() -> None:
    """An operator can make the hash with a common tool."""
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_new_tokens_differ_and_can_be_shown() -> None:
    """No two are alike, each has 256 bits of chance, and a header can carry it."""
    made = {new_token() for _ in range(50)}

    assert len(made) == 50
    assert all(bearer(f"Bearer {one}") == one and len(bytes.fromhex(one)) == 32 for one in made)


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearer a b", None),
        ("Basic abc", None),
        ("Bearer ü", None),
        (f"Bearer {'a' * LONGEST}", "a" * LONGEST),
        (f"Bearer {'a' * (LONGEST + 1)}", None),
    ],
)
def test_bearer_is_read_as_rfc_6750_writes_it(value: str, token: str | None) -> None:
    """The scheme's case does not matter, the token's characters and its length do."""
    assert bearer(value) == token


@given(st.text())
def test_any_authorization_is_answered(value: str) -> None:
    """No header value breaks the reading, and what is read can be hashed."""
    token = bearer(value)

    assert token is None or len(digest(token)) == 64
