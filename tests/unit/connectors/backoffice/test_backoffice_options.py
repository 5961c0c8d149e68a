"""Which databases may be named."""

import pytest
from pydantic import ValidationError

from connectors.backoffice.options import Options

NAMED = ["sqlite:///x.sqlite", "postgresql://h/d", "postgresql+psycopg://u:geheim@h/d"]


@pytest.mark.parametrize("url", NAMED)
def test_known(url: str) -> None:
    """SQLite and PostgreSQL are known."""
    assert Options.model_validate({"database": url}).database.get_secret_value() == url


@pytest.mark.parametrize("url", ["mysql://u:geheim@h/d", "x.sqlite", "", "postgres://u:geheim@h/d"])
def test_unknown(url: str) -> None:
    """Anything else is refused with what to write instead, without the password."""
    with pytest.raises(ValidationError, match="sqlite:///FILE") as said:
        Options.model_validate({"database": url})
    assert "geheim" not in str(said.value)


def test_password_is_masked() -> None:
    """The address does not show when the options are printed."""
    assert "geheim" not in repr(Options.model_validate({"database": NAMED[2]}))
