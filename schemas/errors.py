"""The errors of the contract.

SchemaError
├── Unreadable(problems, attributes): the record is not an event of the contract
└── NoContract(folder, why): a folder holds no JSON Schemas; stands in `schemas.writing`
"""

from collections.abc import Sequence

from schemas.problems import Problem


class SchemaError(Exception):
    """The root of everything that can go wrong in `schemas`."""


class Unreadable(SchemaError):
    """The record is not an event of the contract; its problems say why."""

    def __init__(self, problems: Sequence[Problem], attributes: dict[str, str]) -> None:
        """Keep the problems and the context attributes that could still be read."""
        super().__init__(", ".join(f"{p.code}({p.field})" if p.field else p.code for p in problems))
        self.problems = tuple(problems)
        self.attributes = attributes
