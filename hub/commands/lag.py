"""hub lag: does everything that waits get read?"""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import ExitCode

if TYPE_CHECKING:
    from hub.settings import Settings

COLUMNS = ("group", "topic", "state", "waiting", "oldest", "next record", "members")
CLEAR = "\x1b[2J\x1b[H"


def lag(
    ctx: typer.Context,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it again every few seconds; Ctrl-C ends it.")
    ] = False,
    only_bad: Annotated[
        bool, typer.Option("--only-bad", help="Leave out what is as it should be.")
    ] = False,
    output: As = Output.TABLE,
) -> None:
    """Show every reader at every partition: what waits, since when, and what is wrong.

    Asks the running monitor; without one it looks at the broker itself, which takes a little where
    something waits. Exits 0 if all is well, 3 if something is wrong. Transaction markers are no
    lag.
    """
    settings = opened(ctx)
    from hub.operations import looking

    found = looking.known(settings, note)
    while watch:
        if output is Output.TABLE:
            print_text(CLEAR)
        _print(found, settings, output, only_bad=only_bad)
        try:
            time.sleep(settings.monitor.poll_s)
        except KeyboardInterrupt:
            break
        found = looking.known(settings, note)
    if not watch:
        _print(found, settings, output, only_bad=only_bad)
    raise typer.Exit(ExitCode.OK if found["fine"] else ExitCode.DRIFT)


def _print(found: Any, settings: "Settings", output: Output, *, only_bad: bool) -> None:  # noqa: ANN401
    if only_bad:
        found = found | {"readers": [one for one in found["readers"] if one["severity"] != "fine"]}
    if output is Output.JSON:
        print_json(found)
        return
    if found["readers"]:
        print_table(COLUMNS, (_row(one) for one in found["readers"]))
    for incident in found["incidents"]:
        said = incident["text"][settings.monitor.language.value]
        print_text(f"{incident['state']}  {said['what']}")
        print_text(f"       {said['affected']}. {said['do']}\n")
    if found["blind_since"]:
        note(f"The broker does not answer; seen last at {found['at']}.")
    note("All is well." if found["fine"] else "More: hub explain-state STATE")


def _row(one: Any) -> tuple[str, ...]:  # noqa: ANN401 - a JSON value
    place = f"{one['topic']}/{one['partition']}"
    waiting = f"{'' if one['exact'] else '≤ '}{one['lag']}"
    oldest = "" if one["oldest_s"] is None else _span(one["oldest_s"])
    following = "" if one["next"] is None else f"{place}@{one['next']}"
    return one["group"], place, one["state"], waiting, oldest, following, str(one["members"])


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
