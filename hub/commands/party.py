"""hub party: who takes part, with which credentials, and what each may do."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.names import offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from hub.members.members import Done, Members

    Audited = Callable[..., AbstractContextManager[None]]

app = typer.Typer(
    help="Take parties in and out: users and grants at the broker, tokens, credential sheets.",
    no_args_is_help=True,
)
COLUMNS = ("party", "name", "state", "credentials", "until")
FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
Id = Annotated[
    str, typer.Argument(metavar="ID", help="As in the registry.", autocompletion=offered(parties))
]
GoodUntil = Annotated[
    datetime | None,
    typer.Option(
        "--good-until", formats=FORMATS, help="When they end; else membership.valid_days."
    ),
]


@app.command(epilog="Example: hub party add 06432005")
def add(
    ctx: typer.Context, party: Id, good_until: GoodUntil = None, output: As = Output.TABLE
) -> None:
    """Let a party take part: a user that reads its deliveries, tokens, a sheet with the secrets.

    One that takes part already keeps what it has; one that was suspended is let in again.
    """
    members, audited = _members(ctx)
    from hub.audit.act import Did

    with audited(Did.PARTY_ADDED, party):
        done = members.add(party, _moment(good_until))
    _print(done, output)


@app.command(epilog="Example: hub party rotate 06432005 --until 2026-12-01T12:00")
def rotate(
    ctx: typer.Context,
    party: Id,
    *,
    until: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, help="How long the former count; else overlap_hours."),
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="The former end at once: they are lost, or known.")
    ] = False,
    good_until: GoodUntil = None,
    output: As = Output.TABLE,
) -> None:
    """Give a party new credentials; the former count beside them for a while, or end at once."""
    if now and until:
        raise UsageError("Say either.", where="--now and --until", remedy="Leave one of them out.")
    members, audited = _members(ctx)
    from hub.audit.act import Did

    with audited(Did.PARTY_ROTATED, party, reason="at once" if now else "with overlap"):
        done = members.rotate(party, _moment(until), _moment(good_until), at_once=now)
    _print(done, output)


@app.command(epilog="Example: hub party suspend 06432005")
def suspend(ctx: typer.Context, party: Id, output: As = Output.TABLE) -> None:
    """Let a party do nothing from now on; everything is kept, `resume` undoes it."""
    members, audited = _members(ctx)
    from hub.audit.act import Did

    with audited(Did.PARTY_SUSPENDED, party):
        done = members.suspend(party)
    _print(done, output)


@app.command(epilog="Example: hub party resume 06432005")
def resume(ctx: typer.Context, party: Id, output: As = Output.TABLE) -> None:
    """Let a party that was suspended do what it might before."""
    members, audited = _members(ctx)
    from hub.audit.act import Did

    with audited(Did.PARTY_ADDED, party, reason="resumed"):
        done = members.resume(party)
    _print(done, output)


@app.command(epilog="Example: hub party remove 06432005 --yes")
def remove(
    ctx: typer.Context,
    party: Id,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    output: As = Output.TABLE,
) -> None:
    """Take away everything a party was given; registry, topics and deliveries stay."""
    members, audited = _members(ctx)
    from hub.audit.act import Did

    if not yes:
        ask = f"Take away all credentials of {party}? It needs new ones to take part again."
        typer.confirm(ask, abort=True, err=True)
    with audited(Did.PARTY_REMOVED, party):
        done = members.remove(party)
    _print(done, output)


@app.command(epilog="Example: hub party apply")
def apply(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Make broker and doors as the register says, and end what is over. Run it every day."""
    members, audited = _members(ctx)
    from hub.audit.act import Did

    with audited(Did.USERS_APPLIED, *members.all()):
        done = members.apply()
    did = [line for one in done for line in one.did]
    if output is Output.JSON:
        print_json({"did": did})
    for line in did:
        note(line)
    note("Everything is as the register says.")


@app.command("list", epilog="Example: hub party list -o json")
def list_(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every party of the registry, how it stands, and until when. Asks nobody."""
    settings = opened(ctx)
    from hub import wiring
    from hub.members.members import Members

    now = datetime.now(UTC)
    known, declared = Members(settings, now).all(), wiring.parties(settings).by_id
    rows = []
    for party in dict.fromkeys((*declared, *known)):
        one = known.get(party)
        current = list(one.current(now)) if one else []
        numbers = [each.number for each in current]
        until = max((each.until for each in current), default=None)
        name = declared[party].name if party in declared else "(not in the registry)"
        rows.append((party, name, one.state.value if one else None, numbers, until))
    if output is Output.JSON:
        said = [(*row[:4], row[4].isoformat() if row[4] else None) for row in rows]
        print_json({"parties": [dict(zip(COLUMNS, row, strict=True)) for row in said]})
    else:
        print_table(COLUMNS, (_shown(*row) for row in rows))


@app.command(epilog="Example: hub party render --strimzi kubernetes --cluster kurze-wege")
def render(
    ctx: typer.Context,
    *,
    strimzi: Annotated[
        Path, typer.Option(metavar="DIR", help="Where topics.yaml and users.yaml go.")
    ],
    cluster: Annotated[str, typer.Option(help="The name of the Kafka resource.")] = "kurze-wege",
) -> None:
    """Write the declared topics and users as Strimzi's resources, for Kubernetes.

    The topics are those of `hub topics`, the users those of `hub users`, parties included.
    """
    settings = opened(ctx)
    from hub.members.kubernetes import strimzi_files

    strimzi.mkdir(parents=True, exist_ok=True)
    for name, text in strimzi_files(settings, cluster).items():
        (strimzi / name).write_text(text, "utf-8")
        print_text(str(strimzi / name))


def _members(ctx: typer.Context) -> "tuple[Members, Audited]":
    """The parties, and what writes down what is done to them."""
    settings = opened(ctx)
    from hub import auditing
    from hub.members.members import Members

    return Members(settings, datetime.now(UTC)), partial(auditing.audited, settings)


def _moment(said: datetime | None) -> datetime | None:
    """A day or a time of Berlin."""
    from hub.domain.working_year import ZONE

    return said.replace(tzinfo=ZONE).astimezone(UTC) if said else None


def _shown(
    party: str, name: str, state: str | None, numbers: list[int], until: datetime | None
) -> tuple[str | None, ...]:
    end = f"{until:%Y-%m-%d}" if until else None
    return party, name, state or "-", ", ".join(map(str, numbers)), end


def _print(done: "Done", output: Output) -> None:
    member = done.membership
    if output is Output.JSON:
        print_json(
            {
                "party": member.party,
                "state": member.state.value,
                "did": list(done.did),
                "to_do": list(done.to_do),
                "sheet": str(done.sheet) if done.sheet else None,
            }
        )
    elif done.sheet:
        print_text(str(done.sheet))
    for line in done.did:
        note(line)
    if done.sheet:
        note(f"The sheet with the secrets, shown this once: {done.sheet}")
    note(f"{member.party} is {member.state}.")
    for line in done.to_do:
        note(f"To do: {line}")
