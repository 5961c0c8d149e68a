"""What the door answers when it does not accept: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.callers.refusal import NotAdmitted
from connectors.http_api.codes import CONTRACT_STATUS, STATUS, Code, HttpCode, title
from schemas.problems import Problem

MEDIA_TYPE: Final = "application/problem+json"
MAX_LISTED: Final = 50
"""How many problems of one request are named."""


GRAVEST_FIRST: Final = (400, 413, 403)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem and where it is; its words never repeat a value of the data."""

    code: Code
    detail: str
    field: str | None = None
    index: int | None = None

    @property
    def status(self) -> int:
        """The status this problem alone would have."""
        return STATUS.get(self.code, CONTRACT_STATUS)


class NotAccepted(Exception):
    """The request is not accepted, as a whole; its findings say why."""

    def __init__(
        self,
        findings: Sequence[Finding],
        retry_after_s: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the findings, when to come again, and what else the answer's head says."""
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(sorted(findings, key=_gravity))[:MAX_LISTED]
        self.retry_after_s = retry_after_s
        self.headers = headers or {}

    @property
    def status(self) -> int:
        """The status of the gravest finding."""
        return self.findings[0].status


def refusal(
    code: HttpCode, retry_after_s: float | None = None, headers: Mapping[str, str] | None = None
) -> NotAccepted:
    """A refusal for one reason, in its code's own words."""
    return NotAccepted([Finding(code, title(code))], retry_after_s, headers)


def turned_away(fault: NotAdmitted) -> NotAccepted:
    """The refusal of a caller who may not come in."""
    return NotAccepted([Finding(fault.code, fault.title)], fault.retry_after_s, fault.headers)


def finding(problem: Problem, index: int | None = None) -> Finding:
    """A problem of the contract, in the event at this place of a batch."""
    return Finding(problem.code, problem.detail, problem.field, index)


def details(refused: NotAccepted) -> dict[str, Any]:
    """The problem details of a refusal; `type`, `title` and `detail` are the gravest finding's."""
    first = refused.findings[0]
    return {
        "type": f"urn:kurze-wege:problem:{first.code}",
        "title": title(first.code),
        "status": refused.status,
        "detail": first.detail,
        "problems": [_member(found) for found in refused.findings],
    }


def _member(found: Finding) -> dict[str, Any]:
    said = {
        "code": found.code,
        "field": found.field,
        "detail": found.detail,
        "index": found.index,
    }
    return {name: value for name, value in said.items() if value is not None}


def _gravity(found: Finding) -> int:
    return GRAVEST_FIRST.index(found.status) if found.status in GRAVEST_FIRST else 9
