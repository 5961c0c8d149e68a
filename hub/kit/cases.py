"""The cases as they lie in the folder `cases`, with the roles' parties and today filled in."""

import re
import tomllib
from collections.abc import Collection, Iterator
from datetime import datetime
from importlib import resources
from typing import Any, Final

from hub.errors import UsageError
from hub.kit.case import Case
from hub.kit.roles import Roles

FOLDER: Final = resources.files("hub.kit") / "cases"
_BLANK: Final = re.compile(r"\{\{([a-z.]+)\}\}")


def load(roles: Roles, now: datetime, only: Collection[str] = ()) -> tuple[Case, ...]:
    """Every case, or those with these ids, in the order of their files.

    Raises UsageError for an id that no case has.
    """
    words = _words(roles, now)
    texts = dict(_texts())
    unknown = [one for one in only if one not in texts]
    if unknown:
        remedy = f"Use some of: {', '.join(texts)}."
        raise UsageError("There is no such case.", where=unknown[0], remedy=remedy)
    return tuple(
        Case.model_validate({"id": name} | _filled(tomllib.loads(text), words))
        for name, text in texts.items()
        if not only or name in only
    )


def _texts() -> Iterator[tuple[str, str]]:
    for file in sorted(FOLDER.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")


def _words(roles: Roles, now: datetime) -> dict[str, str]:
    words = {"now": now.isoformat(), "today": now.date().isoformat()}
    for role, party in roles.parties.items():
        words |= {role: party.id, f"{role}.name": party.name}
    return words


def _filled(said: Any, words: dict[str, str]) -> Any:  # noqa: ANN401 - what TOML gives
    if isinstance(said, dict):
        return {name: _filled(value, words) for name, value in said.items()}
    if isinstance(said, list):
        return [_filled(value, words) for value in said]
    if isinstance(said, str):
        return _BLANK.sub(lambda blank: words[blank[1]], said)
    return said
