"""hub monitor, explain-state: who watches whether events move, and what a state means."""

from typing import Annotated

import typer

from hub.commands.names import offered, states
from hub.commands.opening import opened
from hub.commands.printing import As, Output, print_json, print_text
from hub.errors import UsageError


def monitor(ctx: typer.Context) -> None:
    """Watch readers and senders; tell by mail and webhook, answer by HTTP.

    Addresses: /metrics for Prometheus, /healthz, /readyz, /version, and /snapshot with all that is
    known as JSON.
    """
    settings = opened(ctx, lasting=True)
    from hub.operations.monitor import monitor as run
    from hub.stopping import stop_on_signals

    run(settings, stop_on_signals(settings.alive_file))


def explain_state(
    ctx: typer.Context,
    state: Annotated[
        str,
        typer.Argument(
            help="As `hub lag` names it, for example STALL.", autocompletion=offered(states)
        ),
    ],
    *,
    language: Annotated[
        str | None, typer.Option(help="de or en. Default: the setting monitor.language.")
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Print what a state means and what to do, step by step."""
    settings = opened(ctx)
    from hub.language import Language
    from hub.monitor.runbook import text_of
    from hub.monitor.states import State

    try:
        found = State(state.upper())
    except ValueError as error:
        remedy = f"Use one of: {', '.join(State)}."
        raise UsageError("There is no such state.", where=state, remedy=remedy) from error
    try:
        spoken = Language(language) if language else settings.monitor.language
    except ValueError as error:
        raise UsageError("Use de or en.", where="--language") from error
    text = text_of(found, spoken)
    if output is Output.JSON:
        severity = {"state": found.value, "severity": found.severity.value}
        print_json(severity | {"name": text.name, "do": text.do, "runbook": text.runbook})
    else:
        print_text(f"{found}: {text.name}\n\n{text.do}\n\n{text.runbook}")
