"""The door's answers as HTTP responses."""

import math
from collections.abc import Sequence

from starlette.responses import JSONResponse

from connectors.http_api.problems import MEDIA_TYPE, NotAccepted, details
from schemas.data import Data
from schemas.envelope import Event


def accepted(events: Sequence[Event[Data]]) -> JSONResponse:
    """202: Kafka has acknowledged every one of these events."""
    named = [{"source": event.context.source, "id": event.context.id} for event in events]
    return JSONResponse({"accepted": named}, 202)


def answer(refused: NotAccepted) -> JSONResponse:
    """Problem details, and when to come again as whole seconds."""
    headers = dict(refused.headers)
    if refused.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, math.ceil(refused.retry_after_s)))
    return JSONResponse(details(refused), refused.status, headers, MEDIA_TYPE)
