"""What the audit needs to know."""

from pydantic import SecretStr, field_validator

from connectors.backoffice.options import DIALECTS
from schemas.model import Frozen


class Options(Frozen):
    """Where it is written down who has seen or changed what."""

    database: SecretStr = SecretStr("")
    """The audit's own database: `sqlite:///FILE` or `postgresql://…`; empty: none is kept."""
    operator: str = ""
    """Who runs commands here, where the system's user does not say it: in a container."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        url = database.get_secret_value()
        scheme, separator, _ = url.partition("://")
        if url and (not separator or scheme.partition("+")[0] not in DIALECTS):
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database
