"""The texts of the states, read from the files beside: name, what is wrong, what to do."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from hub.language import Language
from hub.monitor.states import State

FOLDER = "hub.monitor.texts"


class Text(NamedTuple):
    """What is said of a state; `what` has places for what is the case."""

    name: str
    what: str
    do: str
    runbook: str


@cache
def text_of(state: State, language: Language) -> Text:
    """The texts of a state."""
    return Text(**_read(f"{state}.toml")[language])


@cache
def readers(language: Language) -> Mapping[str, str]:
    """What the hub's own groups do, by the last word of their names."""
    return _read("readers.toml")[language]


@cache
def stages(language: Language) -> Mapping[str, str]:
    """Where a probe stays, by the part of its way."""
    return _read("stages.toml")[language]


def _read(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files(FOLDER) / name).read_text(encoding="utf-8"))
