"""The directory's answers as HTTP responses that may be kept and asked for again (RFC 9110)."""

import hashlib
import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.hsds.problems import MEDIA_TYPE, Away, Problem

RETRY_AFTER_S: Final = 2
DIGEST_BYTES: Final = 16


def answer(request: Request, body: dict[str, Any], max_age_s: int) -> Response:
    """The body, or 304 for a reader who has just this already (`If-None-Match`)."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={max_age_s}"}
    if _has(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def refusal(problem: Problem) -> JSONResponse:
    """Problem details; they are not kept."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(problem, Away):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return JSONResponse(problem.body(), problem.status, headers, MEDIA_TYPE)


def _has(kept: str, tag: str) -> bool:
    """Whether one of the tags the reader keeps is this one, weak or strong."""
    tags = (each.strip().removeprefix("W/") for each in kept.split(","))
    return any(each in ("*", tag) for each in tags)
