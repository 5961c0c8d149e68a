"""hub clerk: the accounts of a party's clerks at the back office."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hub.access.roles import Role
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table

if TYPE_CHECKING:
    from hub.access.clerk import Account
    from hub.clerks import Clerks

app = typer.Typer(
    help="The accounts of the clerks who sign in at the back office.", no_args_is_help=True
)
COLUMNS = ("id", "name", "shown", "role", "state")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, or the id.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one up.")]


@app.command(epilog="Example: hub clerk add m.beispiel --shown 'Mara Beispiel' --role lead")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")],
    *,
    shown: Annotated[str, typer.Option(help="The name that colleagues see.")],
    role: Annotated[Role, typer.Option(help="What the clerk is there for.")] = Role.CLERK,
    ask: Ask = False,
    output: As = Output.TABLE,
) -> None:
    """Add an account; its password is made up and shown this once, or asked for.

    A password that was made up must be changed at the first sign-in. None is ever taken from the
    command line, where others could read it.
    """
    with _accounts(ctx) as accounts:
        account, known = accounts.add(name, shown, role, _asked() if ask else None)
    _print_with_password(account, None if ask else known, output)


@app.command("list", epilog="Example: hub clerk list -o json")
def list_(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every account."""
    with _accounts(ctx) as accounts:
        found = accounts.all()
    if output is Output.JSON:
        print_json({"clerks": [dict(zip(COLUMNS, _row(one), strict=True)) for one in found]})
    else:
        print_table(COLUMNS, (_row(one) for one in found))


@app.command(epilog="Example: hub clerk role m.beispiel auditor")
def role(
    ctx: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Argument(help="What the clerk is there for.")],
    output: As = Output.TABLE,
) -> None:
    """Give an account another role; it counts from the clerk's next click on."""
    with _accounts(ctx) as accounts:
        _print(accounts.set_role(name, role), output)


@app.command(epilog="Example: hub clerk lock m.beispiel")
def lock(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Lock an account: its sessions are over, and nobody can sign in to it."""
    with _accounts(ctx) as accounts:
        _print(accounts.lock(name), output)


@app.command(epilog="Example: hub clerk unlock m.beispiel")
def unlock(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Unlock an account, and end the pause after failed sign-ins."""
    with _accounts(ctx) as accounts:
        _print(accounts.unlock(name), output)


@app.command(epilog="Example: hub clerk password m.beispiel --ask")
def password(
    ctx: typer.Context, name: Name, *, ask: Ask = False, output: As = Output.TABLE
) -> None:
    """Give an account another password, made up or asked for; all its sessions end."""
    with _accounts(ctx) as accounts:
        account, known = accounts.set_password(name, _asked() if ask else None)
    _print_with_password(account, None if ask else known, output)


@app.command(epilog="Example: hub clerk remove m.beispiel")
def remove(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Remove an account: all that is left is its id in the records."""
    with _accounts(ctx) as accounts:
        _print(accounts.remove(name), output)


@contextmanager
def _accounts(ctx: typer.Context) -> "Iterator[Clerks]":
    settings = opened(ctx)
    from hub import auditing, clerks

    with auditing.kept(settings) as audit:
        beside = auditing.accounts(audit, settings.web.party, auditing.operator(settings))
        with clerks.opened(settings.web.database.get_secret_value(), beside) as found:
            yield found


def _asked() -> str:
    """The password, typed twice without being shown; from a pipe its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _row(account: "Account") -> tuple[str, str, str, str, str]:
    clerk = account.clerk
    name = account.sign_in_name or "(OpenID)"
    state = "locked" if account.locked_at else "new" if account.must_change else "active"
    return clerk.id, name, clerk.name, clerk.role.value, state


def _print(account: "Account", output: Output) -> None:
    if output is Output.JSON:
        print_json(dict(zip(COLUMNS, _row(account), strict=True)))
    else:
        print_table(COLUMNS, [_row(account)])


def _print_with_password(account: "Account", password: str | None, output: Output) -> None:
    if password is None:
        _print(account, output)
        return
    row = (*_row(account), password)
    if output is Output.JSON:
        print_json(dict(zip((*COLUMNS, "password"), row, strict=True)))
    else:
        print_table((*COLUMNS, "password"), [row])
    note("The password is shown this once; it must be changed at the first sign-in.")
