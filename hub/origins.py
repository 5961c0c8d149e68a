"""Where each setting comes from, and which one is to blame when they cannot be used."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import to_jsonable_python
from pydantic_settings import SettingsError

from hub import settings_fields
from hub.errors import ConfigError
from hub.settings import Settings
from hub.settings_fields import SECRET_FILE, Setting, value_at
from hub.settings_sources import Environment, as_list, misspelt, settings_file

Flags = Mapping[str, object]
"""Setting names as on the command line and their values; None means not given."""
MASK = "(set, not shown)"


class Shown(NamedTuple):
    """A setting as `hub config show` prints it."""

    name: str
    value: Any
    origin: str
    variable: str


def load(flags: Flags | None = None) -> Settings:
    """The settings; raises ConfigError that names file or variable, key and what is allowed."""
    given = _nested(flags or {})
    environment = Environment(Settings)
    for name, near in misspelt(Settings, environment.env_vars).items():
        raise ConfigError("There is no such setting.", where=name, remedy=f"Is it {near}?")
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = [_explained(one, given) for one in error.errors(include_url=False)]
    except SettingsError as error:
        problems = [f"{error}; lists and tables are written as JSON there"]
    what = "The settings cannot be used.\n" + "\n".join(f"  {one}" for one in problems)
    remedy = "Correct them; `hub config table` lists every setting, `hub config show` what is set."
    raise ConfigError(what, remedy=remedy)


def show(settings: Settings, flags: Flags | None = None) -> Iterator[Shown]:
    """Every setting with its value, secrets masked, and its origin."""
    given = _nested(flags or {})
    layers = _Layers(given)
    for one in settings_fields.every_setting(Settings):
        value = _value(settings, one)
        yield Shown(one.name, value, layers.origin(one.path), one.variable)


def table() -> str:
    """Every setting as a Markdown table: name, environment variable, default, meaning."""
    rows = ["| Setting | Environment variable | Default | Meaning |", "|---|---|---|---|"]
    for one in settings_fields.every_setting(Settings):
        file = f", `{one.variable}{SECRET_FILE.upper()}`" if one.secret else ""
        meaning = one.meaning.replace("|", "\\|")
        rows.append(f"| `{one.name}` | `{one.variable}`{file} | `{one.default_text}` | {meaning} |")
    return "\n".join(rows)


def _value(settings: BaseModel, one: Setting) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = settings
    for name in one.path:
        value = getattr(value, name)
    if one.secret or isinstance(value, SecretStr):
        return MASK if value else None
    return to_jsonable_python(value)


def _nested(flags: Flags) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    defaults = {one.name: one.default for one in settings_fields.every_setting(Settings)}
    for name, given in flags.items():
        if given is None:
            continue
        value = _parsed(given) if isinstance(defaults.get(name), tuple | list | dict) else given
        *sections, last = name.split(".")
        inner = tree
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[last] = value
    return tree


def _parsed(given: object) -> Any:  # noqa: ANN401 - any JSON value
    if (parts := as_list(given)) is not None or not isinstance(given, str):
        return given if parts is None else parts
    try:
        return json.loads(given)
    except ValueError:
        return given


class _Layers:
    """Flags, environment and file, asked in that order who set something."""

    def __init__(self, flags: dict[str, Any]) -> None:
        self.flags = flags
        self.environment = Environment(Settings)
        self.file = settings_file(Settings, flags, self.environment)

    def origin(self, path: settings_fields.Path) -> str:
        """`flag`, an environment variable, a file and line, or `default`."""
        if value_at(self.flags, path) is not None:
            return "flag"
        return self.environment.origin(path) or self.file.origin(path) or "default"


def _explained(found: Mapping[str, Any], flags: dict[str, Any]) -> str:
    path = tuple(str(part) for part in found["loc"])
    origin = _Layers(flags).origin(path)
    name = ".".join(path)
    if found["type"] == "extra_forbidden":
        return f"{origin}: there is no setting {name}{_nearest(path)}"
    text = str(found["msg"]).removeprefix("Value error, ")
    given = found.get("input")
    shown = "" if _hidden(path, given) else f", not {json.dumps(given)}"
    return f"{origin}: {name}: {text}{shown}"


def _hidden(path: settings_fields.Path, given: object) -> bool:
    return path in settings_fields.secret_paths(Settings) or not isinstance(
        given, str | int | float
    )


def _nearest(path: settings_fields.Path) -> str:
    paths = [one.path for one in settings_fields.every_setting(Settings)]
    names = {".".join(one[:end]) for one in paths for end in range(1, len(one) + 1)}
    near = difflib.get_close_matches(".".join(path), names, n=1)
    siblings = sorted(one for one in names if one.rpartition(".")[0] == ".".join(path[:-1]))
    return f"; is it {near[0]}?" if near else f"; there are: {', '.join(siblings)}"
