"""hub topics: the topics on the broker, compared with the declared ones and made like them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import Drift
from schemas.topics import DAY_MS

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.streaming.topic_plan import Plan

app = typer.Typer(help="Compare and make the topics on the broker.", no_args_is_help=True)
COLUMNS = ("topic", "difference", "what apply does")
AGE_COLUMNS = ("topic", "kept for days", "oldest, days", "oldest undecided, days")
AGE_FIELDS = ("topic", "kept_days", "oldest_days", "oldest_undecided_days")
Row = tuple[str, str, str]


@app.command(epilog="Example: hub topics plan -o json")
def plan(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print what apply would do. Changes nothing."""
    found = _plan(opened(ctx))
    _print(found, output)
    note("Nothing to do." if found.is_empty else "Do it with: hub topics apply")


@app.command(epilog="Example: hub topics apply --bootstrap 127.0.0.1:9092")
def apply(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Make the topics as declared; exits 3 if a difference is left that a person must mend."""
    settings = opened(ctx)
    from hub import auditing
    from hub.audit.act import Did
    from hub.streaming import topics

    found = _plan(settings)
    differing = dict.fromkeys(topic for topic, *_ in _rows(found))
    with auditing.audited(settings, Did.TOPICS_APPLIED, *differing):
        topics.apply(settings.kafka.kafka_python(), found)
    _print(found, output)
    if found.impossible:
        what = "Some topics still differ from the declared ones."
        raise Drift(what, remedy="A person must decide; see the last column for how.")
    note("The topics are as declared.")


@app.command(epilog="Example: hub topics drift && echo as declared")
def drift(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Exit 3 if the topics on the broker differ from the declared ones, else 0."""
    found = _plan(opened(ctx))
    _print(found, output)
    if not found.is_empty:
        raise Drift(remedy="Mend them with: hub topics apply")
    note("The topics are as declared.")


@app.command(epilog="Example: hub topics oldest -o json")
def oldest(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print how old each topic's oldest record is, and the oldest dead letter left undecided.

    Exits 3 if a record should be gone by now, or if letters that nobody has decided on will be
    gone within two weeks.
    """
    settings = opened(ctx)
    from hub import wiring
    from hub.letters import expiring
    from hub.operations import dead_letters
    from hub.streaming.ages import ages

    topics, now = wiring.declared_topics(settings), datetime.now(UTC)
    now_ms = int(now.timestamp() * 1000)
    found = ages(settings.kafka.kafka_python(), topics, settings.topic_prefix, now_ms)
    letters = dead_letters.letters(settings)
    waiting = {
        settings.topic_prefix + topic: int((now - at) / timedelta(milliseconds=1))
        for topic, at in expiring.oldest_open(letters).items()
    }
    rows = [
        (one.topic, _days(one.kept_ms), _days(one.age_ms), _days(waiting.get(one.topic)))
        for one in found
    ]
    if output is Output.JSON:
        print_json([dict(zip(AGE_FIELDS, row, strict=True)) for row in rows])
    else:
        print_table(AGE_COLUMNS, rows)
    if late := [one.topic for one in found if one.is_kept_too_long]:
        what = f"Kept longer than declared: {', '.join(late)}."
        raise Drift(what, remedy="hub topics plan says whether its settings differ.")
    if going := expiring.expiring(letters, now):
        raise Drift(expiring.says(going), remedy="Decide on them: hub dead ls --each")


def _days(ms: int | None) -> float | None:
    return None if ms is None else round(ms / DAY_MS, 1)


def _plan(settings: "Settings") -> "Plan":
    from hub import wiring
    from hub.streaming import topics

    declared = wiring.declared_topics(settings)
    connection = settings.kafka.kafka_python()
    return topics.plan(connection, declared, settings.topic_prefix, settings.replication)


def _print(found: "Plan", output: Output) -> None:
    rows = list(_rows(found))
    if output is Output.JSON:
        differences = [dict(zip(("topic", "difference", "action"), r, strict=True)) for r in rows]
        declared = list(found.as_declared)
        print_json({"drift": bool(rows), "differences": differences, "as_declared": declared})
    elif rows:
        print_table(COLUMNS, rows)


def _rows(found: "Plan") -> Iterator[Row]:
    for new in found.creations:
        made = f"creates it, {new.partitions} partitions, {new.replication} copies"
        yield new.topic, "is missing", made
    for one in found.settings:
        yield one.topic, f"{one.key} is {one.found}", f"sets it to {one.wanted}"
    for few in found.growths:
        yield few.topic, f"has {few.found} partitions", f"raises them to {few.wanted}"
    for hard in found.impossible:
        yield hard.topic, hard.what, f"nothing; {hard.remedy}"
