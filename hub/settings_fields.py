"""The settings as a list: each one's path, environment variable, default and meaning."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

PREFIX = "HUB_"
NESTED = "__"
SECRET_FILE = "_file"  # noqa: S105 - the ending of a key that names a file
Path = tuple[str, ...]


class Setting(NamedTuple):
    """One value that can be set."""

    path: Path
    default: object
    meaning: str
    secret: bool

    @property
    def name(self) -> str:
        """As in a message and in the settings file: `kafka.bootstrap`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """The environment variable: `HUB_KAFKA__BOOTSTRAP`."""
        return variable(self.path)

    @property
    def default_text(self) -> str:
        """The default as it would stand in the settings file."""
        open_default = self.default
        if isinstance(open_default, SecretStr):
            open_default = open_default.get_secret_value()
        plain = to_jsonable_python(open_default)
        return "(none)" if plain is None else json.dumps(plain, ensure_ascii=False)


def variable(path: Path) -> str:
    """The environment variable of a setting."""
    return PREFIX + NESTED.join(path).upper()


def every_setting(
    model: type[BaseModel], above: Path = (), default: object = None
) -> Iterator[Setting]:
    """Every setting of a model and the models in it, in the order of declaration."""
    for name, field in model.model_fields.items():
        path = (*above, name)
        section = field.annotation
        by_default = getattr(default, name, field.get_default())
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from every_setting(section, path, by_default)
        else:
            yield Setting(path, by_default, _meaning(field), is_secret(field))


def every_value(settings: BaseModel) -> Iterator[tuple[Setting, object]]:
    """Every setting with what it is set to."""
    for setting in every_setting(type(settings)):
        value: object = settings
        for name in setting.path:
            value = getattr(value, name)
        yield setting, value


def is_secret(field: FieldInfo) -> bool:
    """Whether the value is never shown and may stand in a file of its own."""
    return SecretStr.__name__ in str(field.annotation)


def secret_paths(model: type[BaseModel]) -> frozenset[Path]:
    """The paths of all secrets."""
    return frozenset(one.path for one in every_setting(model) if one.secret)


def value_at(values: Any, path: Path) -> Any:  # noqa: ANN401 - a JSON-like tree
    """The value at a path of nested mappings; None where there is nothing."""
    for name in path:
        if not isinstance(values, dict):
            return None
        values = values.get(name)
    return values


def _meaning(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())
