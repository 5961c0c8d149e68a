"""A collector of spans: a real OTLP/HTTP address that keeps what it is sent."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PRODUCER, CONSUMER = Span.SPAN_KIND_PRODUCER, Span.SPAN_KIND_CONSUMER


class Told(NamedTuple):
    """A span as it came."""

    part: str
    """Who told it: `worker`, `http_api`, …"""
    name: str
    kind: int
    trace_id: str
    span_id: str
    parent_id: str
    """Empty: the first of its trace."""
    took_ns: int
    said: dict[str, Any]


class Collected:
    """What came; it can be told to answer otherwise, or not to answer for a while."""

    def __init__(self, status: int = 200) -> None:
        """Answer so."""
        self.spans: list[Told] = []
        self.raw: list[bytes] = []
        """The messages, unpacked."""
        self.tokens: set[str | None] = set()
        self.status = status
        self.asked = threading.Event()
        """Somebody has asked."""
        self.answers = threading.Event()
        """Cleared: whoever asks waits."""
        self.answers.set()

    def take(self, body: bytes) -> None:
        """Keep a message (ExportTraceServiceRequest)."""
        self.raw.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _plain(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [_told(service["service.name"], span) for span in scope.spans]


@contextmanager
def collector(collected: Collected) -> Iterator[str]:
    """A collector on a free port of this machine; yields its endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take what is sent."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collected.asked.set()
            collected.answers.wait(120)
            collected.tokens.add(self.headers["Authorization"])
            if collected.status == 200 and self.path == "/v1/traces":
                packed = self.headers["Content-Encoding"] == "gzip"
                collected.take(gzip.decompress(body) if packed else body)
            self.send_response(collected.status)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
    finally:
        collected.answers.set()
        server.shutdown()
        server.server_close()
        serving.join()


def _told(part: str, span: Span) -> Told:
    return Told(
        part=part,
        name=span.name,
        kind=span.kind,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        took_ns=span.end_time_unix_nano - span.start_time_unix_nano,
        said=_plain(span.attributes),
    )


def _plain(attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - protobuf's own lists
    return {one.key: _value(one.value) for one in attributes}


def _value(value: Any) -> Any:  # noqa: ANN401 - protobuf's own values
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    return getattr(value, kind)
