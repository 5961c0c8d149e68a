"""The report beside a refused file or refused lines: line, field, reason, never a value."""

import json
from collections.abc import Iterable

from connectors.file_drop.reading import FileRefused, Finding, Line


def entries_of(line: Line) -> bytes:
    """One JSON object for each thing wrong with the line, each on a line of its own."""
    return b"".join(_entries(line.number, line.findings))


def entry_of(refusal: FileRefused) -> bytes:
    """The JSON object for what is wrong with the whole file."""
    return b"".join(_entries(refusal.line, [Finding(refusal.problem)]))


def _entries(number: int, findings: Iterable[Finding]) -> Iterable[bytes]:
    for finding in findings:
        said = {
            "line": number,
            "column": finding.column,
            "field": finding.problem.field,
            "code": finding.problem.code,
            "detail": finding.problem.detail,
        }
        known = {name: value for name, value in said.items() if value is not None}
        yield json.dumps(known, ensure_ascii=False).encode() + b"\n"
