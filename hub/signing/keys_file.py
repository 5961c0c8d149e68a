"""Reads the registry of keys; every mistake is named with its line and a remedy."""

import re
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from hub.domain.toml_lines import TomlLines
from hub.errors import KeysError
from hub.signing.keys import Key, Keys

ENTRIES: Final = "key"
REMEDY: Final = "Correct it as `hub signing issue` writes it."


def load_keys(file: Path) -> Keys:
    """The registry in this file; raises KeysError, which names the line and the remedy."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"The registry of keys cannot be read ({type(error).__name__})."
        remedy = "Name a readable UTF-8 file; `hub signing issue` begins one."
        raise KeysError(str(file), 1, what, remedy) from error
    return parse(text, str(file))


def parse(text: str, file: str) -> Keys:
    """The registry in this text; raises KeysError."""
    lines = TomlLines(text)
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        remedy = "Mend the line; see toml.io."
        raise KeysError(file, line, f"This is not TOML: {error}.", remedy) from None
    strange = sorted(declared.keys() - {ENTRIES})
    if strange:
        what = f"{strange[0]!r} is not known here."
        raise KeysError(
            file, lines.of_top(strange[0]), what, "Write [[key]] and what belongs to it."
        )
    entries = declared.get(ENTRIES)
    if not isinstance(entries, list) or not entries:
        raise KeysError(file, 1, "No [[key]] is declared.", REMEDY)
    keys: list[Key] = []
    for nth, entry in enumerate(entries):
        keys.append(_key(entry, nth, file, lines))
        _check_new(keys, nth, file, lines)
    return Keys(keys)


def _key(entry: object, nth: int, file: str, lines: TomlLines) -> Key:
    try:
        return Key.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = [str(part) for part in first["loc"] if not isinstance(part, int)]
        line = lines.of_entry(ENTRIES, nth, *where) or lines.head(ENTRIES, nth)
        named = f"{'.'.join(where)}: " if where else ""
        raise KeysError(file, line, f"{named}{first['msg']}.", REMEDY) from None


def _check_new(keys: list[Key], nth: int, file: str, lines: TomlLines) -> None:
    """The last of the keys has a name and a public half that none before it has."""
    last = keys[-1]
    for name in ("kid", "public"):
        if any(getattr(key, name) == getattr(last, name) for key in keys[:-1]):
            line = lines.of_entry(ENTRIES, nth, name) or lines.head(ENTRIES, nth)
            what = f"The {name} of {last.kid} is declared twice."
            raise KeysError(file, line, what, "Delete the entry that is not the first.")
