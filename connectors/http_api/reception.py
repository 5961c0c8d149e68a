"""Takes one request in, step by step: who, what kind, how much, which events; then Kafka."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response

from connectors.base import Publish
from connectors.callers.codes import CallerCode
from connectors.callers.entrance import Caller, Entrance
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import SENDING
from connectors.errors import Later
from connectors.http_api import answers, mapping
from connectors.http_api.access import Line
from connectors.http_api.admission import admit
from connectors.http_api.body import LONGEST_NUMBER, read_body
from connectors.http_api.codes import HttpCode
from connectors.http_api.collector import Collector
from connectors.http_api.options import Options
from connectors.http_api.problems import NotAccepted, refusal, turned_away
from connectors.http_api.said import Said
from connectors.http_api.shares import Shares
from connectors.http_api.tracing import trace_of, traced
from schemas.data import Data
from schemas.envelope import Event


class Reception:
    """Delivery guarantee: 202 is said only of events that Kafka has acknowledged."""

    def __init__(
        self, options: Options, publish: Publish, entrance: Entrance, clock: Callable[[], float]
    ) -> None:
        """`clock` counts seconds."""
        self._options = options
        self._clock = clock
        self._entrance = entrance
        self._shares = Shares(options)
        self._collector = Collector(publish, options.publish_timeout_s, options.retry_after_s)
        self._open: Counter[str] = Counter()

    async def post(self, request: Request) -> Response:
        """Accept all events of the request, or none and say why."""
        line: Line = request.state.line
        try:
            caller = await self._caller(request)
            line.party = party = caller.party
            _uncompressed(request)
            mode = mapping.mode_of(request.headers.raw)
            self._keep_rate(self._shares.wait_s(party, _declared(request), self._clock()))
            with self._room(party):
                sayings = await self._read(request, mode, party)
                line.trace = trace_of(request.headers.raw)
                events = admit(
                    traced(sayings, line.trace), caller, batch=mode is mapping.Mode.BATCH
                )
                line.ids = tuple(event.context.id for event in events)
                await self._publish(events)
        except NotAccepted as refused:
            line.codes = tuple(str(found.code) for found in refused.findings)
            return answers.answer(refused)
        return answers.accepted(events)

    async def close(self) -> None:
        """Wait for what is on its way to Kafka."""
        await self._collector.close()

    async def _caller(self, request: Request) -> Caller:
        try:
            return await self._entrance.caller(request, *SENDING)
        except NotAdmitted as fault:
            raise turned_away(fault) from None

    @contextmanager
    def _room(self, party: str) -> Iterator[None]:
        """Hold one of the places for open requests; without a free one the request goes at once."""
        again_s = self._options.retry_after_s
        if self._open[party] >= self._options.max_open_per_party:
            raise turned_away(NotAdmitted(CallerCode.TOO_MANY_OPEN, retry_after_s=again_s))
        if self._open.total() >= self._options.max_open_requests:
            raise refusal(HttpCode.BUSY, again_s)
        self._open[party] += 1
        try:
            yield
        finally:
            self._open[party] -= 1

    async def _read(self, request: Request, mode: mapping.Mode, party: str) -> list[Said]:
        body = await read_body(
            request.stream(),
            request.headers.get("content-length"),
            self._options.max_body_bytes,
            self._options.body_timeout_s,
        )
        self._shares.charge_bytes(party, len(body), self._clock())
        sayings: list[Said] = []
        try:
            sayings = mapping.read(mode, request.headers.raw, body, self._options.max_batch)
        finally:
            # What cannot be read counts as one event, or nonsense would be free.
            wait = self._shares.take_events(party, max(1, len(sayings)), self._clock())
        self._keep_rate(wait)
        return sayings

    def _keep_rate(self, wait_s: float) -> None:
        if wait_s:
            raise turned_away(NotAdmitted(CallerCode.RATE_EXCEEDED, retry_after_s=wait_s))

    async def _publish(self, events: Sequence[Event[Data]]) -> None:
        if not events:
            return
        try:
            await self._collector.publish(events)
        except Later as later:
            raise refusal(HttpCode.NOT_ACKNOWLEDGED, later.retry_after_s) from None


def _declared(request: Request) -> int:
    """How many bytes the body is to have, as far as that is said; it is not believed."""
    said = request.headers.get("content-length", "")
    is_number = said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER
    return max(1, int(said)) if is_number else 1


def _uncompressed(request: Request) -> None:
    """A small compressed body can be a huge one: none is taken."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refusal(HttpCode.CONTENT_ENCODING_UNSUPPORTED)
