"""A result for people: one table a section."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Result = Mapping[str, Any]


def show(result: Result, console: Console) -> None:
    """Print every section that the result has."""
    machine, plan = result["machine"], result["plan"]
    console.print(
        f"{result['at']}  {machine['cores']} cores, {machine['system']}, Python "
        f"{machine['python']}, Apache Kafka {machine['kafka']}; {plan['events']:,} events of "
        f"{plan['event_bytes']} bytes, {plan['rounds']} rounds"
    )
    for table in tables(result):
        console.print()
        console.print(table)


def tables(result: Result) -> Iterator[Table]:
    """The tables, in order."""
    if result.get("contenders"):
        yield _contenders(result["contenders"])
    if result.get("latency"):
        yield _latency(result["latency"])
    if result.get("memory") or result.get("startup"):
        yield _worker(result)
    if result.get("growth"):
        yield _growth(result["growth"])
    if faults := [*_faults(result)]:
        yield _faulty(faults)
    if result.get("targets"):
        yield _targets(result["targets"])
    if result.get("ratio_to_earlier"):
        yield _ratios(result["ratio_to_earlier"])


def _contenders(contenders: Mapping[str, Any]) -> Table:
    table = _table("Throughput, one process each", "contender", "what it is", "exactly once")
    for name in ("events/s", "per CPU s", "peak MB"):
        table.add_column(f"{name} (min-max)", justify="right")
    for name, found in contenders.items():
        if "events_per_s" not in found:
            why = found.get("why") or found.get("fault", "")
            table.add_row(name, found["says"], "-", f"not there: {why}"[:60], "", "")
            continue
        once = "yes" if found["exactly_once"] else "no"
        if not found["exactly_once"] and found["counted_exact"]:
            once = "no (was, without a fault)"
        spreads = (found["events_per_s"], found["per_cpu_s"], found["peak_mb"])
        table.add_row(name, found["says"], once, *(_spread(one) for one in spreads))
    return table


def _latency(latency: Mapping[str, Any]) -> Table:
    table = _table("Accepted to readable at the recipient", "course")
    for name in (
        "median ms",
        "99 % ms",
        "max ms",
        "answer median ms",
        "late 99 % ms",
        "achieved/s",
    ):
        table.add_column(name, justify="right")
    columns = ("p50_ms", "p99_ms", "max_ms", "answer_p50_ms", "late_p99_ms", "achieved_per_s")
    for course, found in latency.items():
        if course == "fault":
            continue
        table.add_row(course, *(_spread(found[name], 1) for name in columns))
    return table


def _worker(result: Result) -> Table:
    table = _table("One worker", "figure", "value")
    memory, startup = result.get("memory", {}), result.get("startup", {})
    if "end_mb" in memory:
        table.add_row(f"memory after {memory['events']:,} events", f"{memory['end_mb']:.0f} MB")
        table.add_row("its peak", f"{memory['peak_mb']:.0f} MB")
        growth = memory["second_half_growth_mb"]
        table.add_row("its growth over the second half", f"{growth:+.1f} MB")
    if "first_delivery_s" in startup:
        first = _spread(startup["first_delivery_s"], 1)
        table.add_row("start to first delivery", f"{first} s")
    return table


def _growth(growth: Mapping[str, Any]) -> Table:
    table = _table("Growth", "with", "events/s (min-max)", "ratio")
    for part in growth.values():
        for name, found in part["events_per_s"].items():
            table.add_row(name, _spread(found), f"{part['ratio'][name]:.2f}")
    return table


def _faults(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """What ended badly, and where."""
    for name, inner in figures.items():
        if isinstance(inner, Mapping):
            yield from _faults(inner, f"{above} {name}".strip())
        elif "fault" in (name, above.rpartition(" ")[2]):
            yield f"{above} {name}", str(inner)


def _faulty(faults: list[tuple[str, str]]) -> Table:
    table = _table("Faults", "where", "what")
    for where, what in faults:
        table.add_row(where, what.splitlines()[0])
    return table


def _targets(targets: list[Mapping[str, Any]]) -> Table:
    table = _table("Targets", "figure", "value", "wanted", "met")
    for one in targets:
        wanted = f">= {one['at_least']:g}" if "at_least" in one else f"<= {one['at_most']:g}"
        table.add_row(one["target"], f"{one['value']:,.2f}", wanted, "yes" if one["met"] else "NO")
    return table


def _ratios(ratios: Mapping[str, float]) -> Table:
    table = _table("This run / the earlier one", "figure", "ratio")
    for name, ratio in ratios.items():
        table.add_row(name, f"{ratio:.2f}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column)
    return table


def _spread(found: Mapping[str, float], digits: int = 0) -> str:
    low, middle, high = (f"{found[name]:,.{digits}f}" for name in ("min", "median", "max"))
    return middle if low == high else f"{middle} ({low}-{high})"
