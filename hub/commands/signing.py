"""hub signing: whose signatures count, and keys issued, rotated and revoked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.names import offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.signing.keys import Key, Use

app = typer.Typer(help="Whose signatures count, and with which keys.", no_args_is_help=True)
COLUMNS = ("key", "use", "parties", "valid from", "until", "state")
Parties = Annotated[
    list[str],
    typer.Argument(metavar="PARTY...", help="For whom it speaks.", autocompletion=offered(parties)),
]
Days = Annotated[int, typer.Option(min=1, max=3650, help="For how many days it is good.")]
Seal = Annotated[
    bool, typer.Option("--seal", help="A key of the workers, to seal what the hub sends.")
]


@app.command(name="list", epilog="Example: hub signing list -o json")
def list_(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every key of the registry: whose it is, for what, and until when it is good."""
    registry, _ = _files(opened(ctx), private=False)
    from hub.signing.keys_file import load_keys

    now = datetime.now(UTC)
    keys = list(load_keys(registry))
    if output is Output.JSON:
        print_json([{**key.model_dump(mode="json"), "state": _state(key, now)} for key in keys])
    else:
        print_table(COLUMNS, (_row(key, now) for key in keys))


@app.command(epilog="Example: hub signing issue 06432005")
def issue(
    ctx: typer.Context,
    named: Parties,
    *,
    seal: Seal = False,
    days: Days = 365,
    output: As = Output.TABLE,
) -> None:
    """Make a key for these parties; its private half stays in the folder of private keys.

    Every process that can read both files uses it within a second. Keys there are stay as they
    are: `hub signing rotate` ends them.
    """
    settings = opened(ctx)
    registry, private = _files(settings)
    from hub.signing.issuing import issue as make

    now, valid = datetime.now(UTC), timedelta(days=days)
    key = make(registry, private, _known(settings, named), now, use=_use(seal=seal), valid=valid)
    _print([key], output)
    note(f"Its private half lies in {private}; copy both files to where it is used.")


@app.command(epilog="Example: hub signing rotate 06432005 --overlap 14")
def rotate(
    ctx: typer.Context,
    named: Parties,
    *,
    seal: Seal = False,
    days: Days = 365,
    overlap: Annotated[
        int, typer.Option(min=0, max=3650, help="For how many days the keys before it are good.")
    ] = 30,
    output: As = Output.TABLE,
) -> None:
    """Make a new key for these parties and end the ones before it once the overlap is over.

    What the old ones have signed until then counts for ever.
    """
    settings = opened(ctx)
    registry, private = _files(settings)
    from hub.signing.issuing import issue as make
    from hub.signing.issuing import retire

    now, valid = datetime.now(UTC), timedelta(days=days)
    key = make(registry, private, _known(settings, named), now, use=_use(seal=seal), valid=valid)
    ended = retire(registry, key, now, timedelta(days=overlap))
    _print([key, *ended], output)
    note(f"{len(ended)} keys before it are good for {overlap} more days.")


@app.command(epilog="Example: hub signing revoke 06432005-20261127-3f9a1c")
def revoke(
    ctx: typer.Context,
    kid: Annotated[str, typer.Argument(metavar="KEY", help="Its name, as in `hub signing list`.")],
    output: As = Output.TABLE,
) -> None:
    """Let nothing count that comes in from now on with this key, whenever it was signed.

    For a key that somebody else may have. What came in before stays as it was decided.
    """
    registry, _ = _files(opened(ctx), private=False)
    from hub.signing.issuing import revoke as end

    _print([end(registry, kid, datetime.now(UTC))], output)


def _files(settings: "Settings", *, private: bool = True) -> tuple[Path, Path]:
    options = settings.signatures
    if options.keys_file is None:
        remedy = "Name it: --set signatures.keys_file=keys.toml"
        what = "There is no registry of keys."
        raise ConfigError(what, where="signatures.keys_file", remedy=remedy)
    if private and options.private_keys is None:
        remedy = "Name a folder: --set signatures.private_keys=keys"
        what = "There is no place for a private key."
        raise ConfigError(what, where="signatures.private_keys", remedy=remedy)
    return options.keys_file, options.private_keys or Path()


def _known(settings: "Settings", named: list[str]) -> list[str]:
    from hub import wiring
    from hub.signing.keys import HUB

    registry = wiring.parties(settings)
    unknown = [party for party in named if party != HUB and registry.get(party) is None]
    if unknown:
        remedy = f"Use ids of the registry of parties, or {HUB} for the hub itself."
        raise UsageError("There is no such party.", where=", ".join(unknown), remedy=remedy)
    return named


def _use(*, seal: bool) -> "Use":
    from hub.signing.keys import Use

    return Use.SEAL if seal else Use.SIGN


def _print(keys: "list[Key]", output: Output) -> None:
    now = datetime.now(UTC)
    if output is Output.JSON:
        print_json([{**key.model_dump(mode="json"), "state": _state(key, now)} for key in keys])
    else:
        print_table(COLUMNS, (_row(key, now) for key in keys))


def _row(key: "Key", now: datetime) -> tuple[object, ...]:
    begins, ends = f"{key.valid_from:%Y-%m-%d}", f"{key.valid_until:%Y-%m-%d}"
    return key.kid, key.use, ", ".join(key.parties), begins, ends, _state(key, now)


def _state(key: "Key", now: datetime) -> str:
    if key.is_revoked(now.timestamp()):
        return "revoked"
    return "valid" if key.was_valid(now.timestamp()) else "expired"
