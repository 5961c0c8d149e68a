"""What the ledger's tables and the statements need to know."""

from pathlib import Path

from pydantic import SecretStr, field_validator

from connectors.backoffice.options import DIALECTS
from schemas.model import Frozen


class Options(Frozen):
    """Where the ledger's tables are kept, and by whom statements are signed."""

    database: SecretStr = SecretStr("sqlite:///.kurze-wege/ledger.sqlite")
    """The tables' database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    signing_key: Path | None = None
    """The private key (PEM) that signs statements, of `openssl genpkey -algorithm ed25519`."""
    public_key: Path | None = None
    """The public key (PEM) that statements are checked with; without it `signing_key`'s own."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database
