"""Turns what pydantic found into problems with stable codes and without any value."""

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

from schemas.problems import Problem, ProblemCode, problem

ATTRIBUTE_CODES: Final = {
    ("legalbasis", "missing"): ProblemCode.LEGAL_BASIS_MISSING,
    ("purpose", "missing"): ProblemCode.PURPOSE_MISSING,
    ("dataclassification", "missing"): ProblemCode.CLASSIFICATION_UNKNOWN,
    ("dataclassification", "enum"): ProblemCode.CLASSIFICATION_UNKNOWN,
}
FIELD_OF_RULE: Final = {
    "free-text-not-allowed": "note",
    "offer": "offer_id",
    "reason": "reason",
    "outcome": "outcome",
    "new_owner": "new_owner",
    "appointment": "appointment",
}
"""The field to look at when a rule between fields is broken."""
MAX_PROBLEMS: Final = 20
_FIELD_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,39}")


def attribute_problems(error: ValidationError) -> list[Problem]:
    """One problem for each context attribute that is missing or wrong."""
    problems = []
    for field, kind, detail in _findings(error):
        special = ATTRIBUTE_CODES.get((field or "", kind))
        if special is not None:
            problems.append(problem(special, field=field))
        else:
            problems.append(_plain("attribute", kind, detail, field))
    return problems


def data_problems(error: ValidationError) -> list[Problem]:
    """One problem for each field of the data that is missing, wrong or unknown."""
    return [_plain("field", kind, detail, field) for field, kind, detail in _findings(error)]


def _plain(where: str, kind: str, detail: str, field: str | None) -> Problem:
    if kind == "missing":
        return problem(ProblemCode(f"{where}-missing"), field=field)
    if kind == "extra_forbidden":
        return problem(ProblemCode.FIELD_UNKNOWN, field=field)
    if kind == ProblemCode.FREE_TEXT_NOT_ALLOWED:
        return problem(ProblemCode.FREE_TEXT_NOT_ALLOWED, field=field)
    if kind == "json_invalid":
        return problem(ProblemCode.VALUE_UNREADABLE, detail)
    if kind == "model_type" and field is None:
        return problem(ProblemCode.VALUE_UNREADABLE, "The data must be a JSON object.")
    return problem(ProblemCode(f"{where}-invalid"), detail, field)


def _findings(error: ValidationError) -> Iterator[tuple[str | None, str, str]]:
    found: list[Any] = list(
        error.errors(include_url=False, include_context=False, include_input=False)
    )
    places = [finding["loc"] for finding in found]
    for finding in found[:MAX_PROBLEMS]:
        kind, place = str(finding["type"]), finding["loc"]
        if kind == "too_short" and any(p != place and p[: len(place)] == place for p in places):
            continue  # a list is called too short only because its items were refused
        yield _path(place) or FIELD_OF_RULE.get(kind), kind, str(finding["msg"])[:300]


def _path(location: tuple[int | str, ...]) -> str:
    """The dotted path; a name that could be a value is not repeated."""
    names = (
        str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "(unknown)"
        for part in location
    )
    return ".".join(names)[:200]
