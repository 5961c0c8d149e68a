"""Where the keys of subjects are kept, and what stands in the way of destroying one."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr, field_validator

from schemas.model import Frozen

DIALECTS: Final = ("sqlite", "postgresql")


class Options(Frozen):
    """The vault."""

    database: SecretStr = SecretStr("")
    """The keys' own database, `sqlite:///FILE` or `postgresql://…`; empty: nothing is encrypted."""
    master_key_file: Path | None = None
    """The file with the master key that wraps them; in no backup together with the database."""
    retain_days: Annotated[int, Field(ge=0, le=3650)] = 0
    """How many days after a case's last event its key is kept: a duty to keep what it opens."""
    backups: tuple[str, ...] = ()
    """Where backups of the vault lie: `hub erase` lists them, each must go or be made anew."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not database.get_secret_value():
            return database
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database
