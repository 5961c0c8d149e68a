"""The parties' side of the file drop: puts files in, sees them taken, reads what was refused."""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hub.demo.sample import HandIn, Place

IN: Final = "in"
DONE: Final = "done"
REFUSED: Final = "refused"
REPORT: Final = ".report.jsonl"


def drop(root: Path, file: HandIn) -> None:
    """Put a file whole into its party's folder: written under a hidden name, then renamed."""
    inbox = root / file.party / IN
    inbox.mkdir(parents=True, exist_ok=True)
    name = file.name.rpartition("/")[2]
    hidden = inbox / f".{name}.tmp"
    hidden.write_text(file.text, encoding="utf-8", newline="")
    hidden.rename(inbox / name)


def are_taken(root: Path, files: list[HandIn]) -> bool:
    """Whether each file lies in `done` or `refused`; those that do are taken off the list."""
    files[:] = [file for file in files if not _is_taken(root, file)]
    return not files


def _is_taken(root: Path, file: HandIn) -> bool:
    name = file.name.rpartition("/")[2]
    return any((root / file.party / room / name).exists() for room in (DONE, REFUSED))


def refusals(root: Path, files: Iterable[HandIn]) -> dict[Place, set[str]]:
    """The codes for which each line was refused, from the reports beside the files."""
    found: defaultdict[Place, set[str]] = defaultdict(set)
    for file in files:
        name = file.name.rpartition("/")[2]
        report = root / file.party / REFUSED / f"{name}{REPORT}"
        if report.exists():
            for line in report.read_text("utf-8").splitlines():
                said = json.loads(line)
                found[Place(file.name, said["line"])].add(said["code"])
    return dict(found)
