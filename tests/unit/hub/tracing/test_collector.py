"""Spans reach a collector in the background, and nothing ever waits for one."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from pydantic import ValidationError
from structlog.testing import capture_logs
from typer.testing import CliRunner

from hub.cli import app
from hub.doctor.check import Check, Health, guarded
from hub.doctor.collector import PART
from hub.doctor.collector import collector as examined
from hub.errors import MissingPart
from hub.origins import load
from hub.tracing.batches import WAITING, Batches
from hub.tracing.collector import Collector
from hub.tracing.opening import tracer
from hub.tracing.options import Options
from hub.tracing.span import Kind, Tracer, is_told
from tests.support.otlp import CONSUMER, PRODUCER, Collected, Told, collector
from tests.support.tracer import PARENT, SILENT, TRACE_ID
from tests.support.waiting import until

SERVICE = {"service.name": "worker"}


@pytest.fixture
def collected() -> Collected:
    """What a collector was told."""
    return Collected()


@contextmanager
def _tracing(endpoint: str, sample_ratio: float = 1) -> Iterator[Collector]:
    one = Collector(Options(endpoint=endpoint, sample_ratio=sample_ratio), SERVICE)
    try:
        yield one
    finally:
        one.close()


def _span(made: Tracer, name: str, parent: str | None = None) -> str:
    span = made.begin(name, Kind.PROCESSES, parent, {"messaging.system": "kafka"})
    span.end()
    assert span.traceparent is not None
    return span.traceparent


def test_a_trace(collected: Collected) -> None:
    """A span names its parent, its kind, who speaks, and what is said of it."""
    with collector(collected) as endpoint, _tracing(endpoint) as made:
        first = made.begin("send referrals", Kind.SENDS, None, {"hub.rules": ("named",)})
        _span(made, "process referrals", first.traceparent)
        first.end()
    spans = {span.name: span for span in collected.spans}
    sent, processed = spans["send referrals"], spans["process referrals"]

    assert first.traceparent is not None
    assert first.traceparent.startswith(f"00-{sent.trace_id}-{sent.span_id}-")
    assert (sent.kind, sent.parent_id, sent.said) == (PRODUCER, "", {"hub.rules": ["named"]})
    assert (processed.kind, processed.parent_id) == (CONSUMER, sent.span_id)
    assert processed.trace_id == sent.trace_id
    assert {span.part for span in collected.spans} == {"worker"}


def test_a_span_that_is_not_ended(collected: Collected) -> None:
    """Nobody hears of what has not come to its end."""
    with collector(collected) as endpoint, _tracing(endpoint) as made:
        made.begin("process referrals", Kind.PROCESSES, PARENT, {})
        _span(made, "process to.kfb", PARENT)

    assert [span.name for span in collected.spans] == ["process to.kfb"]


def test_who_decides_what_is_told(collected: Collected) -> None:
    """A sender decides of its trace; of those that begin here a share is told."""
    with collector(collected) as endpoint, _tracing(endpoint, sample_ratio=0) as made:
        begun = _span(made, "own")
        below = _span(made, "below", SILENT)
        told = _span(made, "told", PARENT)

    assert [is_told(one) for one in (begun, below, told)] == [False, False, True]
    assert below.startswith(f"00-{TRACE_ID}-")
    assert [span.name for span in collected.spans] == ["told"]


def test_ids_of_nothing_but_zeros(collected: Collected) -> None:
    """A parent that names nothing is none: a trace begins."""
    with collector(collected) as endpoint, _tracing(endpoint) as made:
        _span(made, "first", f"00-{'0' * 32}-{'0' * 16}-01")
    (span,) = collected.spans

    assert (span.parent_id, span.trace_id.strip("0") != "") == ("", True)


def test_a_collector_with_a_token(collected: Collected) -> None:
    """The token goes with what is sent, and is not shown by the settings."""
    with collector(collected) as endpoint:
        # what the section refuses, so that a real collector needs no certificate here
        options = Options.model_construct(**(Options(endpoint=endpoint).model_dump()))
        given = load({"tracing.token": "t-0123456789"}).tracing
        object.__setattr__(options, "token", given.token)
        one = Collector(options, SERVICE)
        _span(one, "process referrals")
        one.close()

    assert collected.tokens == {"Bearer t-0123456789"}
    assert "t-0123456789" not in repr(given)


def test_a_token_only_encrypted() -> None:
    """A token never travels in the clear."""
    with pytest.raises(ValidationError, match="must begin with https://"):
        Options.model_validate({"endpoint": "http://collector:4318/v1/traces", "token": "t"})
    Options.model_validate({"endpoint": "https://collector/v1/traces", "token": "t"})


def test_a_collector_that_is_away() -> None:
    """Spans are made all the same; how many are lost is counted and said."""
    with collector(Collected()) as endpoint:
        pass
    with capture_logs() as lines, _tracing(endpoint) as made:
        for number in range(3):
            _span(made, f"span {number}")
    (line,) = [line for line in lines if line["event"] == "spans_lost"]

    assert (line["lost"], line["since_start"], made.lost) == (3, 3, 3)


def test_a_collector_that_refuses() -> None:
    """What a collector does not take is lost, and counted."""
    with collector(Collected(status=400)) as endpoint, _tracing(endpoint) as made:
        _span(made, "process referrals")

    assert made.lost == 1


class Hanging(SpanExporter):
    """A way to a collector that hangs until it is let go."""

    def __init__(self) -> None:
        """Hang."""
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.sent = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Take them, some time."""
        self.begun.set()
        assert self.let_go.wait(120)
        self.sent += len(spans)
        return SpanExportResult.SUCCESS


