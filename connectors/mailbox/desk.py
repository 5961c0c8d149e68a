"""Hands items out to the party they are for: the list, the content, the acknowledgement."""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from connectors.callers.entrance import Entrance
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import Scope
from connectors.errors import Later
from connectors.mailbox import answers
from connectors.mailbox.access import Line
from connectors.mailbox.answers import NotAnswered
from connectors.mailbox.codes import Code
from connectors.mailbox.options import Options
from connectors.mailbox.store import Listed, State, Store

MOST: Final = 500
USUAL: Final = 100
LAST_NUMBER: Final = 2**63 - 1
LOOK_S: Final = 0.5
"""How often a waiting request looks for new items."""
_EVENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_REFUSED: Final = {
    State.UNKNOWN: Code.ITEM_UNKNOWN,
    State.NEW: Code.ITEM_NOT_COLLECTED,
    State.ACKNOWLEDGED: Code.ITEM_ACKNOWLEDGED,
    State.EXPIRED: Code.ITEM_EXPIRED,
}


class Desk:
    """What each address does."""

    def __init__(
        self,
        store: Store,
        options: Options,
        entrance: Entrance,
        now: Callable[[], datetime],
        stop: threading.Event,
    ) -> None:
        """When `stop` is set, requests that wait are answered at once."""
        self._store = store
        self._options = options
        self._entrance = entrance
        self._now = now
        self._stop = stop
        self._waiting: Counter[str] = Counter()

    async def items(self, request: Request) -> Response:
        """The list of items nobody has acknowledged; waits for one if asked to."""
        line = _line(request, "list")
        party = await self._admitted(request, line)
        after = _number(request, "after", 0, LAST_NUMBER)
        limit = _number(request, "limit", USUAL, MOST, least=1)
        wait_s = _number(request, "wait", 0, self._options.longest_wait_s)
        found = await self._listed(request, (party, after, limit + 1), wait_s)
        line.items = len(found[:limit])
        return answers.item_list(found, limit)

    async def item(self, request: Request) -> Response:
        """The item's content."""
        line = _line(request, "collect")
        party, item = await self._admitted(request, line), _item(request)
        found = await run_in_threadpool(self._store.collect, party, item, self._now())
        line.item = None if found.state is State.UNKNOWN else item
        if found.body is None:
            raise NotAnswered(_REFUSED[found.state])
        return answers.content(found.body)

    async def acknowledge(self, request: Request) -> Response:
        """The party has the item; said again, it is still so."""
        line = _line(request, "acknowledge")
        party, item = await self._admitted(request, line), _item(request)
        state = await run_in_threadpool(self._store.acknowledge, party, item, self._now())
        line.item = None if state is State.UNKNOWN else item
        if state is not State.ACKNOWLEDGED:
            raise NotAnswered(_REFUSED[state])
        return answers.acknowledged()

    async def _admitted(self, request: Request, line: Line) -> str:
        """The party whose mailbox it is and who asks; raises NotAdmitted and NotAnswered."""
        line.party = (await self._entrance.caller(request, Scope.COLLECT)).party
        if line.party != request.path_params["party"] or line.party not in self._options.parties:
            raise NotAnswered(Code.MAILBOX_NOT_YOURS)
        return line.party

    async def _listed(
        self, request: Request, asked: tuple[str, int, int], wait_s: int
    ) -> Sequence[Listed]:
        found = await run_in_threadpool(self._store.listed, *asked)
        party = asked[0]
        if found or not wait_s or not self._may_wait(party):
            return found
        self._waiting[party] += 1
        try:
            return await self._awaited(request, asked, wait_s)
        finally:
            self._waiting[party] -= 1

    def _may_wait(self, party: str) -> bool:
        has_room = self._waiting.total() < self._options.max_waiting
        return has_room and self._waiting[party] < self._options.max_waiting_per_party

    async def _awaited(
        self, request: Request, asked: tuple[str, int, int], wait_s: int
    ) -> Sequence[Listed]:
        """The first items that come in this time, or none."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        while (left_s := until - loop.time()) > 0:
            await asyncio.sleep(min(LOOK_S, left_s))
            if self._stop.is_set() or await request.is_disconnected():
                break
            if found := await run_in_threadpool(self._store.listed, *asked):
                return found
        return []


async def refused(request: Request, fault: Exception) -> Response:
    """The answer to what could not be answered as asked."""
    if isinstance(fault, Later):
        again = answers.come_again(fault.retry_after_s)
        fault = NotAnswered(Code.DATABASE_AWAY, headers=again)
    elif isinstance(fault, NotAdmitted):
        again = {} if fault.retry_after_s is None else answers.come_again(fault.retry_after_s)
        fault = NotAnswered(fault.code, headers=fault.headers | again)
    if not isinstance(fault, NotAnswered):
        raise fault
    line: Line = request.state.line
    line.code = str(fault.code)
    return answers.problem(fault)


def _line(request: Request, what: str) -> Line:
    line: Line = request.state.line
    line.what = what
    return line


def _item(request: Request) -> str:
    """The item that is named; raises NotAnswered for what can be no event's id."""
    named: str = request.path_params["item"]
    if not _EVENT_ID.fullmatch(named):
        raise NotAnswered(Code.ITEM_UNKNOWN)
    return named


def _number(request: Request, name: str, usual: int, most: int, least: int = 0) -> int:
    """The whole number in a parameter; raises NotAnswered for anything else."""
    said = request.query_params.getlist(name)
    if not said:
        return usual
    if len(said) == 1 and _is_whole(said[0], most) and least <= int(said[0]) <= most:
        return int(said[0])
    raise NotAnswered(Code.PARAMETER_INVALID, name)


def _is_whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(most))
