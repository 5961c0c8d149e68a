"""What waits for the collector: so much and no more, and of what is lost it is said how much."""

import threading
import time
from collections.abc import Sequence
from typing import Final

import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

WAITING: Final = 8192
"""How many spans may wait; some 2 kB each."""
BATCH: Final = 512
"""How many are sent at once."""
EVERY_MS: Final = 1000
"""How long the first of them waits for others, in milliseconds."""
AT_THE_END_S: Final = 3.0
"""How long a process that ends waits for the collector before it gives up what is left."""
SAID_EVERY_S: Final = 60.0
log = structlog.get_logger()


class Batches(BatchSpanProcessor):
    """Takes ended spans and never waits: who comes when too many wait is lost, and counted.

    The SDK's own queue drops as well, but says of it only that it did.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        """Start the thread that sends."""
        self._line = _Line(exporter)
        super().__init__(
            self._line,
            max_queue_size=WAITING,
            schedule_delay_millis=EVERY_MS,
            max_export_batch_size=BATCH,
        )

    @property
    def lost(self) -> int:
        """How many spans nobody will hear of."""
        return self._line.lost

    def on_end(self, span: ReadableSpan) -> None:
        """Let it wait, if there is room."""
        if self._line.has_room():
            super().on_end(span)

    def shutdown(self) -> None:
        """Send what waits, for a few seconds at most."""
        self._line.end_by(time.monotonic() + AT_THE_END_S)
        super().shutdown()  # type: ignore[no-untyped-call]  # the SDK's own
        self._line.say_at_the_end()


class _Line(SpanExporter):
    """Brings batches to the collector, one after the other, and counts."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._lock = threading.Lock()
        self._waiting = 0
        self._ends_at: float | None = None
        self._said = 0
        self._said_at = -SAID_EVERY_S
        self.lost = 0

    def has_room(self) -> bool:
        """Take a place; without a free one a span is lost."""
        with self._lock:
            if self._waiting == WAITING:
                self.lost += 1
                return False
            self._waiting += 1
            return True

    def end_by(self, at: float) -> None:
        """Begin no batch after this time, monotonic seconds."""
        self._ends_at = at

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch."""
        with self._lock:
            self._waiting -= len(spans)
        result = SpanExportResult.FAILURE
        if self._ends_at is None or time.monotonic() < self._ends_at:
            result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            with self._lock:
                self.lost += len(spans)
        self._say()
        return result

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._exporter.shutdown()

    def say_at_the_end(self) -> None:
        """Say what was lost since it was said last."""
        self._said_at = -SAID_EVERY_S
        self._say()

    def _say(self) -> None:
        lost = self.lost
        if lost > self._said and time.monotonic() - self._said_at >= SAID_EVERY_S:
            log.warning("spans_lost", lost=lost - self._said, since_start=lost)
            self._said, self._said_at = lost, time.monotonic()
