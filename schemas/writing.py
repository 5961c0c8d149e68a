"""The contract's documents as files: written, checked, and read again to compare.

The only module of `schemas` that touches files. Paths are relative to a folder like `schemas/`:
`json/<name>.json` for each schema, and `asyncapi.json`.
"""

import json
from pathlib import Path
from typing import Final

from schemas.asyncapi import document
from schemas.compatibility import Change, incompatible_changes
from schemas.documents import Schema, schemas, text
from schemas.errors import SchemaError

FOLDER: Final = Path(__file__).parent
"""Where the documents of this contract lie."""
SCHEMA_FOLDER: Final = "json"
ASYNCAPI_FILE: Final = "asyncapi.json"


class NoContract(SchemaError):
    """The folder holds no readable JSON Schemas."""

    def __init__(self, folder: Path, why: str) -> None:
        """Keep the folder that was looked into."""
        super().__init__(f"{folder}: {why}")
        self.folder = folder


def files() -> dict[str, str]:
    """Every file of the contract, by its path in the folder, as the code would write it."""
    written = {f"{SCHEMA_FOLDER}/{name}.json": text(schema) for name, schema in schemas().items()}
    return written | {ASYNCAPI_FILE: text(document())}


def write(folder: Path = FOLDER) -> list[str]:
    """Make the folder say what the code says; the paths written or removed, sorted."""
    wanted = files()
    changed = []
    for path, content in wanted.items():
        target = folder / path
        if not target.exists() or target.read_bytes() != content.encode():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode())
            changed.append(path)
    for path in _orphans(folder, wanted):
        (folder / path).unlink()
        changed.append(path)
    return sorted(changed)


def check_current(folder: Path = FOLDER) -> list[str]:
    """One sentence for each file that does not say what the code says; empty: all current."""
    wanted = files()
    found = []
    for path, content in wanted.items():
        target = folder / path
        if not target.exists():
            found.append(f"{path} is missing.")
        elif target.read_bytes() != content.encode():
            found.append(f"{path} is not what the code says.")
    found += [f"{path} belongs to no event." for path in _orphans(folder, wanted)]
    return sorted(found)


def check_against(folder: Path) -> list[Change]:
    """Every change since the contract in that folder which breaks somebody who speaks it.

    The folder is an older copy of `schemas/`, or of `schemas/json/` itself. Raises NoContract.
    """
    return incompatible_changes(load(folder), schemas())


def load(folder: Path) -> dict[str, Schema]:
    """The JSON Schemas in a folder, by name; raises NoContract when there are none."""
    inner = folder / SCHEMA_FOLDER
    place = inner if inner.is_dir() else folder
    loaded: dict[str, Schema] = {}
    for path in sorted(place.glob("*.json")):
        try:
            schema = json.loads(path.read_bytes())
        except ValueError as error:
            raise NoContract(place, f"{path.name} is not JSON.") from error
        if isinstance(schema, dict) and "$schema" in schema:
            loaded[path.stem] = schema
    if not loaded:
        raise NoContract(place, "there are no JSON Schemas here.")
    return loaded


def _orphans(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Schemas in the folder that no event has."""
    there = (f"{SCHEMA_FOLDER}/{path.name}" for path in (folder / SCHEMA_FOLDER).glob("*.json"))
    return sorted(path for path in there if path not in wanted)
