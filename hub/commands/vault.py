"""hub vault: the keys of subjects, and the master key that wraps them."""

from contextlib import closing

import typer

from hub.commands.opening import opened
from hub.commands.printing import note

app = typer.Typer(no_args_is_help=True, help="The keys of subjects: wrap them by a new master key.")


@app.callback()
def vault() -> None:
    """The keys of subjects: wrap them by a new master key."""


@app.command(epilog="Example: hub vault rewrap")
def rewrap(ctx: typer.Context) -> None:
    """Wrap all keys by the first master key of the file; then the ones behind it may go.

    After erasures, and whenever somebody may have had the master key: put a new line before the
    old one, restart who uses it, rewrap, take the old line away and destroy it. A copy of the
    vault from before opens nothing any more without the line that was destroyed.
    """
    settings = opened(ctx)
    from hub import auditing, wiring
    from hub.audit.act import Did
    from hub.errors import ConfigError

    kept = wiring.vault(settings)
    if kept is None:
        raise ConfigError("There is no vault.", where="vault.database", remedy="Name one.")
    with closing(kept) as opened_vault, auditing.audited(settings, Did.VAULT_REWRAPPED, "vault"):
        count = opened_vault.rewrap()
    note(f"{count} keys were wrapped anew.")
