"""hub clerk, hub operator: the accounts of those who sign in at a back office, or at the board."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from hub.access.roles import Role
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from hub.access.clerk import Account
    from hub.clerks import Clerks


class Whose(NamedTuple):
    """Whose accounts a command is about."""

    says: str
    roles: Sequence[Role]
    """Those an account can have; the first where nobody says."""
    section: str
    """The settings of signing in."""


WHOSE: Final = {
    "clerk": Whose(
        "The accounts of the clerks who sign in at the back office.",
        (Role.CLERK, Role.LEAD, Role.AUDITOR),
        "web",
    ),
    "operator": Whose(
        "The accounts of the operators who sign in at the board, to work dead letters.",
        (Role.OPERATOR, Role.AUDITOR),
        "monitor.accounts",
    ),
}
COLUMNS = ("id", "name", "shown", "role", "state")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, or the id.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one up.")]


def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")],
    *,
    shown: Annotated[str, typer.Option(help="The name that colleagues see.")],
    role: Annotated[Role | None, typer.Option(help="What they are there for.")] = None,
    ask: Ask = False,
    output: As = Output.TABLE,
) -> None:
    """Add an account; its password is made up and shown this once, or asked for.

    A password that was made up must be changed at the first sign-in. None is ever taken from the
    command line, where others could read it.
    """
    fitting = _role(ctx, role)
    with _accounts(ctx) as accounts:
        account, known = accounts.add(name, shown, fitting, _asked() if ask else None)
    _print_with_password(account, None if ask else known, output)


def list_(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every account."""
    with _accounts(ctx) as accounts:
        found = accounts.all()
    if output is Output.JSON:
        print_json(
            {f"{_command(ctx)}s": [dict(zip(COLUMNS, _row(one), strict=True)) for one in found]}
        )
    else:
        print_table(COLUMNS, (_row(one) for one in found))


def role(
    ctx: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Argument(help="What they are there for.")],
    output: As = Output.TABLE,
) -> None:
    """Give an account another role; it counts from the next click on."""
    fitting = _role(ctx, role)
    with _accounts(ctx) as accounts:
        _print(accounts.set_role(name, fitting), output)


def lock(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Lock an account: its sessions are over, and nobody can sign in to it."""
    with _accounts(ctx) as accounts:
        _print(accounts.lock(name), output)


def unlock(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Unlock an account, and end the pause after failed sign-ins."""
    with _accounts(ctx) as accounts:
        _print(accounts.unlock(name), output)


def password(
    ctx: typer.Context, name: Name, *, ask: Ask = False, output: As = Output.TABLE
) -> None:
    """Give an account another password, made up or asked for; all its sessions end."""
    with _accounts(ctx) as accounts:
        account, known = accounts.set_password(name, _asked() if ask else None)
    _print_with_password(account, None if ask else known, output)


def remove(ctx: typer.Context, name: Name, output: As = Output.TABLE) -> None:
    """Remove an account: all that is left is its id in the records."""
    with _accounts(ctx) as accounts:
        _print(accounts.remove(name), output)


COMMANDS: Final[Sequence[tuple[str, Callable[..., None], str]]] = (
    ("add", add, "add m.beispiel --shown 'Mara Beispiel' --role {role}"),
    ("list", list_, "list -o json"),
    ("role", role, "role m.beispiel auditor"),
    ("lock", lock, "lock m.beispiel"),
    ("unlock", unlock, "unlock m.beispiel"),
    ("password", password, "password m.beispiel --ask"),
    ("remove", remove, "remove m.beispiel"),
)


def app(command: str) -> typer.Typer:
    """The commands `hub clerk …`, or `hub operator …`."""
    whose = WHOSE[command]
    made = typer.Typer(help=whose.says, no_args_is_help=True)
    for name, does, example in COMMANDS:
        said = example.format(role=whose.roles[-2])
        made.command(name, epilog=f"Example: hub {command} {said}")(does)
    return made


def _command(ctx: typer.Context) -> str:
    """`clerk` or `operator`."""
    assert ctx.parent  # noqa: S101 - these commands stand in a group
    assert ctx.parent.info_name  # noqa: S101 - which has a name
    return ctx.parent.info_name


def _role(ctx: typer.Context, role: Role | None) -> Role:
    """The role that was said, or the usual one; raises UsageError for another room's."""
    roles = WHOSE[_command(ctx)].roles
    if role is not None and role not in roles:
        remedy = f"Use one of: {', '.join(roles)}."
        raise UsageError("Nobody has this role there.", where=role, remedy=remedy)
    return role or roles[0]


@contextmanager
def _accounts(ctx: typer.Context) -> "Iterator[Clerks]":
    settings = opened(ctx)
    from hub import auditing, clerks

    command = _command(ctx)
    section = WHOSE[command].section
    is_board = command == "operator"
    database = settings.monitor.accounts.database if is_board else settings.web.database
    if database is None:
        remedy = "Say where: --set monitor.accounts.database=sqlite:///.kurze-wege/operators.sqlite"
        what = "It is not said where the operators' accounts are kept."
        raise ConfigError(what, where=f"{section}.database", remedy=remedy)
    party = None if is_board else settings.web.party
    with auditing.kept(settings) as audit:
        beside = auditing.accounts(audit, party, auditing.operator(settings))
        with clerks.opened(database.get_secret_value(), beside, command, section) as found:
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
