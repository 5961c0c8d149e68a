"""The spans as OpenTelemetry's SDK makes them and brings them to a collector, in the background.

The only module that knows it. Everything the SDK would take from the environment is given to it.
"""

import time
from collections.abc import Mapping
from typing import Final

import requests
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import TraceFlags, format_span_id, format_trace_id

from hub.tracing.batches import Batches
from hub.tracing.options import Options
from hub.tracing.span import Attributes, Kind, Span

ANSWER_WITHIN_S: Final = 3.0
"""How long a collector may take for a batch; at the end of a process somebody waits for it."""
SCOPE: Final = "hub"
_KINDS: Final = {Kind.SENDS: trace.SpanKind.PRODUCER, Kind.PROCESSES: trace.SpanKind.CONSUMER}
_NOWHERE: Final = trace.set_span_in_context(trace.INVALID_SPAN)
"""The context of no span; the one of this thread means nothing here."""


class Collector:
    """A tracer whose spans are sent by OTLP over HTTP, some seconds later and many at once."""

    def __init__(self, options: Options, service: Mapping[str, str]) -> None:
        """Start the thread that sends; `service` names who speaks."""
        self._batches = Batches(_exporter(options))
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(options.sample_ratio)),
            resource=Resource(dict(service)),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(self._batches)
        self._tracer = self._provider.get_tracer(SCOPE)

    def begin(
        self,
        name: str,
        kind: Kind,
        parent: str | None,
        attributes: Attributes,
        begun_ns: int | None = None,
    ) -> Span:
        """A span; see Tracer."""
        above = _NOWHERE if parent is None else _below(parent)
        begun = begun_ns or time.time_ns()
        return _Begun(
            self._tracer.start_span(
                name, above, _KINDS[kind], attributes=attributes, start_time=begun
            )
        )

    @property
    def lost(self) -> int:
        """How many spans nobody will hear of."""
        return self._batches.lost

    def close(self) -> None:
        """Send what waits, for a few seconds at most; what is left is counted as lost."""
        self._batches.shutdown()


class _Begun:
    """A span of the SDK."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.traceparent = _name(span.get_span_context())

    @property
    def is_told(self) -> bool:
        """See Span."""
        return self._span.is_recording()

    def end(self) -> None:
        """See Span."""
        self._span.end()


def _below(parent: str) -> Context:
    """The context of a span of another process; ids of nothing but zeros name none."""
    _, trace_id, span_id, flags = parent.split("-")
    context = trace.SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(context), _NOWHERE)


def _name(context: trace.SpanContext) -> str | None:
    """The `traceparent` of a span; None where the SDK is told to make none (OTEL_SDK_DISABLED)."""
    if not context.is_valid:
        return None
    trace_id, span_id = format_trace_id(context.trace_id), format_span_id(context.span_id)
    return f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"


def _exporter(options: Options) -> OTLPSpanExporter:
    session = requests.Session()
    session.trust_env = False
    token = options.token
    return OTLPSpanExporter(
        endpoint=options.endpoint,
        headers={"Authorization": f"Bearer {token.get_secret_value()}"} if token else {},
        certificate_file=str(options.ca_file) if options.ca_file else None,
        timeout=ANSWER_WITHIN_S,
        compression=Compression.Gzip,
        session=session,
    )
