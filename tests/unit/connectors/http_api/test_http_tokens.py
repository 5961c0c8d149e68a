"""Whose token it is, and what a file of tokens may say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http_api.tokens import (
    Tokens,
    TokensUnreadable,
    all_tokens,
    bearer,
    digest,
    read_tokens,
)

A, B = digest("a"), digest("b")


def test_token_names_its_party() -> None:
    """A known token's party is found, first or last; an unknown one has none."""
    tokens = Tokens({A: "kfb", B: "06432005"})

    assert [tokens.party("a"), tokens.party("b"), tokens.party("c")] == ["kfb", "06432005", None]


def test_digest_is_what_sha256sum_prints() -> None:
    """An operator can make the hash with a common tool."""
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


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
    ],
)
def test_bearer_is_read_as_rfc_6750_writes_it(value: str, token: str | None) -> None:
    """The scheme's case does not matter, the token's characters do."""
    assert bearer(value) == token


@given(st.text())
def test_any_authorization_is_answered(value: str) -> None:
    """No header value breaks the reading, and what is read can be looked up."""
    token = bearer(value)

    assert token is None or Tokens({}).party(token) is None


def test_file_is_read_line_by_line(tmp_path: Path) -> None:
    """Comments and blank lines are read over; sha256sum's own form is understood."""
    file = tmp_path / "tokens"
    file.write_text(f"# invented\n\n{A}  kfb  # the jobcenter\n{B} *06432005\n{A} kfb\n")

    assert read_tokens(file) == {A: "kfb", B: "06432005"}


@pytest.mark.parametrize("line", ["my-token kfb", A, f"{A.upper()} kfb", f"{A} Kfb!"])
def test_error_names_file_and_line_not_the_content(tmp_path: Path, line: str) -> None:
    """A wrong line is named by its number; a token that stands there is not repeated."""
    file = tmp_path / "tokens"
    file.write_text(f"{B} kfb\n{line}\n")

    with pytest.raises(TokensUnreadable, match=r"tokens, line 2: write the token's SHA-256") as bad:
        read_tokens(file)

    assert "my-token" not in str(bad.value)


def test_one_token_has_one_party(tmp_path: Path) -> None:
    """A token given to two parties is refused, in a file and between file and settings."""
    file = tmp_path / "tokens"
    file.write_text(f"{A} kfb\n{A} 06432005\n")
    with pytest.raises(TokensUnreadable, match=r"line 2.*another party"):
        read_tokens(file)

    file.write_text(f"{A} kfb\n")
    with pytest.raises(TokensUnreadable, match="another party"):
        all_tokens({A: "06432005"}, file)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A missing or a binary file is named by its path."""
    file = tmp_path / "tokens"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(TokensUnreadable, match="tokens: cannot be read"):
        read_tokens(file)
