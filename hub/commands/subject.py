"""hub subject: what the hub holds of a person on a case."""

from typing import Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import print_json, print_text
from hub.commands.progress import progress
from hub.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="What the hub holds of a person on a case.")


@app.callback()
def subject() -> None:
    """What the hub holds of a person on a case."""


@app.command(epilog="Example: hub subject report case-0001 > auskunft.md")
def report(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(metavar="SUBJECT", help="The case.")],
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FORM", help="markdown or json.")
    ] = "markdown",
) -> None:
    """Answer a request for access (GDPR Art. 15): purposes, recipients, times, and the content.

    In German, as Markdown. It holds what was said of the person: keep it as you keep their file.
    """
    if output not in ("markdown", "json"):
        raise UsageError("There is no such form.", where="--output", remedy="markdown or json")
    settings = opened(ctx)
    from hub import auditing, wiring
    from hub.audit.act import Did
    from hub.law.access import markdown, plain
    from hub.operations.telling_a_person import gather
    from hub.operations.watched import now

    with auditing.audited(settings, Did.SUBJECT_REPORTED, case):
        found = gather(settings, case, now(), progress("{} records were looked at."))
    if found is None:
        raise UsageError("There is nothing of this case.", where=case)
    if output == "json":
        print_json(plain(found))
    else:
        print_text(markdown(found, wiring.parties(settings)))