def test_a_collector_that_hangs() -> None:
    """Nobody waits for it: when too many wait the rest is lost, and the others are told."""
    way, more = Hanging(), 1000
    batches = Batches(way)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(batches)
    made = provider.get_tracer("hub")
    made.start_span("first").end()
    assert way.begun.wait(120)
    with capture_logs() as lines:
        for _ in range(WAITING + more):
            made.start_span("next").end()
        lost = batches.lost
        way.let_go.set()
        until(lambda: way.sent == 1 + WAITING)
        batches.shutdown()

    assert lost == batches.lost == more
    assert {line["since_start"] for line in lines if line["event"] == "spans_lost"} == {more}


def test_off_is_nothing() -> None:
    """Without an endpoint there is no tracer, and the SDK is not even looked for."""
    with tracer(Options(), "worker") as made:
        assert made is None


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where spans are asked for and the extra is missing the error says what to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with (
        pytest.raises(MissingPart) as caught,
        tracer(Options(endpoint="http://127.0.0.1:4318/v1/traces"), "worker"),
    ):
        pass

    assert "tracing.endpoint" in str(caught.value)
    assert "kurze-wege[tracing]" in caught.value.remedy


def test_no_command_starts_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to run for long says at once that it could not tell its spans."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    words = ["--set", "tracing.endpoint=http://127.0.0.1:4318/v1/traces", "connect", "ledger"]
    ended = CliRunner().invoke(app, words)

    assert isinstance(ended.exception, MissingPart)


def _doctor(folder: Path, endpoint: str) -> Check:
    given = {"data_folder": str(folder), "tracing.endpoint": endpoint}
    return guarded(PART, lambda: examined(load(given)))


def test_what_doctor_says(
    collected: Collected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doctor asks the collector without telling it anything; without the extra it fails."""
    off = _doctor(tmp_path, "")
    with collector(collected) as endpoint:
        taken = _doctor(tmp_path, endpoint)
        collected.status = 404
        refused = _doctor(tmp_path, endpoint)
    away = _doctor(tmp_path, endpoint)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    missing = _doctor(tmp_path, endpoint)

    assert (off.health, taken.health) == (Health.OK, Health.OK)
    assert (refused.health, away.health) == (Health.WARN, Health.WARN)
    assert "answers 404; spans are lost, events are not" in refused.found
    assert missing.health is Health.FAIL
    assert "kurze-wege[tracing]" in missing.remedy
    assert collected.spans == list[Told]()
