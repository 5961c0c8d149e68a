"""hub probe: does an event come through from each door to each inbox and back?"""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.names import doors, offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from datetime import timedelta

    from hub.monitor.probed import Probed, Round
    from hub.operations.probe_plan import Plan

COLUMNS = ("door", "recipient", "probe", "door s", "lane s", "inbox s", "back s", "whole way s")


def probe(
    ctx: typer.Context,
    *,
    door: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only through this door; may be repeated.",
            autocompletion=offered(doors),
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PARTY",
            help="Only to this party; may be repeated.",
            autocompletion=offered(parties),
        ),
    ] = None,
    within: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            min=1,
            help="How long to wait. Default: the setting monitor.probe.within_s.",
        ),
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Send a probe through each door to each inbox, and show how long each part of the way took.

    A probe says nothing and is shown to nobody: sinks keep that they have passed it. Exits 0 if
    all came through, 3 if one did not.
    """
    settings = opened(ctx)
    from hub.operations import watched
    from hub.operations.probe_plan import plan
    from hub.operations.probing import go_round

    planned = plan(settings, door or (), to or ())
    if not planned.ways:
        remedy = "hub/monitor/README.md says what each door needs to be probed."
        raise ConfigError(f"There is no way to probe. {_why(planned)}.", remedy=remedy)
    seconds = within or settings.monitor.probe.within_s
    note(f"{len(planned.ways)} probes are sent; each may take {seconds} s.")
    found = go_round(settings, planned, watched.now, seconds, threading.Event())
    _print(found, output)
    is_fine = all(one.stuck is None for one in found.probed)
    raise typer.Exit(ExitCode.OK if is_fine else ExitCode.DRIFT)


def _print(found: "Round", output: Output) -> None:
    from hub.monitor import plain

    if output is Output.JSON:
        left_out = [one._asdict() for one in found.left_out]
        print_json({"probes": [plain.probe(one) for one in found.probed], "left_out": left_out})
        return
    from schemas.vocabulary import Door

    print_table(COLUMNS, (_row(one) for one in found.probed))
    without = [one for one in found.left_out if one.name not in list(Door)]
    for one in found.left_out:
        if one not in without:
            note(f"{one.name} is not probed: {one.because}.")
    if without:
        note(f"{len(without)} parties are not probed: {without[0].because}.")
    stuck = [one for one in found.probed if one.stuck]
    note("More: hub explain-state STUCK" if stuck else "Every probe came through.")


def _why(planned: "Plan") -> str:
    """What the doors lack, else that nobody has an inbox here."""
    from schemas.vocabulary import Door

    lacking = [f"{one.name}: {one.because}" for one in planned.left_out if one.name in list(Door)]
    return "; ".join(lacking) or "No sink of these settings reads for any of these parties"


def _row(one: "Probed") -> tuple[str, ...]:
    from hub.language import Language
    from hub.monitor.probes import Stage
    from hub.monitor.runbook import stages

    said = "through"
    if one.stuck:
        said = f"stuck {stages(Language.ENGLISH)[one.stuck]}: {one.at}"
        said += f" ({one.objection})" if one.objection else ""
    spans = [one.took.get(stage) for stage in Stage]
    return one.door, one.recipient, said, *_seconds([*spans, one.total])


def _seconds(spans: "list[timedelta | None]") -> Iterator[str]:
    for span in spans:
        yield "" if span is None else f"{span.total_seconds():.1f}"
