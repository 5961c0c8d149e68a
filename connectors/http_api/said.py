"""One event as a request says it, before the contract is asked."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from schemas.envelope import Context
from schemas.problems import Problem, ProblemCode, problem

DECLARED: Final = Context.model_fields.keys() | {"datacontenttype"}
"""The attributes the contract knows; others are read over."""


class Said(NamedTuple):
    """Attributes and data, and what is already wrong with them as a CloudEvent."""

    attributes: dict[str, str]
    data: bytes | None
    """None when it could not be taken out; then `problems` says why."""
    problems: tuple[Problem, ...] = ()

    def size(self) -> int:
        """Bytes of attributes and data, as they would stand in a record."""
        attributes = sum(len(n) + len(v.encode()) for n, v in self.attributes.items())
        return attributes + len(self.data or b"")


def wrong(attribute: str, detail: str) -> Problem:
    """An attribute that cannot be taken as it was written."""
    return problem(ProblemCode.ATTRIBUTE_INVALID, detail, attribute)


def version_missing(attributes: Iterable[str | None]) -> list[Problem]:
    """Without `specversion` it is no CloudEvent."""
    if "specversion" in attributes:
        return []
    return [problem(ProblemCode.ATTRIBUTE_MISSING, field="specversion")]
