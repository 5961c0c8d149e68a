"""hub erase: what is said of a person on a case is erased, everywhere, and it is proved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.commands.progress import progress
from hub.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from hub.operations.proving import Proof
    from hub.operations.subject_look import Found


def erase(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The case.")],
    *,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Who asked and why; no names. Kept in the vault.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it, only shown.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also an open case, or one that must be kept.")
    ] = False,
    wait: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds that the sinks have to erase theirs.")
    ] = 60,
    output: As = Output.TABLE,
) -> None:
    """Destroy the key of a case, tell everybody who was sent anything of it, and prove it.

    Shown only without --yes. What was encrypted with the key says nothing any more, wherever it
    lies; ids, codes and times stay, and with them order, ledger and signatures. Interrupted, it
    is called again and goes on. Exits 0 only if nothing readable is left: else it says where.
    """
    settings = opened(ctx)
    from hub import auditing
    from hub.audit.act import Did
    from hub.operations import erasing
    from hub.operations.subject_look import look, objections
    from hub.operations.watched import now
    from hub.stopping import stop_on_signals

    if yes:
        erasing.check_reason(reason)
    found = look(settings, subject, progress("{} records were looked at."))
    if not found.is_known:
        raise UsageError("There is nothing of this case.", where=subject)
    against = [*objections(settings, found, now())]
    if not yes:
        _show(found, against, output)
        raise typer.Exit(ExitCode.OK)
    if against and not force:
        remedy = "Let it end first, or add --force and say why in --reason."
        raise erasing.NotYet("; ".join(against), where=subject, remedy=remedy)
    stop = stop_on_signals()
    with auditing.audited(settings, Did.SUBJECT_ERASED, subject, reason=reason):
        proof = erasing.erase(settings, found, reason, wait, note, stop)
    _print(proof, output)
    raise typer.Exit(ExitCode.OK if proof.holds else ExitCode.FAILED)


def _show(found: "Found", objections: list[str], output: Output) -> None:
    from hub.operations.subject_topics import counted

    plain = {
        "subject": found.subject,
        "key": _key(found),
        "status": found.past.status,
        "objections": objections,
        "told_would_be": {party: len(ids) for party, ids in found.past.recipients.items()},
        "topics": {name: dict(counts) for name, counts in counted(found.seen).items()},
        "stores": {one.where: one.readable for one in found.stores},
    }
    if output is Output.JSON:
        print_json(plain)
    else:
        print_table(("topic", "readable", "erased", "envelope"), _topics(counted(found.seen)))
        told = plain["told_would_be"]
        print_table(("would be told", "was sent"), sorted(told.items()))  # type: ignore[union-attr]
        print_table(("database", "readable"), [(o.where, o.readable) for o in found.stores])
    note(f"The key of {found.subject}: {_key(found)}.")
    for one in objections:
        note(f"It may not be erased yet: {one}.")
    note("Nothing was changed. Do it with --yes --reason TEXT")


def _key(found: "Found") -> str:
    if found.held is None:
        return "there never was one"
    if found.held.destroyed_at is not None:
        return f"destroyed {found.held.destroyed_at:%Y-%m-%d %H:%M}"
    return f"made {found.held.made_at:%Y-%m-%d %H:%M}"


def _print(proof: "Proof", output: Output) -> None:
    if output is Output.JSON:
        print_json(_plain(proof))
    else:
        print_table(("topic", "readable", "erased", "envelope"), _topics(proof.topics))
        print_table(("database", "readable"), [(one.where, one.readable) for one in proof.stores])
    for topic, until in proof.readable_until.items():
        note(f"{topic}: readable until Kafka deletes it, {until:%Y-%m-%d} at the latest.")
    for file in proof.files or ():
        note(f"The person stands in {file}: whoever owns it erases it.")
    if proof.files is None:
        note("Files were not searched: nobody knows any more what stood there of the person.")
    for backup in proof.backups:
        note(f"Backup of the vault: {backup}. Make it anew, or keep no master key for it.")
    note("Nothing readable is left." if proof.holds else "Something readable is left.")


def _topics(topics: Any) -> Iterator[tuple[object, ...]]:  # noqa: ANN401 - counts by topic
    for name, counts in sorted(topics.items()):
        yield name, counts["readable"], counts["erased"], counts["envelope"]


def _plain(proof: "Proof") -> dict[str, Any]:
    at = proof.destroyed_at
    return {
        "subject": proof.subject,
        "erased": proof.holds,
        "destroyed_at": at.isoformat() if at else None,
        "told": dict(proof.told),
        "topics": {name: dict(counts) for name, counts in proof.topics.items()},
        "readable_until": {name: at.isoformat() for name, at in proof.readable_until.items()},
        "stores": {one.where: one.readable for one in proof.stores},
        "files": None if proof.files is None else [str(file) for file in proof.files],
        "backups": list(proof.backups),
    }
