"""Around every request: one log line, no fault left unanswered."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.http_api.answers import answer
from connectors.http_api.codes import HttpCode
from connectors.http_api.problems import refusal

log = structlog.get_logger()

CLIENT_LEFT: Final = 499
"""In the log only: the client was gone before the answer (nginx's number)."""


@dataclass(slots=True)
class Line:
    """What the log says of a request besides status and duration; never any content."""

    party: str | None = None
    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    trace: str | None = None
    """The request's `traceparent`."""


class Access:
    """ASGI middleware: the outermost of the door."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        """`clock` counts seconds, from anywhere."""
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = scope.setdefault("state", {})["line"] = Line()
        started = self._clock()
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except ClientDisconnect:
            status = CLIENT_LEFT
        except Exception as fault:  # noqa: BLE001 - its message may hold content, so it ends here
            _report(fault)
            if not status:
                await answer(refusal(HttpCode.FAULT_OF_OURS))(scope, receive, send_noting)
        finally:
            self._log(line, status, self._clock() - started)

    def _log(self, line: Line, status: int, duration_s: float) -> None:
        say = log.info if line.party or status >= 400 else log.debug  # noqa: PLR2004 - HTTP
        say(
            "http_request",
            party=line.party,
            status=status,
            events=len(line.ids),
            ids=line.ids,
            codes=line.codes,
            traceparent=line.trace,
            duration_ms=round(duration_s * 1000, 1),
        )


def _report(fault: Exception) -> None:
    """Say what and where, never the message."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    log.error("http_fault", error=type(fault).__name__, where=f"{last.name}:{last.lineno}")
