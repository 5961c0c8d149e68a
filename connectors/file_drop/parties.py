"""Whose folders lie below the root."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from connectors.file_drop.rooms import INBOX
from schemas.model import PartyId

_PARTY: Final = TypeAdapter[str](PartyId)


def parties_below(root: Path) -> Iterator[str]:
    """The parties with a folder and an inbox in it; links are not followed. Raises OSError."""
    for folder in sorted(root.iterdir()):
        inbox = folder / INBOX
        followed = folder.is_symlink() or inbox.is_symlink()
        if _is_party(folder.name) and inbox.is_dir() and not followed:
            yield folder.name


def _is_party(name: str) -> bool:
    try:
        _PARTY.validate_python(name)
    except ValidationError:
        return False
    return True
