"""What is sealed is read only by its maker, for what it was sealed for, unchanged."""

from hypothesis import given
from hypothesis import strategies as st

from hub.access.sealing import Seal
from hub.access.tokens import digest, form_token, keyed, same

SEAL = Seal(b"k" * 32)
NONCE = b"n" * 12


@given(st.text(), st.text())
def test_comes_back(text: str, about: str) -> None:
    """Every text comes back as it was, for the purpose it was sealed for."""
    assert SEAL.open(SEAL.close(text, about, NONCE), about) == text


@given(st.text(min_size=1), st.data())
def test_changed(text: str, data: st.DataObject) -> None:
    """One changed character, anywhere, and nothing is read."""
    sealed = SEAL.close(text, "kept", NONCE)
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = "A" if sealed[place] != "A" else "Q"
    changed = sealed[:place] + other + sealed[place + 1 :]
    assert SEAL.open(changed, "kept") in (None, text)  # the last bits of base64 say nothing
    if place < len(sealed) - 4:
        assert SEAL.open(changed, "kept") is None


def test_another_purpose_another_key() -> None:
    """Neither for something else nor by somebody else."""
    sealed = SEAL.close("typed", "kept:c-1", NONCE)
    assert SEAL.open(sealed, "kept:c-2") is None
    assert Seal(b"x" * 32).open(sealed, "kept:c-1") is None
    assert Seal.of("secret").open(sealed, "kept:c-1") is None
    assert SEAL.open("", "kept:c-1") is None
    assert SEAL.open("ü", "kept:c-1") is None


def test_tokens_do_not_tell_their_secret() -> None:
    """Digest, form token and pseudonym of one secret have nothing in common."""
    made = {digest("s" * 43), form_token("s" * 43), keyed(b"k", "s" * 43)}
    assert len(made) == 3
    assert not any("s" * 43 in one for one in made)
    assert same(digest("a"), digest("a"))
    assert not same(form_token("a"), form_token("b"))
    assert not same("ä", "a")
