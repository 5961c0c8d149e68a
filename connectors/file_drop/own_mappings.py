"""The mappings a party declares itself, in `<root>/<party>/mappings/*.toml`."""

from pathlib import Path
from typing import Final

from connectors.file_drop.reading import FileRefused
from connectors.file_drop.table_mapping import MappingUnreadable, TableMapping, parse

MAX_BYTES: Final = 256 * 1024


def own_mappings(folder: Path) -> list[TableMapping]:
    """They are read anew for every table, in order of name; raises FileRefused for a broken one.

    A table is refused rather than read by a mapping its party has just replaced.
    """
    files = sorted((folder / "mappings").glob("*.toml"))
    return [_mapping(file) for file in files if file.is_file() and not file.is_symlink()]


def _mapping(file: Path) -> TableMapping:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise FileRefused(f"The mapping {file.name} is too long.")
        return parse(file.stem, file.read_text("utf-8"))
    except MappingUnreadable as unreadable:
        raise FileRefused(f"The mapping {str(unreadable)[:250]}") from None
    except (OSError, UnicodeDecodeError):
        raise FileRefused(f"The mapping {file.name} cannot be read.") from None
