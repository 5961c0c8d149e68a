"""hub law: who may send what to whom, and the documents the law asks for."""

from dataclasses import asdict

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, print_json, print_table

app = typer.Typer(
    help="Who may send what to whom, and the documents the law asks for (in German).",
    no_args_is_help=True,
)
COLUMNS = ("event", "sender", "legal bases", "purposes", "recipients", "rules", "left out")


@app.command(epilog="Example: hub law matrix -o json")
def matrix(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print what each kind of party may send: on which power, for what, and to whom it goes."""
    settings = opened(ctx)
    from hub import wiring
    from hub.law.matrix import matrix as rows_of

    rows = list(rows_of(wiring.parties(settings)))
    if output is Output.JSON:
        print_json([asdict(row) for row in rows])
        return
    told = (
        (one.event_type, one.sender, one.legal_bases, one.purposes, one.recipients, one.rules)
        for one in rows
    )
    lines = (
        tuple(", ".join(cell) if isinstance(cell, tuple) else str(cell) for cell in row)
        for row in told
    )
    left_out = (", ".join(one.left_out) for one in rows)
    print_table(COLUMNS, ((*line, last) for line, last in zip(lines, left_out, strict=True)))


@app.command(epilog="Example: hub law record > verzeichnis.md")
def record(ctx: typer.Context) -> None:
    """Print the record of processing activities (GDPR Art. 30(2)) as Markdown."""
    _print(ctx, "record")


@app.command(epilog="Example: hub law retrieval > abrufverfahren.md")
def retrieval(ctx: typer.Context) -> None:
    """Print what must be laid down for a retrieval procedure (SGB X §79(2)) as Markdown."""
    _print(ctx, "retrieval")


@app.command(epilog="Example: hub law processor > anzeige.md")
def processor(ctx: typer.Context) -> None:
    """Print what is notified before a processor begins (SGB X §80(1)) as Markdown."""
    _print(ctx, "processor")


@app.command(epilog="Example: hub law retention > loeschkonzept.md")
def retention(ctx: typer.Context) -> None:
    """Print what is kept where, and for how long, with the settings of this hub."""
    _print(ctx, "retention")


def _print(ctx: typer.Context, which: str) -> None:
    settings = opened(ctx)
    from hub import wiring
    from hub.law.documents import Document, document

    typer.echo(document(Document(which), settings, wiring.parties(settings)), nl=False)
