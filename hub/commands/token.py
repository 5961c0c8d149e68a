"""hub token: who may come in at the doors, and until when; made, listed, revoked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.callers.scopes import ALL, Scope, written
from hub.commands import names
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from connectors.callers.credentials import Credential
    from hub.settings import Settings

app = typer.Typer(help="The tokens that open the doors for parties.", no_args_is_help=True)
COLUMNS = ("name", "kind", "party", "scopes", "until", "note")


class Door(StrEnum):
    """A door with tokens."""

    HTTP_API = "http_api"
    MAILBOX = "mailbox"


At = Annotated[Door, typer.Option(help="The door whose `tokens_file` is meant.")]
File = Annotated[Path | None, typer.Option(help="Another file than the door's `tokens_file`.")]


@app.command(epilog="Example: hub token make 06432005 --scope send:referrals --days 365")
def make(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    party: Annotated[
        str,
        typer.Argument(
            metavar="PARTY", help="Whose it is.", autocompletion=names.offered(names.parties)
        ),
    ],
    *,
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it is for; several times. Default: all.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good for.")] = 365,
    note_: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="For people: which system has it.")
    ] = "",
    door: At = Door.HTTP_API,
    file: File = None,
    output: As = Output.TABLE,
) -> None:
    """Make a token, print it this once, and write its hash into the door's file of tokens.

    A running door knows it from the next request on.
    """
    settings = opened(ctx)
    from connectors.callers.credential_file import add_token
    from hub import auditing
    from hub.audit.act import Did
    from hub.doors.asked import known

    known(settings, (party,), "PARTY", may_probe=door is Door.HTTP_API)
    where = _file(settings, door, file)
    until = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
    scopes = frozenset(scope) if scope else ALL
    made = auditing.audited(
        settings, Did.TOKEN_MADE, party, party=party, reason=f"{door}: {written(scopes)}"
    )
    with made, _of_use(where):
        token = add_token(where, party, scopes, until, note_.strip())
    if output is Output.JSON:
        said = {"token": token, "party": party, "scopes": written(scopes).split(",")}
        print_json({**said, "until": until.isoformat(), "file": str(where)})
    else:
        print_text(token)
    note(f"Good until {until:%Y-%m-%d}. It is shown this once: {where} has its hash only.")


@app.command("list", epilog="Example: hub token list --door mailbox -o json")
def list_(
    ctx: typer.Context, door: At = Door.HTTP_API, file: File = None, output: As = Output.TABLE
) -> None:
    """Print whom the door's file of tokens lets in, for what, and until when."""
    settings = opened(ctx)
    from connectors.callers.credential_file import read_credentials

    where = _file(settings, door, file)
    with _of_use(where):
        found = read_credentials(where)
    _print(found, output)


@app.command(epilog="Example: hub token revoke 1f2e3d4c")
def revoke(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `hub token list` prints it.")],
    door: At = Door.HTTP_API,
    file: File = None,
    output: As = Output.TABLE,
) -> None:
    """Take a token back; a running door refuses it from the next request on."""
    settings = opened(ctx)
    from connectors.callers import credential_file
    from hub import auditing
    from hub.audit.act import Did

    where = _file(settings, door, file)
    with auditing.audited(settings, Did.TOKEN_REVOKED, name, reason=door), _of_use(where):
        gone = credential_file.revoke(where, name)
        if not gone:
            what = "There is no such token in this file."
            raise UsageError(what, where=f"{where}: {name}", remedy="See: hub token list")
    _print(gone, output)
    note("It opens nothing any more; its line is a comment now.")


def _file(settings: "Settings", door: Door, file: Path | None) -> Path:
    options = settings.http_api if door is Door.HTTP_API else settings.mailbox
    found = file or options.tokens_file
    if found is None:
        remedy = f"Set {door}.tokens_file, or name a file: --file FILE"
        raise ConfigError("There is no file of tokens.", where=f"{door}.tokens_file", remedy=remedy)
    return found


@contextmanager
def _of_use(file: Path) -> Iterator[None]:
    from connectors.callers.credential_file import TokensUnreadable

    try:
        yield
    except TokensUnreadable as error:
        raise ConfigError(str(error), where=str(file), remedy="Correct the file.") from None
    except OSError as error:
        what = f"Cannot be used: {error.strerror}."
        raise ConfigError(
            what, where=str(file), remedy="Name a file this user may write."
        ) from None


def _print(found: "list[Credential]", output: Output) -> None:
    if output is Output.JSON:
        rows = [dict(zip(COLUMNS, _row(one), strict=True)) for one in found]
        print_json({"tokens": [{**row, "scopes": row["scopes"].split(",")} for row in rows]})
    else:
        print_table(COLUMNS, (_row(one) for one in found))


def _row(one: "Credential") -> tuple[str, str, str, str, str, str]:
    until = one.until.isoformat() if one.until else ""
    return one.name, one.kind, one.party, written(one.scopes), until, one.note
