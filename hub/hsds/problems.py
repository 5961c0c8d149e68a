"""What the directory answers when it cannot: problem details (RFC 9457).

Problem
├── NotUnderstood: a query parameter is unknown, given twice or of the wrong form
├── NotThere: there is nothing with this id or at this address
├── NotAllowed: the directory is only read
└── Away: the offers cannot be read now
"""

from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """The root of what the directory answers instead of offers."""

    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(self, detail: str) -> None:
        """Keep the detail; it never repeats what was asked but the parameter's name."""
        super().__init__(detail)
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """The problem details."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class NotUnderstood(Problem):
    """A query parameter is unknown, given twice or of the wrong form."""

    status = 400
    title = "Bad Request"


class NotThere(Problem):
    """There is nothing with this id or at this address."""

    status = 404
    title = "Not Found"


class NotAllowed(Problem):
    """The directory is only read."""

    status = 405
    title = "Method Not Allowed"


class Away(Problem):
    """The offers cannot be read now."""

    status = 503
    title = "Service Unavailable"
