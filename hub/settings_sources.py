"""Where settings come from besides flags: the environment, and the settings file."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from hub import settings_fields
from hub.errors import ConfigError
from hub.settings_fields import NESTED, PREFIX, SECRET_FILE

DEFAULT_FILE = Path("hub.toml")


def as_list(text: object) -> list[str] | None:
    """The parts of `a,b`; None for what is JSON, or no text."""
    if not isinstance(text, str) or text.lstrip().startswith(("[", "{")):
        return None
    return [part.strip() for part in text.split(",") if part.strip()]


class Environment(EnvSettingsSource):
    """The variables `HUB_…`; of a secret also `HUB_…_FILE`, a file that holds only it."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        """Read the environment, and the files it names for secrets."""
        super().__init__(settings_cls)
        self.files: dict[str, str] = {}
        self.env_vars = self._with_secret_files(dict(self.env_vars))

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:  # noqa: ANN401
        """Lists may be written `a,b`; everything else that is not plain is JSON."""
        parts = as_list(value)
        return super().decode_complex_value(field_name, field, value) if parts is None else parts

    def _with_secret_files(self, variables: dict[str, str | None]) -> dict[str, str | None]:
        for path in settings_fields.secret_paths(self.settings_cls):
            name = settings_fields.variable(path)
            named_by = name + SECRET_FILE.upper()
            file = variables.pop(named_by.lower(), None)
            if file is None:
                continue
            if name.lower() in variables:
                what, remedy = f"{name} and {named_by} are both set.", "Unset one of the two."
                raise ConfigError(what, where="environment", remedy=remedy)
            variables[name.lower()] = secret_in(Path(file), named_by)
            self.files[name] = named_by
        return variables

    def origin(self, path: settings_fields.Path) -> str | None:
        """The variable that sets this, or the section it is in."""
        for end in range(len(path), 0, -1):
            name = settings_fields.variable(path[:end])
            if name.lower() in self.env_vars:
                return self.files.get(name, name)
        return None


def secret_in(file: Path, named_by: str) -> str:
    """The secret in this file, without the line end; raises ConfigError."""
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        remedy = "Write the secret, and only it, into a file this user may read."
        raise ConfigError(f"Cannot read {file}: {why}.", where=named_by, remedy=remedy) from None


class SettingsFile(PydanticBaseSettingsSource):
    """The settings file, TOML; of a secret also `<name>_file`."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path, *, required: bool) -> None:
        """Read the file; it may be missing unless it was asked for. Raises ConfigError."""
        super().__init__(settings_cls)
        self.file = file
        self.lines: dict[tuple[str, ...], int] = {}
        self._values: dict[str, Any] = {}
        if required or file.exists():
            self._read()

    def _read(self) -> None:
        try:
            text = self.file.read_text(encoding="utf-8")
            self._values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f"{self.file}:{line[1]}" if line else str(self.file)
            remedy = "Correct the line; toml.io shows how TOML is written."
            raise ConfigError(f"This is not TOML: {error}.", where=where, remedy=remedy) from None
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8 text"
            remedy = "Name another file with --config, or leave it out to use ./hub.toml."
            where = str(self.file)
            raise ConfigError(f"Cannot read it: {why}.", where=where, remedy=remedy) from None
        self.lines = lines_of(text)
        self._take_secrets()

    def _take_secrets(self) -> None:
        for path in settings_fields.secret_paths(self.settings_cls):
            section = settings_fields.value_at(self._values, path[:-1])
            named = path[-1] + SECRET_FILE
            if isinstance(section, dict) and isinstance(section.get(named), str):
                where = f"{self.file}:{self.lines.get((*path[:-1], named), 1)}"
                if path[-1] in section:
                    what = f"Both {path[-1]} and {named} are set."
                    raise ConfigError(what, where=where, remedy="Keep one of the two.")
                section[path[-1]] = secret_in(Path(section.pop(named)), where)
                self.lines[path] = self.lines.get((*path[:-1], named), 1)

    def origin(self, path: settings_fields.Path) -> str | None:
        """The file and line that set this, or the section it is in."""
        if settings_fields.value_at(self._values, path) is None:
            return None
        lines = (self.lines.get(path[:end]) for end in range(len(path), 0, -1))
        return f"{self.file}:{next(filter(None, lines), 1)}"

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of one top-level field (pydantic-settings' protocol)."""
        del field
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Everything the file says."""
        return self._values


def settings_file(
    settings_cls: type[BaseSettings], flags: Mapping[str, Any], environment: Environment
) -> SettingsFile:
    """The file named by flag or variable, which must exist, or else ./hub.toml."""
    variable = settings_fields.variable(("config",)).lower()
    named = flags.get("config") or environment.env_vars.get(variable)
    return SettingsFile(settings_cls, Path(named or DEFAULT_FILE), required=named is not None)


_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """The line of each table and key of a TOML text, counted from 1; the first one counts."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _TABLE.match(line):
            table = _parts(found[1])
            lines.setdefault(table, number)
        elif found := _KEY.match(line):
            lines.setdefault((*table, *_parts(found[1])), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def misspelt(model: type[BaseSettings], variables: Mapping[str, str | None]) -> dict[str, str]:
    """Variables that mean nothing but look like one of ours, and which they look like."""
    known = {one.variable for one in settings_fields.every_setting(model)}
    sections = {settings_fields.variable((name,)) for name in model.model_fields}
    found = {}
    for name in (one.upper() for one in variables):
        if name.startswith(PREFIX) and name not in known | sections:
            if any(name.startswith(section + NESTED) for section in sections):
                continue  # refused with its section
            near = difflib.get_close_matches(name, known | sections, n=1, cutoff=0.8)
            found.update(dict.fromkeys([name], near[0]) if near else {})
    return found
