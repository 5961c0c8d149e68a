"""What the door refuses to be configured to."""

import pytest
from pydantic import ValidationError

from connectors.http_api.options import Options

HASH = "0" * 64


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_nothing_further(host: str) -> None:
    """On this machine alone the door may listen without TLS."""
    assert Options(host=host).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "door.example.org"])  # noqa: S104
def test_public_address_needs_tls_or_consent(host: str) -> None:
    """Elsewhere it needs TLS or an explicit word, and the error says so."""
    with pytest.raises(ValidationError, match=r"tls_certificate and tls_key.*allow_public"):
        Options(host=host)

    assert Options(host=host, allow_public=True).host == host
    assert Options.model_validate(
        {"host": host, "tls_certificate": "a.pem", "tls_key": "a.key"}
    ).tls_key


def test_certificate_without_key_is_refused() -> None:
    """A certificate without its key is a mistake."""
    with pytest.raises(ValidationError, match="belong together"):
        Options.model_validate({"tls_certificate": "a.pem"})


def test_full_batch_must_fit_into_the_rate() -> None:
    """A batch size that could never be sent is refused at the start."""
    with pytest.raises(ValidationError, match="lower max_batch"):
        Options(max_batch=100, events_per_minute=99)


def test_plain_token_is_refused_and_not_repeated() -> None:
    """A token in place of its hash is refused; the error does not show it."""
    with pytest.raises(ValidationError) as refused:
        Options(tokens={"plain-secret": "kfb"})

    assert "plain-secret" not in str(refused.value)
    assert "never the token itself" in str(refused.value)
