"""hub users: who may come to the broker and what each may do, compared and made as declared."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import Drift

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.settings import Settings
    from hub.users.grant import Grant
    from hub.users.plan import Difference

app = typer.Typer(help="Compare and make the users on the broker.", no_args_is_help=True)
COLUMNS = ("user", "difference", "what apply does")
Row = tuple[str, str, str]
Passwords = Annotated[
    Path,
    typer.Option(metavar="FOLDER", help="Where a file <role>_password lies for each user."),
]


@app.command(name="list", epilog="Example: hub users list -o json")
def list_(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every user there should be, who comes as it, and what it may do. Asks nobody."""
    settings = opened(ctx)
    from hub import wiring

    declared = [user for user in wiring.declared_users(settings) if not user.is_over]
    if output is Output.JSON:
        print_json(
            [
                {
                    "user": user.name,
                    "for": user.says,
                    "may": _sorted(user.grants),
                    "limits": user.quota.limits() if user.quota else {},
                }
                for user in declared
            ]
        )
    else:
        rows = (
            (user.name, user.says, may)
            for user in declared
            for may in _sorted(user.grants) or ["nothing"]
        )
        print_table(("user", "is for", "may"), rows)


@app.command(epilog="Example: hub users plan -o json")
def plan(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print what apply would do. Changes nothing."""
    found = _plan(opened(ctx))
    _print(found, output)
    note("Do it with: hub users apply" if found else "Nothing differs; passwords are not compared.")


@app.command(epilog="Example: hub users apply --passwords /run/secrets")
def apply(
    ctx: typer.Context, passwords: Passwords = Path("secrets"), output: As = Output.TABLE
) -> None:
    """Make the users as declared, with the passwords that lie in files; others stay as they are."""
    settings = opened(ctx)
    from hub import auditing, wiring
    from hub.audit.act import Did
    from hub.deployment import secrets
    from hub.streaming import users

    declared = wiring.declared_users(settings)
    words = secrets.passwords(passwords, wiring.process_users(settings))
    with auditing.audited(settings, Did.USERS_APPLIED, *(user.name for user in declared)):
        found, left = users.apply(settings.kafka.kafka_python(), declared, words)
    _print(found, output)
    if left:
        what = f"Nobody can come as: {', '.join(one.name for one in left)}."
        raise Drift(what, remedy="Give them new credentials: hub party rotate ID --now")
    note("The users are as declared.")


@app.command(epilog="Example: hub users drift && echo as declared")
def drift(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Exit 3 if the users on the broker differ from the declared ones, else 0."""
    found = _plan(opened(ctx))
    _print(found, output)
    if found:
        what = "The users on the broker are not the declared ones."
        raise Drift(what, remedy="Mend them with: hub users apply")
    note("The users are as declared; passwords are not compared.")


def _plan(settings: "Settings") -> "tuple[Difference, ...]":
    from hub import wiring
    from hub.streaming import users

    return users.plan(settings.kafka.kafka_python(), wiring.declared_users(settings))


def _print(found: "tuple[Difference, ...]", output: Output) -> None:
    rows = list(_rows(found))
    if output is Output.JSON:
        differences = [dict(zip(("user", "difference", "action"), r, strict=True)) for r in rows]
        print_json({"drift": bool(rows), "differences": differences})
    elif rows:
        print_table(COLUMNS, rows)


def _rows(found: "tuple[Difference, ...]") -> Iterator[Row]:
    for one in found:
        if one.is_missing:
            yield one.name, "has no password", "sets it, if it is the hub's own"
        if one.is_left:
            yield one.name, "has a password still", "takes it away"
        for lacking in _sorted(one.lacks):
            yield one.name, f"may not {lacking}", "grants it"
        for more in _sorted(one.exceeds):
            yield one.name, f"may {more}", "takes it away"
        for limit in one.limits:
            yield (
                one.name,
                f"{limit.key} is {_said(limit.found)}",
                f"sets it to {_said(limit.wanted)}",
            )


def _said(limit: float | None) -> str:
    return "unlimited" if limit is None else f"{limit:g}"


def _sorted(grants: "Iterable[Grant]") -> list[str]:
    return sorted(one.text for one in grants)
