"""Turns what pydantic found into problems with stable codes and without any value."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from schemas.problems import Problem, ProblemCode, problem

ATTRIBUTE_CODES = {
    ("legalbasis", "missing"): ProblemCode.LEGAL_BASIS_MISSING,
    ("purpose", "missing"): ProblemCode.PURPOSE_MISSING,
    ("dataclassification", "missing"): ProblemCode.CLASSIFICATION_UNKNOWN,
    ("dataclassification", "enum"): ProblemCode.CLASSIFICATION_UNKNOWN,
}
MAX_PROBLEMS = 20
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def attribute_problems(error: ValidationError) -> list[Problem]:
    """One problem for each context attribute that is missing or wrong."""
    return [
        problem(ATTRIBUTE_CODES.get((field, kind)) or _plain_code(kind, "attribute"), detail, field)
        for field, kind, detail in _findings(error)
    ]


def data_problems(error: ValidationError) -> list[Problem]:
    """One problem for each field of the data that is missing, wrong or unknown."""
    return [
        problem(_plain_code(kind, "field"), detail, field)
        for field, kind, detail in _findings(error)
    ]


def _plain_code(kind: str, where: str) -> ProblemCode:
    if kind == ProblemCode.FREE_TEXT_NOT_ALLOWED:
        return ProblemCode.FREE_TEXT_NOT_ALLOWED
    if kind == "json_invalid":
        return ProblemCode.VALUE_UNREADABLE
    if kind == "extra_forbidden":
        return ProblemCode.FIELD_UNKNOWN
    return ProblemCode(f"{where}-{'missing' if kind == 'missing' else 'invalid'}")


def _findings(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    found: list[Any] = list(
        error.errors(include_url=False, include_context=False, include_input=False)
    )
    for finding in found[:MAX_PROBLEMS]:
        yield _path(finding["loc"]), str(finding["type"]), str(finding["msg"])[:300]


def _path(location: tuple[int | str, ...]) -> str:
    """The dotted path; a name that could be a value is not repeated."""
    names = (
        str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "(unknown)"
        for part in location
    )
    return ".".join(names)[:200]
