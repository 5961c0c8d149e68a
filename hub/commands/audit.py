"""hub audit: who has seen or changed what, and whether the chain of it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.names import acts, offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import ConfigError, HubError, UsageError

if TYPE_CHECKING:
    from hub.audit.chain import Head, Verdict
    from hub.stores.audit.sql_audit import SqlAudit

app = typer.Typer(help="Who has seen or changed what, in a chain of digests.", no_args_is_help=True)
COLUMNS = ("number", "at", "who", "role", "party", "did", "about", "reason")
Moment = Annotated[str, typer.Option(metavar="TIME", help="Of Berlin: 2026-11-02T08:00, or a day.")]


class ChainBroken(HubError):
    """The chain does not hold: somebody has changed the audit, or its database was damaged."""


@app.command(epilog="Example: hub audit ls --about case-0001 -o json")
def ls(  # noqa: PLR0913 - ways to choose
    ctx: typer.Context,
    *,
    who: Annotated[str, typer.Option(metavar="ID", help="Of this clerk, or user@machine.")] = "",
    did: Annotated[
        str,
        typer.Option(metavar="CODE", help="Only this.", autocompletion=offered(acts)),
    ] = "",
    about: Annotated[
        str, typer.Option(metavar="ID", help="About this case, letter, account, party or topic.")
    ] = "",
    party: Annotated[
        str, typer.Option(metavar="PARTY", help="Of a party.", autocompletion=offered(parties))
    ] = "",
    since: Moment = "",
    until: Moment = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")] = 100,
    output: As = Output.TABLE,
) -> None:
    """Print what was done, oldest first: when, who, as what, what, about what, and why."""
    from hub.audit.keeping import Wanted

    wanted = Wanted(who, did, about, party, _moment("--since", since), _moment("--until", until))
    with _audit(ctx) as audit:
        rows = audit.latest(wanted, most)
    if output is Output.JSON:
        print_json([row._asdict() for row in reversed(rows)])
    else:
        print_table(COLUMNS, ((row.number, _local(row.at), *row[2:8]) for row in reversed(rows)))
    if len(rows) == most:
        note(f"The newest {most} are shown; there may be older ones: --most")


@app.command(epilog="Example: hub audit head >> heads.txt")
def head(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print number and digest of the newest row, to be kept where nobody of here can change it."""
    with _audit(ctx) as audit:
        found = audit.head()
    if output is Output.JSON:
        print_json({"number": found.number, "hash": found.hash, "head": str(found)})
    else:
        print_text(str(found))


@app.command(epilog="Example: hub audit verify --told heads.txt --told web.log")
def verify(
    ctx: typer.Context,
    *,
    told: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Logs, mails or lists in which heads stand; may be repeated."
        ),
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Check the whole chain; exits 1 and names the first row that does not hold.

    Changed, missing and added rows show by the chain itself. That its end was cut off, or that all
    of it was written anew, shows by heads that were told elsewhere: each process that writes tells
    them in its log.
    """
    from hub.audit import chain

    heads = [one for file in told or () for one in _heads(file)]
    with _audit(ctx) as audit, audit.all() as rows:
        verdict = chain.verify(rows, heads)
    _print(verdict, output)
    if told and not heads:
        note("No head stands in what was given: only the chain itself was checked.")
    if verdict.broken is not None:
        where = f"{verdict.broken.flaw} at {verdict.broken.number}"
        remedy = "Keep the database as it is, and compare it with its backups up to that row."
        raise ChainBroken(where=where, remedy=remedy)
    note(f"The chain holds: {verdict.rows} rows, {verdict.told} heads told elsewhere.")


@contextmanager
def _audit(ctx: typer.Context) -> "Iterator[SqlAudit]":
    settings = opened(ctx)
    from hub import auditing

    with auditing.kept(settings) as audit:
        if audit is None:
            remedy = "Give it a database of its own: audit.database = postgresql://…"
            raise ConfigError("No audit is kept.", where="audit.database", remedy=remedy)
        yield audit


def _print(verdict: "Verdict", output: Output) -> None:
    broken = verdict.broken
    if output is Output.JSON:
        print_json(
            {
                "rows": verdict.rows,
                "head": str(verdict.head),
                "told": verdict.told,
                "broken": broken and {"number": broken.number, "flaw": broken.flaw},
            }
        )
    else:
        found = f"{broken.flaw} at {broken.number}" if broken else "nothing"
        row = (verdict.rows, str(verdict.head), verdict.told, found)
        print_table(("rows that hold", "the last of them", "heads found", "broken"), [row])


def _heads(file: Path) -> "Iterator[Head]":
    from hub.audit.chain import heads_in

    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                yield from heads_in(line)
    except OSError as error:
        what = f"Cannot be read: {error.strerror}."
        raise UsageError(what, where=str(file), remedy="Name a file of text.") from error


def _local(at: str) -> str:
    """A row's time as people read it, to the second; nonsense as it is."""
    from hub.domain.working_year import ZONE

    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def _moment(option: str, text: str) -> str:
    """A time as rows have it; empty for none."""
    from hub.domain.working_year import ZONE

    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write it like 2026-11-02 or 2026-11-02T08:00."
        raise UsageError("This is no time.", where=option, remedy=remedy) from None
    at = at if at.tzinfo else at.replace(tzinfo=ZONE)
    return at.astimezone(UTC).isoformat(timespec="microseconds")
