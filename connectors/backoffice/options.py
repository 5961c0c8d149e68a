"""What the back office connector needs to know."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from schemas.model import Frozen, PartyId

DIALECTS = ("sqlite", "postgresql")


class Options(Frozen):
    """Where deliveries are kept, and whose."""

    database: SecretStr = SecretStr("sqlite:///.kurze-wege/backoffice.sqlite")
    """The tables' database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    parties: Annotated[tuple[PartyId, ...], Field(max_length=1000)] = ()
    """Whose deliveries are kept in it."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database
