"""The project's own targets, and whether a result meets them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Result = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """One figure with its bound."""

    says: str
    value: Callable[[Result], float]
    """Raises KeyError where the result does not have what it needs."""
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether the value lies within the bounds."""
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )


def _speed(result: Result, name: str) -> float:
    return float(result["contenders"][name]["events_per_s"]["median"])


def _ratio(name: str, *to: str) -> Callable[[Result], float]:
    """To the fastest of those named last that the result has."""

    def ratio(result: Result) -> float:
        there = [other for other in to if "events_per_s" in result["contenders"].get(other, ())]
        if not there:
            raise KeyError(to)
        return _speed(result, name) / max(_speed(result, other) for other in there)

    return ratio


def _wait(course: str, figure: str) -> Callable[[Result], float]:
    return lambda result: float(result["latency"][course][figure]["median"])


def _wait_ratio(figure: str) -> Callable[[Result], float]:
    return lambda r: _wait("hub-200", figure)(r) / _wait("kafka-streams-200", figure)(r)


QUIX: Final = ("quix", "quix-batches")
TARGETS: Final = (
    Target("one output / Quix exactly once", _ratio("hub-one-output", *QUIX), at_least=1.4),
    Target("one output / aiokafka alone", _ratio("hub-one-output", "aiokafka"), at_least=1.0),
    Target("complete / Quix exactly once", _ratio("hub-complete", *QUIX), at_least=1.2),
    Target("signed / unsigned", _ratio("hub-complete-signed", "hub-complete"), at_least=0.6),
    Target("encrypted / plain", _ratio("hub-complete-encrypted", "hub-complete"), at_least=0.6),
    Target(
        "signed, encrypted / plain", _ratio("hub-complete-signed-encrypted", "hub-complete"), 0.6
    ),
    Target("one output / Kafka Streams (the aim)", _ratio("hub-one-output", "kafka-streams"), 1.0),
    Target("complete / Kafka Streams (the aim)", _ratio("hub-complete", "kafka-streams"), 1.0),
    Target("HTTP to recipient at 200/s, median ms", _wait("http-200", "p50_ms"), at_most=30),
    Target("HTTP to recipient at 200/s, 99 % ms", _wait("http-200", "p99_ms"), at_most=100),
    Target("hub / Kafka Streams at 200/s, median", _wait_ratio("p50_ms"), at_most=1.0),
    Target("hub / Kafka Streams at 200/s, 99 %", _wait_ratio("p99_ms"), at_most=1.0),
    Target("memory at the end, MB", lambda r: float(r["memory"]["end_mb"]), at_most=200),
    Target(
        "memory growth over the second half, MB",
        lambda r: float(r["memory"]["second_half_growth_mb"]),
        at_most=5,
    ),
    Target(
        "start to first delivery, s",
        lambda r: float(r["startup"]["first_delivery_s"]["median"]),
        at_most=10,
    ),
    Target(
        "1,000 parties / 24",
        lambda r: float(r["growth"]["parties"]["ratio"]["1000 parties"]),
        at_least=0.8,
    ),
)


def judged(result: Result) -> list[dict[str, Any]]:
    """Each target whose figures are in the result, with its value."""
    found = []
    for target in TARGETS:
        try:
            value = target.value(result)
        except KeyError:
            continue
        bound = {"at_least": target.at_least, "at_most": target.at_most}
        found.append(
            {"target": target.says, "value": round(value, 2), "met": target.is_met(value)}
            | {name: limit for name, limit in bound.items() if limit is not None}
        )
    return found
