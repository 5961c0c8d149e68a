"""A day's summary as a table for people and as one object for programs."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from hub.demo.summary import Summary

COLUMNS = ("party", "sent", "delivered", "refused", "reasons", "median ms", "slowest ms")

VERDICT = ("lost", "repeated", "unexpected", "missed", "unproven")


def rows(summary: Summary) -> Iterator[tuple[object, ...]]:
    """A row for each party in order of its id, and one for all."""
    for party, line in sorted(summary.parties.items()):
        reasons = ", ".join(
            code if n == 1 else f"{code} x{n}" for code, n in sorted(line.refused.items())
        )
        times = (round(median(line.ms)), round(max(line.ms))) if line.ms else (None, None)
        yield party, line.sent, line.delivered, line.refused.total() or None, reasons, *times
    verdict = ", ".join(f"{name} {getattr(summary, name)}" for name in VERDICT)
    slowest = max((ms for line in summary.parties.values() for ms in line.ms), default=None)
    yield (
        "all",
        summary.events_in,
        summary.delivered,
        summary.refused,
        verdict,
        None if summary.p50_ms is None else round(summary.p50_ms),
        None if slowest is None else round(slowest),
    )


def as_json(summary: Summary) -> dict[str, Any]:
    """The counts, without the parties."""
    return {
        "events_in": summary.events_in,
        "delivered": summary.delivered,
        "receipts": summary.receipts,
        "refused": summary.refused,
        "dead": summary.dead,
        "lost": summary.lost,
        "repeated": summary.repeated,
        "unexpected": summary.unexpected,
        "missed": summary.missed,
        "unproven": summary.unproven,
        "p50_ms": summary.p50_ms,
        "p99_ms": summary.p99_ms,
    }
