"""A connection that may neither keep silent nor be deaf for long, nor keep others out."""

import asyncio
import sys
from typing import Any, Final

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from connectors.peer import with_peer
from connectors.request_head import HeadCode, answer, refusal

HEAD_S: Final = 10.0
"""How long a connection may be held without a request: from its beginning, or from the answer to
the last request, until the next one's head is whole."""
READ_S: Final = 30.0
"""How long a client may leave an answer unread."""
_BY_STATUS: Final = {431: HeadCode.TOO_LARGE}


class Connection(H11Protocol):
    """Uvicorn's connection with an end to every wait for the client.

    Where all places are taken, the one that has been without a request for the longest time makes
    room: who holds connections open keeps nobody out. Where all are at work, a new one is refused.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """`config.limit_concurrency` is how many connections are held at once."""
        super().__init__(config, server_state, app_state, _loop)
        self._most, self.limit_concurrency = config.limit_concurrency, None
        self._silent: asyncio.TimerHandle | None = None
        self._deaf: asyncio.TimerHandle | None = None

    @property
    def silent_until(self) -> float | None:
        """When its time without a request is over; None while one is worked on."""
        return None if self._silent is None else self._silent.when()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Take a place, another's if need be."""
        if self._most is not None and len(self.connections) >= self._most and not self._make_room():
            self.app = _full
        super().connection_made(transport)
        self.app = with_peer(self.app, transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        for timer in (self._silent, self._deaf):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Whatever came in."""
        super().handle_events()
        self._look()

    def on_response_complete(self) -> None:
        """The next request's time begins."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """The client does not read what was written."""
        super().pause_writing()
        self._deaf = self._deaf or self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self._deaf is not None:
            self._deaf.cancel()
            self._deaf = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words have no code
        """Turn away what is no HTTP."""
        fault = sys.exception()
        hint = getattr(fault, "error_status_hint", 400)
        self._turn_away(_BY_STATUS.get(hint, HeadCode.UNREADABLE))

    def _look(self) -> None:
        """Count the time without a request, and only that."""
        if self not in self.connections:
            return
        at_work = not getattr(self.cycle, "response_complete", True)
        if at_work and self._silent is not None:
            self._silent.cancel()
            self._silent = None
        elif not at_work and self._silent is None:
            self._silent = self.loop.call_later(HEAD_S, self._end)

    def _end(self) -> None:
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if begun and not self.transport.is_closing():
            self._turn_away(HeadCode.TOO_SLOW)
            self.loop.call_later(1, self.transport.abort)
        else:
            self.transport.abort()

    def _turn_away(self, code: HeadCode) -> None:
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        status, headers, body = refusal(code, self.scheme or "http")
        events = (h11.Response(status_code=status, headers=headers), h11.Data(data=body))
        for event in (*events, h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _make_room(self) -> bool:
        """End the connection that has waited longest; False if every one is at work."""
        waiting = [
            (one.silent_until, one)
            for one in self.connections
            if isinstance(one, Connection) and one.silent_until is not None
        ]
        if not waiting:
            return False
        _, oldest = min(waiting, key=lambda each: each[0] or 0.0)
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True


async def _full(scope: Scope, _receive: Receive, send: Send) -> None:
    await answer(scope, send, HeadCode.FULL)
