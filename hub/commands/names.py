"""The names that a shell offers while a command is typed: fast, without a broker or a database.

To load THE settings takes as long as a person waits; of them only two count here, and they are
read from where they usually stand. What cannot be read offers nothing, and never an error.
"""

import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any, Final

CONNECTORS: Final = (
    "file_drop",
    "http_api",
    "sql_outbox",
    "backoffice",
    "webhook",
    "mailbox",
    "ledger",
    "offers",
    "hsds",
    "web",
)
Named = tuple[str, str]
"""A name, and what a shell may show beside it."""


def offered(names: Callable[[], Iterator[Named]]) -> Callable[[str], list[Named]]:
    """What typer asks for: those of the names that begin like what is typed."""

    def complete(incomplete: str) -> list[Named]:
        with suppress(OSError, ValueError, TypeError, KeyError):
            return [one for one in names() if one[0].startswith(incomplete)]
        return []

    return complete


def parties() -> Iterator[Named]:
    """The parties of the registry by id, with their names."""
    file = _setting("parties")
    declared = Path(file) if file else resources.files("hub") / "parties.toml"
    for one in tomllib.loads(declared.read_text(encoding="utf-8"))["party"]:
        yield one["id"], one["name"]


def topics() -> Iterator[Named]:
    """Every topic's whole name, with what it is for."""
    from schemas.topics import every_topic

    prefix = _setting("topic_prefix") or ""
    for topic in every_topic(party for party, _ in parties()):
        yield prefix + topic.name, topic.says


def connectors() -> Iterator[Named]:
    """What `hub connect` can run."""
    return ((name, "") for name in CONNECTORS)


def doors() -> Iterator[Named]:
    """What `hub probe` can be sent through."""
    from schemas.vocabulary import Door

    return ((door.value, "") for door in Door)


def states() -> Iterator[Named]:
    """What `hub explain-state` explains."""
    from hub.monitor.states import State

    return ((state.value, state.severity.value) for state in State)


def acts() -> Iterator[Named]:
    """What stands in the audit."""
    from hub.audit.act import Did

    return ((did.value, "") for did in Did)


def event_types() -> Iterator[Named]:
    """What parties may send."""
    from schemas.topics import HANDED_IN

    return ((kind, "") for kind in HANDED_IN)


def codes() -> Iterator[Named]:
    """What an event can be refused for."""
    from schemas.problems import ProblemCode

    return ((code.value, "") for code in ProblemCode)


def _setting(name: str) -> str | None:
    """One of the first settings, as environment or settings file have it."""
    if told := os.environ.get(f"HUB_{name.upper()}"):
        return told
    file = Path(os.environ.get("HUB_CONFIG", "hub.toml"))
    if not file.is_file():
        return None
    found: Any = tomllib.loads(file.read_text(encoding="utf-8")).get(name)
    return None if found is None else str(found)
