"""What signing needs to know."""

from pathlib import Path

from schemas.model import Frozen


class Options(Frozen):
    """Where the keys lie; without a registry nothing is signed and nothing is checked."""

    keys_file: Path | None = None
    """The registry of keys; given: unsigned events are refused, and what is sent is sealed."""
    private_keys: Path | None = None
    """This process's private keys: a file (PEM), or a folder of `.pem` files."""
