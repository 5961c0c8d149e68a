"""hub verify: who signed and sealed what lies in a file, and whether that holds."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_text
from hub.errors import ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from hub.signing.verifying import Finding


def verify(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="What was delivered, as JSON; - for stdin.")
    ],
    *,
    keys: Annotated[
        Path | None, typer.Option(help="The registry of keys. Default: signatures.keys_file.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="de or en. Default: the setting monitor.language.")
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Print who signed what when with which key, and what the hub has sealed; exits 1 if not.

    Takes the body of a call, an item of a mailbox, a row of the inbox tables as JSON (with
    `proof` and `data`), or an event as its sender signed it: one, a list, or one a line. Asks
    nobody: the registry of keys is enough, years later. Content that lay encrypted is compared
    where the settings name the vault.
    """
    settings = opened(ctx)
    from hub import wiring
    from hub.signing.keys_file import load_keys
    from hub.signing.verifying import Unfit, items
    from hub.signing.verifying import verify as look
    from hub.signing.wording import LANGUAGES, sentence
    from hub.vault.encrypter import Again

    registry = keys or settings.signatures.keys_file
    if registry is None:
        remedy = "Name it: --keys keys.toml"
        raise ConfigError("There is no registry of keys.", where="--keys", remedy=remedy)
    spoken = language or settings.monitor.language.value
    if spoken not in LANGUAGES:
        raise UsageError("Use de or en.", where="--language")
    known, ring = load_keys(registry), wiring.keyring(settings)
    encrypt = None if ring is None else Again(ring)
    try:
        found = [list(look(item, known, encrypt)) for item in items(_read(file))]
    except Unfit as error:
        remedy = "Give a CloudEvent as JSON, or a row of the inbox tables."
        raise UsageError(f"There is nothing to verify: {error}.", where=file, remedy=remedy) from (
            error
        )
    names = {party.id: party.name for party in wiring.parties(settings).party}
    if output is Output.JSON:
        print_json([[_plain(one) for one in several] for several in found])
    else:
        for several in found:
            for one in several:
                print_text(sentence(one, spoken, names))
    if not all(one.found.is_good for several in found for one in several):
        note("Not all of it is proven.")
        raise typer.Exit(ExitCode.FAILED)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        remedy = "Name a file, or - for stdin."
        raise UsageError(f"Cannot read it: {error.strerror}.", where=file, remedy=remedy) from error


def _plain(one: "Finding") -> dict[str, object]:
    return {
        "what": one.what,
        "found": one.found,
        "party": one.party,
        "key": one.kid,
        "at": None if one.at is None else one.at.isoformat(),
        "signed": dict(one.said),
    }
