"""What the hub needs to know to tell a collector of its spans."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from schemas.model import Frozen


class Options(Frozen):
    """Where spans are sent, and how many; without an endpoint there are none."""

    endpoint: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]+)?$")] = ""
    """Where spans are sent by OTLP over HTTP, `http://HOST:4318/v1/traces`; empty: nowhere."""
    token: SecretStr | None = None
    """Sent as `Authorization: Bearer …`; better in a file named by `token_file`."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed the collector's; without it the public ones are trusted."""
    sample_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Which share of the traces that begin here is told; of others their sender decides."""

    @model_validator(mode="after")
    def _token_is_encrypted(self) -> Self:
        if self.token is not None and self.endpoint.startswith("http://"):
            raise ValueError("with a token the endpoint must begin with https://")
        return self
