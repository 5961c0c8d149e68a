"""Opens what tells a collector of spans, if one is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final

from hub.errors import MissingPart
from hub.tracing.options import Options
from hub.tracing.span import Tracer

NAMESPACE: Final = "kurze-wege"
"""The distribution, and what all parts of a hub are called together."""
NEEDED: Final = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http")


@contextmanager
def tracer(options: Options, part: str) -> Iterator[Tracer | None]:
    """What makes this part's spans; None where no endpoint is set.

    At the end what was not told yet is told, for a few seconds. Raises MissingPart.
    """
    if not options.endpoint:
        yield None
        return
    check_installed(options)
    from hub.tracing.collector import Collector  # noqa: PLC0415 - an optional part

    service = {
        "service.namespace": NAMESPACE,
        "service.name": part,
        "service.version": version(NAMESPACE),
    }
    collector = Collector(options, service)
    try:
        yield collector
    finally:
        collector.close()


def check_installed(options: Options) -> None:
    """Raise MissingPart where an endpoint is set and nothing is there that could tell it."""
    if options.endpoint and not is_installed():
        remedy = "Install the extra: pip install 'kurze-wege[tracing]'; or unset tracing.endpoint."
        raise MissingPart(
            "Spans need the OpenTelemetry SDK.", where="tracing.endpoint", remedy=remedy
        )


def is_installed() -> bool:
    """Whether the extra is there."""
    try:
        return all(find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:
        return False
