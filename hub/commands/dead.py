"""hub dead: the dead letters; what lies there and why, sent again or put aside."""

from typing import Annotated

import typer

from hub.commands import dead_choice, dead_rows
from hub.commands.names import codes, event_types, offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ExitCode

app = typer.Typer(
    help="Look through dead letters, send them again, put them aside.", no_args_is_help=True
)
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="As `hub dead ls --each` names them.")
]
Code = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE",
        help="Those that died of this problem; may be repeated.",
        autocompletion=offered(codes),
    ),
]
Type = Annotated[
    str,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="Those of this event type.",
        autocompletion=offered(event_types),
    ),
]
Sender = Annotated[
    str,
    typer.Option(metavar="PARTY", help="Those of this sender.", autocompletion=offered(parties)),
]
All = Annotated[bool, typer.Option("--all", help="Every open letter.")]
Reason = Annotated[
    str,
    typer.Option(metavar="TEXT", help="Why, in words that name nobody; it is kept for 400 days."),
]
Apply = Annotated[
    bool, typer.Option("--apply", help="Do it; without it only show what would be done.")
]


@app.command(epilog="Example: hub dead ls --each")
def ls(
    ctx: typer.Context,
    *,
    each: Annotated[bool, typer.Option("--each", help="Each letter, not each cause.")] = False,
    output: As = Output.TABLE,
) -> None:
    """Show the dead letters by what they died of; their content stays covered."""
    settings = opened(ctx)
    from hub.letters import expiring
    from hub.letters.shelf import causes
    from hub.operations import dead_letters, watched

    kept = dead_letters.letters(settings)
    if output is Output.JSON:
        found = {"causes": [dead_rows.cause(one) for one in causes(kept)]}
        print_json(found | ({"letters": [dead_rows.letter(one) for one in kept]} if each else {}))
    elif each:
        print_table(dead_rows.EACH, (dead_rows.each_row(one) for one in kept))
    else:
        print_table(
            dead_rows.CAUSES, (tuple(dead_rows.cause(one).values()) for one in causes(kept))
        )
    note(f"{sum(one.status == 'open' for one in kept)} of {len(kept)} letters are open.")
    if going := expiring.expiring(kept, watched.now()):
        note(expiring.says(going))


@app.command(
    epilog="Example: hub dead show referrals.dead/2/15 --reveal --reason 'sender asks why'"
)
def show(
    ctx: typer.Context,
    letter: Annotated[str, typer.Argument(metavar="ID", help="As `hub dead ls --each` names it.")],
    *,
    reveal: Annotated[bool, typer.Option("--reveal", help="Uncover the content.")] = False,
    reason: Reason = "",
) -> None:
    """Show a letter as JSON: where it came from, why it died, whether it would be taken today.

    Its content is covered. To uncover it give a reason; who has read it, when and why is written
    down first.
    """
    settings = opened(ctx)
    from hub.letters import masking
    from hub.letters.journal import Act
    from hub.operations import dead_letters

    (one,) = dead_choice.found(dead_letters.letters(settings), [letter])
    if reveal:
        dead_choice.note_down(settings, Act.REVEALED, [letter], reason)
    content = masking.revealed if reveal else masking.masked
    codes = dead_letters.check(settings)(one.letter)
    print_json(
        dead_rows.letter(one)
        | {
            "attributes": one.letter.attributes,
            "came_in_at": f"{one.letter.topic}/{one.letter.partition}/{one.letter.offset}",
            "left_out": one.letter.left_out,
            "today": list(codes) or "would be taken, as far as it can be told without its case",
            "content": content(dead_letters.opening(settings)(one.letter.record)),
        }
    )


@app.command(epilog="Example: hub dead replay --code area-unknown --apply --reason 'place added'")
def replay(  # noqa: PLR0913 - ways to choose
    ctx: typer.Context,
    letters: Ids = None,
    *,
    code: Code = None,
    event_type: Type = "",
    sender: Sender = "",
    everything: All = False,
    per_second: Annotated[
        float, typer.Option(min=0.1, max=1000, help="How many are sent in a second.")
    ] = 20,
    reason: Reason = "",
    apply: Apply = False,
    output: As = Output.TABLE,
) -> None:
    """Send letters again, each where it came in, under its own id; only shown without --apply.

    Each is checked against today's contract first. The letters of a case go one by one, the next
    when the hub has judged the last; the later ones wait if one is refused again, or was not
    chosen. Ctrl-C stops it, and called again it goes on: what was delivered is never delivered
    twice. Exits 3 if something is left.
    """
    settings = opened(ctx)
    from hub.letters.replay import Fate, plan
    from hub.operations import dead_letters
    from hub.operations.replaying import Replay
    from hub.stopping import stop_on_signals

    kept = dead_letters.letters(settings)
    chosen = dead_choice.chosen(kept, letters, code, event_type, sender, everything=everything)
    steps = plan(kept, chosen, dead_letters.check(settings))
    if not apply:
        dead_rows.print_steps([dead_rows.step(one) for one in steps], output)
        sent = sum(one.fate is Fate.SEND for one in steps)
        note(f"{sent} of {len(steps)} would be sent; nothing was. Do it with --apply --reason TEXT")
        raise typer.Exit(ExitCode.OK if sent == len(steps) else ExitCode.DRIFT)
    dead_choice.check_reason(reason)
    ready = [one.letter for one in steps if one.fate is Fate.SEND]
    told = [dead_rows.step(one) for one in steps if one.fate is not Fate.SEND]
    for result in Replay(
        settings, ready, dead_letters.user(settings), reason, per_second, stop_on_signals()
    ).run():
        told.append(dead_rows.result(result))
        note(f"{len(told)} of {len(steps)}: {result.letter.id}")
    dead_rows.print_steps(told, output)
    done = sum(one["what"] == "replayed" for one in told)
    note(f"{done} of {len(steps)} were sent again and taken.")
    raise typer.Exit(ExitCode.OK if done == len(steps) else ExitCode.DRIFT)


@app.command(epilog="Example: hub dead discard referrals.dead/2/15 --apply --reason 'sent anew'")
def discard(  # noqa: PLR0913 - ways to choose
    ctx: typer.Context,
    letters: Ids = None,
    *,
    code: Code = None,
    event_type: Type = "",
    sender: Sender = "",
    reason: Reason = "",
    apply: Apply = False,
    output: As = Output.TABLE,
) -> None:
    """Put letters aside for good; only shown without --apply. Their bytes stay for 90 days."""
    settings = opened(ctx)
    from hub.letters.journal import Act
    from hub.operations import dead_letters

    kept = dead_letters.letters(settings)
    chosen = dead_choice.chosen(kept, letters, code, event_type, sender, everything=False)
    steps = [one for one in kept if one.letter.id in chosen and one.status == "open"]
    if apply:
        dead_choice.note_down(settings, Act.DISCARDED, [one.letter.id for one in steps], reason)
    what = "discarded" if apply else "discard"
    dead_rows.print_steps(
        [dead_rows.row(one.letter.id, one.letter.case, what, "") for one in steps], output
    )
    note(f"{len(steps)} discarded." if apply else "Nothing was. Do it with --apply --reason TEXT")
