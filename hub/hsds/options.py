"""What the open directory needs to know."""

from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from connectors.listening import is_open, require_word
from schemas.model import Frozen, PartyId

DIALECTS = ("sqlite", "postgresql")


class Options(Frozen):
    """Whose deliveries it is fed from, where it is kept, and how it is shown."""

    database: SecretStr = SecretStr("sqlite:///.kurze-wege/offers.sqlite")
    """The offers' database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    parties: Annotated[tuple[PartyId, ...], Field(max_length=1000)] = ()
    """From whose deliveries the offers are taken; the jobcenter is sent almost all."""
    host: str = "127.0.0.1"
    """The address the directory is read at; one that others reach must be said twice."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8091
    """Its port; 0: any that is free."""
    allow_public: bool = False
    """Listen for others without TLS, because a proxy in front has it; the first of two words."""
    public_url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    """Under which address the world sees it; empty: the one it was asked at."""
    per_page: Annotated[int, Field(ge=1, le=500)] = 50
    """How many offers stand on a page if the reader does not say."""
    max_age_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    """For how many seconds a copy of an answer is good."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database

    @model_validator(mode="after")
    def _public_only_by_name(self) -> Self:
        if self.is_open:
            require_word(
                allow_public=self.allow_public,
                danger="the directory asks nobody who they are and has no TLS of its own",
                instead="listen on 127.0.0.1 behind a proxy that speaks TLS",
            )
        return self

    @property
    def is_open(self) -> bool:
        """Whether others than this machine reach it."""
        return is_open(self.host, encrypted=False, authenticated=False)
