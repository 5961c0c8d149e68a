"""Brings the events of many requests to Kafka: what gathers while one flush runs is the next."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from connectors.base import Publish
from connectors.errors import Later
from schemas.data import Data
from schemas.envelope import Event

MAX_FLUSH: Final = 500
"""So many events, or one request, go to Kafka in one call, so that no flush takes long."""


class _Waiting:
    """The events of one request, and the answer it waits for."""

    def __init__(self, events: Sequence[Event[Data]]) -> None:
        self.events = events
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Collector:
    """Publishes in the order of arrival, one call at a time, in a thread of its own."""

    def __init__(self, publish: Publish, timeout_s: float, retry_after_s: float) -> None:
        """`publish` blocks; a request waits for it `timeout_s` seconds at most."""
        self._publish = publish
        self._timeout_s = timeout_s
        self._retry_after_s = retry_after_s
        self._waiting: dict[_Waiting, None] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="http-publish")

    async def publish(self, events: Sequence[Event[Data]]) -> None:
        """Return once Kafka has acknowledged the events; raises Later if it has not in time.

        After Later some of them may lie on their topics all the same: sent again with the
        same ids they are recognised.
        """
        request = _Waiting(events)
        self._waiting[request] = None
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_all())
        try:
            async with asyncio.timeout(self._timeout_s):
                await request.answered
        except TimeoutError:
            raise Later(self._retry_after_s, "Kafka has not acknowledged in time") from None
        finally:
            self._waiting.pop(request, None)

    async def close(self) -> None:
        """Wait for what is being flushed, in time; afterwards nothing can be published."""
        if self._flushing is not None:
            await asyncio.wait({self._flushing}, timeout=self._timeout_s)
        self._thread.shutdown(wait=False)

    async def _flush_all(self) -> None:
        while self._waiting:
            await self._flush(self._take())
        self._flushing = None

    def _take(self) -> list[_Waiting]:
        """The requests that have waited longest, together no more than one flush holds."""
        taken: list[_Waiting] = []
        events = 0
        for request in self._waiting:
            events += len(request.events)
            if taken and events > MAX_FLUSH:
                break
            taken.append(request)
        for request in taken:
            del self._waiting[request]
        return taken

    async def _flush(self, requests: list[_Waiting]) -> None:
        events = [event for request in requests for event in request.events]
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._publish, events)
        except Later as later:
            _answer(requests, later)
        except Exception as fault:  # noqa: BLE001 - every request gets an answer
            if len(requests) == 1:
                _answer(requests, fault)
            else:
                # One request's fault must not be the answer to the others.
                for request in requests:
                    await self._flush([request])
        else:
            _answer(requests, None)


def _answer(requests: list[_Waiting], fault: Exception | None) -> None:
    for request in requests:
        if request.answered.done():
            continue
        if fault is None:
            request.answered.set_result(None)
        else:
            request.answered.set_exception(fault)
