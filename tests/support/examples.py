"""The examples of the contract: structured-mode events, valid and invalid, by type and version."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.codec import CONTENT_TYPE, HEADER_PREFIX, JSON, STRUCTURED, Record
from schemas.writing import FOLDER

EXAMPLES = FOLDER / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One file: an event as a sender would write it, and what is wrong with it."""

    path: Path
    event: dict[str, Any]
    problems: Sequence[tuple[str, str | None]] = ()
    """Code and field of each problem the event must be refused with."""

    def __str__(self) -> str:
        """`referral.requested/v1/valid/minimal`."""
        return self.path.relative_to(EXAMPLES).with_suffix("").as_posix()

    @property
    def wire_type(self) -> str:
        """The type and version whose folder it lies in."""
        kind, version, *_ = self.path.relative_to(EXAMPLES).parts
        return f"{kind}.{version}"

    def structured(self) -> Record:
        """The event as one JSON object."""
        headers = [(CONTENT_TYPE, STRUCTURED + b"+json; charset=UTF-8")]
        return Record(None, json.dumps(self.event).encode(), headers)

    def binary(self) -> Record:
        """The event with its attributes as headers."""
        headers = [
            (HEADER_PREFIX + name, value.encode())
            for name, value in self.event.items()
            if name != "data"
        ]
        key = self.event["subject"].encode()
        data = json.dumps(self.event["data"], ensure_ascii=False).encode()
        return Record(key, data, [(CONTENT_TYPE, JSON), *headers])


def paths() -> list[Path]:
    """Every file among the examples."""
    return sorted(path for path in EXAMPLES.rglob("*") if path.is_file())


def valid() -> list[Example]:
    """Every event that must be read."""
    return [
        Example(path, json.loads(path.read_bytes()))
        for path in paths()
        if path.parent.name == "valid"
    ]


def invalid() -> list[Example]:
    """Every event that must be refused."""
    found = []
    for path in paths():
        if path.parent.name == "invalid":
            said = json.loads(path.read_bytes())
            problems = [(problem["code"], problem["field"]) for problem in said["problems"]]
            found.append(Example(path, said["event"], problems))
    return found
