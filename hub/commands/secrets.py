"""hub secrets: the passwords and certificates of a deployment, each in a file of its own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import note, print_text

app = typer.Typer(help="Make the secrets of a deployment.", no_args_is_help=True)


@app.callback()
def secrets() -> None:
    """Make the secrets of a deployment."""


@app.command(epilog="Example: hub secrets make secrets")
def make(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where they lie; made if it is not there.")],
) -> None:
    """Make by chance every secret that is not there yet; prints the names of the files it made."""
    settings = opened(ctx)
    from hub import auditing, wiring
    from hub.audit.act import Did
    from hub.deployment import secrets as making
    from hub.deployment import signing_keys

    with auditing.audited(settings, Did.SECRETS_MADE, str(folder)):
        made = making.make(folder, wiring.process_users(settings))
        parties = wiring.parties(settings).by_id
        keys = signing_keys.wanted(parties, settings.web.party or next(iter(parties)))
        made += signing_keys.make(folder, keys, datetime.now(UTC))
    for name in made:
        print_text(name)
    note(f"{len(made)} made in {folder}." if made else f"All are there in {folder}.")
