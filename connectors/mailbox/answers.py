"""The mailbox's answers as HTTP responses."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from connectors.callers.codes import CallerCode
from connectors.mailbox.codes import Code, meaning
from connectors.mailbox.store import Listed

EVENT: Final = "application/cloudevents+json; charset=UTF-8"
PROBLEM: Final = "application/problem+json"


class NotAnswered(Exception):
    """The request cannot be answered as asked; its code says why."""

    def __init__(
        self,
        code: Code | CallerCode,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the code, the parameter it is about, and what else the answer's head says."""
        super().__init__(code)
        self.code = code
        self.field = field
        self.headers = headers or {}


def item_list(items: Sequence[Listed], limit: int) -> JSONResponse:
    """The list, one item more than asked for telling that there are more."""
    said: dict[str, Any] = {"items": [_listed(one) for one in items[:limit]]}
    if len(items) > limit:
        said["next"] = str(items[limit - 1].number)
    return JSONResponse(said)


def content(body: bytes) -> Response:
    """The event."""
    return Response(body, media_type=EVENT)


def acknowledged() -> Response:
    """It is done."""
    return Response(status_code=204)


def problem(refused: NotAnswered) -> JSONResponse:
    """Problem details (RFC 9457)."""
    status, title = meaning(refused.code)
    found = {"code": refused.code, "detail": title}
    if refused.field is not None:
        found["field"] = refused.field
    said = {
        "type": f"urn:kurze-wege:problem:{refused.code}",
        "title": title,
        "status": status,
        "detail": title,
        "problems": [found],
    }
    return JSONResponse(said, status, dict(refused.headers), PROBLEM)


def come_again(seconds: float) -> dict[str, str]:
    """When to send the same again."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def _listed(one: Listed) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "subject": one.subject,
        "time": _moment(one.time),
        "received_at": _moment(one.received_at),
        "collected": one.collected,
    }


def _moment(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
