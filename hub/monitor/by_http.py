"""The monitor by HTTP: metrics, health, and what is known as JSON. Read only, from memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.monitor.metrics import Figures
from hub.monitor.options import Options
from hub.monitor.plain import plain
from hub.monitor.poller import MISSED, Poller
from hub.monitor.wording import Names

HANGS_S: Final = 120.0
"""A poll that takes longer hangs: the broker answers or times out long before."""
NOT_KEPT: Final = {"Cache-Control": "no-store"}
OK: Final = 200
NOT_NOW: Final = 503


def routes(
    poller: Poller, names: Names, hub: str, options: Options, now: Callable[[], datetime]
) -> Sequence[Route]:
    """What the poller knows, under a few addresses; `hub` tells whose monitor it is."""
    registry = CollectorRegistry()
    registry.register(Figures(poller, options.cluster, now))
    answers = _Answers(poller, names, hub, registry, options.poll_s, now)
    return (
        Route("/metrics", answers.metrics),
        Route("/healthz", answers.healthz),
        Route("/readyz", answers.readyz),
        Route("/version", answers.version),
        Route("/snapshot", answers.snapshot),
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    poller: Poller
    names: Names
    hub: str
    registry: CollectorRegistry
    poll_s: float
    now: Callable[[], datetime]

    def metrics(self, request: Request) -> Response:
        """All metrics, in the form that the scraper asks for."""
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self.registry), media_type=content_type, headers=NOT_KEPT)

    def healthz(self, _request: Request) -> Response:
        """200 while the poller turns, whatever it finds; 503 when it hangs."""
        ago = self.poller.turned_s_ago()
        alive = ago < HANGS_S + self.poll_s
        return _json({"alive": alive, "polled_s_ago": round(ago, 1)}, OK if alive else NOT_NOW)

    def readyz(self, _request: Request) -> Response:
        """200 while what is known is new; 503 before the first poll and when the broker is away."""
        snapshot = self.poller.snapshot
        if snapshot is None or snapshot.blind_since is not None:
            because = "no poll yet" if snapshot is None else snapshot.blind_because
            return _json({"ready": False, "because": because}, NOT_NOW)
        seen_s_ago = (self.now() - snapshot.at).total_seconds()
        ready = seen_s_ago < MISSED * self.poll_s
        return _json({"ready": ready, "seen_s_ago": round(seen_s_ago, 1)}, OK if ready else NOT_NOW)

    def version(self, _request: Request) -> Response:
        """What runs here."""
        return _json({"hub": version("kurze-wege")})

    def snapshot(self, _request: Request) -> Response:
        """All that is known; 503 before the first poll."""
        known = self.poller.snapshot
        if known is None:
            return _json({"because": "no poll yet"}, NOT_NOW)
        return _json({"hub": self.hub, **plain(known, self.names, self.now())})


def _json(content: dict[str, Any], status: int = OK) -> Response:
    return JSONResponse(content, status, headers=NOT_KEPT)
